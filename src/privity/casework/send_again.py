"""What a request that was sent back said, field by field, so that its sender mends it and does not write it anew."""

from collections.abc import Mapping

from privity.casework.case_file import CaseFile
from privity.casework.lifecycle import Status
from privity.errors import Mistaken
from privity.request.tracing_request import FactValue, TracingRequest

SENT_BACK = (Status.UNREADABLE, Status.RETURNED)
_SIGNED = ("countersigned_by", "countersigned_rank")


def fields_again(file: CaseFile) -> Mapping[str, str]:
    """Return the fields of a request that was sent back, as a form has them, without the countersignature.

    Whoever countersigned did so for what was sent; what is sent now is another request.
    Raises: Mistaken: it was not sent back.
    """
    if file.status not in SENT_BACK:
        raise Mistaken(
            "nothing was begun",
            why="the request was not sent back",
            next_step="look at the request again, or begin a new one",
        )
    fields = _written(file.tracing_request()) if file.asked else file.stated
    return {name: value for name, value in fields.items() if name not in _SIGNED}


def _written(request: TracingRequest) -> Mapping[str, str]:
    asked = request.particulars
    lines = {f"address_line_{number}": line for number, line in enumerate(asked.address_lines, start=1)}
    return {
        "your_reference": request.requester_reference,
        "officer": request.officer_name,
        "purpose": request.purpose,
        "items": ";".join(sorted(request.items)),
        "statement": request.statement,
        "urgency": request.urgency,
        "family_name": asked.family_name,
        "given_name": asked.given_name,
        "other_given_names": asked.other_given_names,
        "date_of_birth": asked.date_of_birth.isoformat() if asked.date_of_birth else "",
        "gender": asked.gender.value,
        "nhs_number": asked.nhs_number.digits if asked.nhs_number else "",
        "postcode": asked.postcode,
        **lines,
        **{name: _value(value) for name, value in request.facts.items()},
        **dict.fromkeys(request.declarations, "yes"),
    }


def _value(value: FactValue) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
