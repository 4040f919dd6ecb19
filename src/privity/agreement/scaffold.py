"""The files of a new agreement: small, complete, green, and in force for nobody until it is made.

Rules of the room:
- What is written reads well and passes its own cases from the first minute, so that every later fault is the
  author's last change.
- Nothing in it can govern: it is a draft, unpublished and unassessed, until its author says otherwise.
"""

import re
from collections.abc import Mapping
from datetime import date

from privity.definitions.reference import AgreementFamily
from privity.errors import Mistaken

_UNSAFE = re.compile(r"[\x00-\x1f\x7f\"\\\\]")


def scaffold(family: AgreementFamily, *, custodian: str, requester: str, today: date) -> Mapping[str, str]:
    """Return the files of a new family by path within its folder.

    Args:   custodian, requester: the parties in words. today: names the version and pins the statutes.
    Raises: Mistaken: a party's name holds a quotation mark, a backslash or a control character.
    """
    for party in (custodian, requester):
        if not party.strip() or _UNSAFE.search(party):
            raise Mistaken(
                "no agreement was made",
                why="a party's name is empty, or holds a quotation mark or a backslash",
                next_step="write the party's plain name",
            )
    version = f"{today.year:04d}-{today.month:02d}"
    words = {
        "family": family,
        "version": version,
        "custodian": custodian.strip(),
        "requester": requester.strip(),
        "today": today.isoformat(),
    }
    written = {
        "vocabulary.yaml": _VOCABULARY,
        "invariants.cedar": _INVARIANTS,
        "cases.yaml": _CASES,
        f"{version}/agreement.yaml": _AGREEMENT,
        f"{version}/policy.cedar": _POLICY,
        f"{version}/text.md": _TEXT,
    }
    return {path: _filled(text, words) for path, text in written.items()}


def _filled(text: str, words: Mapping[str, str]) -> str:
    for name, word in words.items():
        text = text.replace(f"<{name}>", word)
    return text


