"""The steps of a new request: which fields stand on which page, and how each is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from privity.definitions.item import DataItem, ItemClass
from privity.edge.web.drawing import begin
from privity.request.form import FieldKind, RequestField, RequestForm

STEPS = ("purpose", "person", "declarations", "items", "check")
LAST_STEP = "check"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One field on a page. `kind` is text, words, date, one-of or many-of; `choices` are value and words."""

    name: str
    words: str
    kind: str = "text"
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()


def step_words(step: str) -> str:
    """Return what a step is called."""
    return {
        "purpose": _("Purpose"),
        "person": _("Person"),
        "declarations": _("Facts and declarations"),
        "items": _("What you ask for"),
        "check": _("Check your answers"),
    }[step]


def fields_of(step: str, form: RequestForm, purpose: str) -> Sequence[Asked]:
    """Return the fields of one step.

    Args: purpose: the purpose chosen so far, which decides which facts are required.
    """
    match step:
        case "purpose":
            return _purpose(form)
        case "person":
            return _person()
        case "declarations":
            return [_asked(field, purpose) for field in form.fields]
        case "items":
            return [_items()]
        case _:
            return []


def step_of(column: str, form: RequestForm) -> str:
    """Return on which step a field stands, so that a problem leads to where it is mended."""
    for step in STEPS[:-1]:
        if any(asked.name == column for asked in fields_of(step, form, "")):
            return step
    return STEPS[0]


def typed(step: str, form: RequestForm, posted: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return what was filled in on a step, by field; a list of choices is one text, as in a file."""
    return {
        asked.name: ";".join(posted.get(asked.name, ())) if asked.kind == "many-of" else _last(posted.get(asked.name))
        for asked in fields_of(step, form, "")
    }


def shown(asked: Asked, value: str) -> str:
    """Return what was filled in as a person reads it: the words of a choice, not its value."""
    known = dict(asked.choices)
    told = ", ".join(known.get(one, one) for one in (value.split(";") if asked.kind == "many-of" else [value]) if one)
    return begin(told) if known else told


def _last(values: Sequence[str] | None) -> str:
    return values[-1].replace("\r\n", "\n").strip() if values else ""


def _purpose(form: RequestForm) -> list[Asked]:
    asked = [
        Asked(name="your_reference", words=_("Your reference"), hint=_("Your own number of this inquiry.")),
        Asked(name="purpose", words=_("What do you need it for?"), kind="one-of", choices=_choices(form.purposes)),
        Asked(
            name="statement",
            words=_("Why is it needed?"),
            kind="words",
            hint=_("In your own words. Whoever decides reads this as you write it."),
        ),
    ]
    if form.exceptional:
        choices = (("", _("No, the ordinary time will do")), *_choices(form.exceptional))
        asked.append(Asked(name="urgency", words=_("Is it urgent?"), kind="one-of", choices=choices))
    return asked


def _person() -> list[Asked]:
    genders = (("", _("Not known")), ("female", _("Female")), ("male", _("Male")), ("other", _("Other")))
    return [
        Asked(name="family_name", words=_("Family name")),
        Asked(name="given_name", words=_("Given name")),
        Asked(name="other_given_names", words=_("Other given names")),
        Asked(name="date_of_birth", words=_("Date of birth"), hint=_("For example, 04/05/1979.")),
        Asked(name="gender", words=_("Gender"), kind="one-of", choices=genders),
        Asked(name="nhs_number", words=_("NHS number"), hint=_("Ten digits, if you know it.")),
        Asked(name="address_line_1", words=_("Address you hold, line 1")),
        Asked(name="address_line_2", words=_("Line 2")),
        Asked(name="address_line_3", words=_("Line 3")),
        Asked(name="postcode", words=_("Postcode")),
    ]


def _items() -> Asked:
    # What says something about health can leave under no agreement, so it is not offered.
    choices = tuple((item.value, item.words) for item in DataItem if item.item_class is ItemClass.DEMOGRAPHIC)
    hint = _("Ask only for what you need. What the agreement does not let leave is left out.")
    return Asked(name="items", words=_("Which details do you need?"), kind="many-of", hint=hint, choices=choices)


def _asked(field: RequestField, purpose: str) -> Asked:
    hint = field.help or (_("Needed for this purpose.") if purpose in field.required_for else "")
    match field.kind:
        case FieldKind.YES_NO:
            yes_no = (("yes", _("Yes")), ("no", _("No")))
            return Asked(name=field.name, words=field.words, kind="one-of", hint=hint, choices=yes_no)
        case FieldKind.ONE_OF:
            listed = (("", ""), *_choices(field.choices))
            return Asked(name=field.name, words=field.words, kind="select", hint=hint, choices=listed)
        case FieldKind.WHOLE_NUMBER:
            return Asked(name=field.name, words=field.words, hint=hint)


def _choices(pairs: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((str(value), words) for value, words in pairs)
