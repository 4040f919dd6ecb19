"""Ending a suspension: put forward by an administrator, confirmed by the guardian, published like the suspension was.

Rules of the module:
- Only what the second person saw is done: the act of that name, in the files of that digest, for those reasons.
- The act stays in the files for good, with the moment it ended; whoever asks about an earlier day is told that it held.
- Held cases are asked about again by themselves, each in a transaction of its own: where the agreement is in force they
  go on, where it has ended meanwhile they are refused.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from privity.agreement.in_force import Held
from privity.agreement.reading import read_family
from privity.agreement.version import Instrument, InstrumentKind
from privity.casework.account_records import Change, Outcome
from privity.casework.assess import assess_case
from privity.casework.calling import heading
from privity.casework.enrol import publish
from privity.casework.keeper import CasesUnder, SuspendedLine
from privity.casework.lifecycle import Status
from privity.definitions.day import civil_day
from privity.definitions.party import Officer
from privity.definitions.reference import AgreementFamily, CaseReference
from privity.edge.store.case_rows import Opening, State
from privity.edge.store.people_rows import Proposal
from privity.edge.store.unit_of_work import Store, Unit
from privity.edge.wiring.published import PublishedAgreements
from privity.edge.wiring.shelf import digest
from privity.edge.wiring.situation import LIFTED, requester_words
from privity.edge.wiring.suspending import published_files
from privity.errors import Mistaken, PrivityError
from privity.judgement.determination import LONGEST_REASONS, SHORTEST_REASONS
from privity.request.due import british


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """How many held cases went on, why others did not, by case, and how many nobody has come to yet."""

    moved: int
    stuck: Mapping[CaseReference, str]
    left: int


def suspensions(agreements: PublishedAgreements, at: datetime) -> Sequence[SuspendedLine]:
    """Return every suspension that binds now, by its agreement."""
    waits = {
        (row.about, json.loads(row.content)["name"])
        for row in Proposal.objects.filter(change=Change.RESUMPTION.value, outcome=Outcome.WAITING.value)
    }
    return [
        SuspendedLine(
            family=name,
            requester=heading(requester_words(agreements, name)),
            name=act.name,
            title=act.title,
            says=act.says,
            since=act.effective_from,
            waits=(name, act.name) in waits,
            sets_going=cases_under(name, at),
        )
        for name in sorted(agreements.families())
        if (act := _binding(agreements, name, at)) is not None
    ]


def cases_under(family: str, at: datetime) -> CasesUnder:
    """Return what the end of a family's suspension would set going now."""
    ours = State.objects.filter(reference__in=Opening.objects.filter(family=family).values("reference"))
    held = ours.filter(status=Status.HELD.value)
    elsewhere = [status.value for status in Status if status.is_closed or status is Status.HELD]
    return CasesUnder(
        held=held.count(),
        late=held.filter(due__gt="", due__lt=civil_day(at).isoformat()).count(),
        untouched=ours.exclude(status__in=elsewhere).count(),
    )


def proposed_lifting(agreements: PublishedAgreements, family: str, reasons: str, at: datetime) -> dict[str, str]:
    """Return what a proposal to end an agreement's suspension says.

    Raises: Mistaken: it is not suspended.
    """
    act = _binding(agreements, family, at)
    if act is None:
        raise _not_lifted("the agreement is not suspended", "look at how it stands")
    return {"name": act.name, "sha256": digest(published_files(family)), "reasons": " ".join(reasons.split())}


def must_be_liftable(
    agreements: PublishedAgreements, family: str, content: Mapping[str, str], at: datetime
) -> Mapping[str, str]:
    """Return the files that say the suspension is over, or raise.

    Raises: Mistaken: it does not bind, the files are others by now, or the reasons are too short or too long.
    """
    act, said, files = _binding(agreements, family, at), content["reasons"], published_files(family)
    if act is None or act.name != content["name"]:
        raise _not_lifted("that suspension does not bind any more", "look at how the agreement stands")
    if digest(files) != content["sha256"]:
        raise _not_lifted("something else was published of this agreement meanwhile", "put it forward again")
    if said != " ".join(said.split()) or not SHORTEST_REASONS <= len(said) <= LONGEST_REASONS:
        raise _not_lifted(
            f"the reasons hold {len(said)} characters, not {SHORTEST_REASONS} to {LONGEST_REASONS}",
            "say why, in words that everybody may read",
        )
    lifted = _lifted(files, act.name, said, at)
    ended = next(one for one in read_family(lifted).instruments if one.name == act.name)
    if ended.lifted_at is None or ended.binds(at):
        raise _not_lifted("its file does not end where the end would be written", "ask whoever wrote the file")
    return lifted


def lift_suspension(
    unit: Unit,
    agreements: PublishedAgreements,
    family: str,
    content: Mapping[str, str],
    *,
    by: Officer,
    seconded_by: Officer,
    at: datetime,
) -> None:
    """Publish that a suspension is over, from this moment on.

    Raises: Mistaken: see `must_be_liftable`; or one person does it alone.
    """
    publish(
        unit,
        family=family,
        number=agreements.publications(family) + 1,
        kind="resumption",
        name=content["name"] + LIFTED,
        sha256=agreements.keep(must_be_liftable(agreements, family, content, at)),
        in_force_from=civil_day(at),
        by=by,
        seconded_by=seconded_by,
        at=at,
    )


def move_held_cases(store: Store, agreements: PublishedAgreements, at: datetime, *, most: int | None = None) -> Moved:
    """Ask the agreement again about every held case whose agreement is suspended no more."""
    held = State.objects.filter(status=Status.HELD.value).values("reference")
    openings = Opening.objects.filter(reference__in=held).order_by("entry").values_list("reference", "family")
    free: dict[str, bool] = {}
    moved, left, stuck = 0, 0, dict[CaseReference, str]()
    for reference, family in openings:
        if family not in free:
            free[family] = not isinstance(agreements.governing(AgreementFamily(family), at), Held)
        if not free[family]:
            continue
        if most is not None and moved >= most:
            left += 1
            continue
        case = CaseReference(reference)
        try:
            with store.unit() as unit:
                if unit.case(case).status is Status.HELD:
                    assess_case(unit, agreements, case, at=at)
        except PrivityError as refused:
            stuck[case] = refused.why
        else:
            moved += 1
    return Moved(moved=moved, stuck=stuck, left=left)


def _binding(agreements: PublishedAgreements, family: str, at: datetime) -> Instrument | None:
    governing = agreements.governing(AgreementFamily(family), at)
    if not isinstance(governing, Held) or governing.instrument.kind is not InstrumentKind.QUEUE:
        return None
    return governing.instrument


def _lifted(files: Mapping[str, str], name: str, reasons: str, at: datetime) -> dict[str, str]:
    """Return the files with the end of an act written into it: one more key, and a paragraph in its words."""
    page, words = f"instruments/{name}/instrument.yaml", f"instruments/{name}/text.md"
    end = f"lifted_at: {at.replace(microsecond=0).isoformat()}\n"
    told = f"\n## Lifted on {british(civil_day(at))}\n\n{reasons}\n"
    return {**files, page: files[page].rstrip("\n") + "\n" + end, words: files[words].rstrip("\n") + "\n" + told}


def _not_lifted(why: str, next_step: str) -> Mistaken:
    return Mistaken("the suspension was not lifted", why=why, next_step=next_step)