_VOCABULARY = """\
# Every word a request under this agreement may use. Only ever add words: an old request must stay readable.
family: <family>

# Who may ask. Short names, lower case, one for each body you will enrol.
organisations:
  requester: [first-requester]

# What they may ask for. One purpose for each lawful reason; a new reason is a new purpose.
purposes:
  first-purpose: to do the one thing this agreement is for

# Which data items may leave: a closed list. Leave out whatever the purpose does not need.
items:
  core: [name, last_known_address]

# What the requester states. Each is one question with a plain answer.
facts:
  serious_reason:
    type: yes-no
    words: Is there a serious reason, which the request explains?
    help: Say yes only if you could explain it to the person concerned.
    required_for: all

# What the requester affirms for this one person.
declared:
  this_person:
    words: The facts and declarations of this request were established for this person and not for a list.
    required_for: all

# What only a named person decides. The words of `ask` are put to them as they stand here.
judged:
  in_the_public_interest:
    kind: judgement
    by: [disclosure-officer, guardian]
    words: whether disclosure is in the public interest
    ask: >-
      Weighing what this disclosure would serve against the person's privacy and the trust of others: is it in the
      public interest to disclose the items listed?

# Grounds for a shorter clock.
exceptional:
  risk-to-life: a risk to somebody's life or of serious harm
"""
_INVARIANTS = """\
// What must never happen, whatever a version says. `privity agreement prove` shows that none is ever needed.

@id("never-clinical")
@clause("1")
@says("No clinical information leaves under any version.")
@consequence("refuse")
forbid (principal, action, resource in ItemClass::"clinical");

@id("never-without-judgement")
@clause("2")
@says("Nothing leaves unless a named person has found it in the public interest.")
@consequence("refuse")
forbid (principal, action, resource)
unless { context.judged.in_the_public_interest };
"""
_CASES = """\
# Worked cases: requests in a sentence, the outcome, and the clauses that carry it. Write yours from real letters,
# without names. `privity agreement test` tries them; `privity agreement examples --write` finds those you forgot.
cases:
  - case: "1"
    says: A complete request for the purpose of the agreement.
    source: our own
    purpose: first-purpose
    items: [core]
    facts: {serious_reason: yes}
    declarations: all
    expect:
      <version>: {standing: needs-judgement, cites: [public-interest], asks: [in_the_public_interest]}

  - case: "2"
    says: As 1, and the request gives no reason.
    source: our own
    like: "1"
    facts: {serious_reason: ~}
    expect:
      <version>: {standing: incomplete, cites: [serious-reason]}

  - case: "3"
    says: As 1, and found to be in the public interest.
    source: our own
    like: "1"
    judged: {in_the_public_interest: yes}
    expect:
      <version>: {standing: permitted, cites: [gateway.first-purpose]}
"""
_AGREEMENT = """\
version: <version>
title: Requests from <requester> to <custodian>
summary: >-
  <requester> may ask <custodian> for the items listed, for the purpose named. <custodian> decides, and may always
  refuse.
state: written
parties:
  - {role: custodian, words: "<custodian>"}
  - {role: requester, words: "<requester>"}
legal_basis:
  - what: The law that lets the custodian disclose for this purpose
    note: Name the Act and section, and mark it verified once counsel has confirmed it.
    verified: no
sources:
  - what: The signed agreement
    note: Say where the signed paper is kept.
    verified: no
effective_from: <today>T00:00:00+00:00
published_at: ~
# Nothing governs until these steps have a day and `published_at` is set.
making:
  consulted: {on: ~}
  data_protection: {on: ~}
  equality: {on: ~}
clock:
  working_days: 20
  urgent_working_days: ~
  calendar: england-and-wales
retention:
  days: 180
  words: No longer than is necessary for the purpose; then it is destroyed securely.
  verified: no
transport: secure mail, in both directions
decided_by: A disclosure officer of the custodian, twice over; on disagreement, the guardian
statutes_as_at: <today>
items: core
register:
  benefits: Say in one sentence who is better off for it.
  contact: Say whom the public may ask.
"""
_POLICY = """\
// <family>. Each permit is one lawful purpose; each condition is a clause of its own.

@id("gateway.first-purpose")
@clause("1.1")
@says("The requester may ask for the one purpose of this agreement.")
permit (principal in OrgGroup::"requester", action == Action::"Disclose", resource in ItemClass::"core")
when { context.purpose == Purpose::"first-purpose" };

@id("parties")
@clause("2.1")
@says("Only the requester named may ask.")
@consequence("refuse")
forbid (principal, action, resource)
unless { principal in OrgGroup::"requester" };

@id("closed-list")
@clause("3.1")
@says("Only the data items listed may leave.")
@consequence("refuse")
@cure("Ask for listed items only.")
forbid (principal, action, resource)
unless { resource in ItemClass::"core" };

@id("never-clinical")
@clause("3.2")
@says("Clinical information never leaves.")
@consequence("refuse")
forbid (principal, action, resource in ItemClass::"clinical");

@id("this-person")
@clause("4.1")
@says("Facts and declarations are given for each person, never for a list.")
@consequence("return")
@cure("Give the declarations for this person in a request of its own.")
forbid (principal, action, resource)
unless { context.declared.this_person };

@id("serious-reason")
@clause("5.1")
@says("There is a serious reason, which the request explains.")
@consequence("refuse")
@cure("Explain the serious reason.")
forbid (principal, action, resource)
unless { context.serious_reason == Answer::"yes" };

@id("public-interest")
@clause("6.1")
@says("The custodian discloses only what it finds to be in the public interest, and may always refuse.")
@consequence("refuse")
forbid (principal, action, resource)
unless { context.judged.in_the_public_interest };
"""
_TEXT = """\
# Requests from <requester> to <custodian>

Copy the signed words here, clause by clause. The number in the anchor is the number of the clause in `policy.cedar`.

## 1.1 Purpose {#c1.1}

The requester may ask for the one purpose of this agreement.

## 2.1 Parties {#c2.1}

Only the requester named may ask.

## 3.1 Data items {#c3.1}

Only the items listed may leave.

## 3.2 Clinical information {#c3.2}

Clinical information never leaves.

## 4.1 One person {#c4.1}

Facts and declarations are given for each person, never for a list.

## 5.1 Reason {#c5.1}

There is a serious reason, which the request explains.

## 6.1 Public interest {#c6.1}

The custodian discloses only what it finds to be in the public interest, and may always refuse.
"""
