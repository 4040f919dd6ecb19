"""Letters and mails in the language of whoever gets them: chosen on record, with its words, and kept as it was then."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from tests.fakes.corridor import ADMINISTRATORS, FIRST, KENT, SECOND, Corridor, asker
from tests.functional.pseudo_language import CLOSING, OPENING, marked, write_catalogue

from privity.casework.languages import PEOPLE, SENTENCES
from privity.casework.letters import Letter, LetterKind
from privity.definitions.language import ENGLISH
from privity.definitions.party import OrganisationId
from privity.definitions.reference import CaseReference
from privity.edge.demonstration.setting_up import publish_until
from privity.edge.settings.shelf import default_shelf, shelf_files
from privity.errors import Mistaken, Unavailable

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance

WELSH = "cy"
SENDER, MAILBOX = "gateway@custodian.example", "tracing@kent.example"


def translated(instance: "Instance", words: Mapping[str, str]) -> None:
    write_catalogue(instance.data.root, WELSH, dict(words))


def choose(instance: "Instance", corridor: Corridor, code: str = WELSH, organisation: str = KENT) -> None:
    instance.languages.choose(organisation, code, by=ADMINISTRATORS[0], at=corridor.tick())


def refused(corridor: Corridor) -> CaseReference:
    reference = corridor.received()
    for who in (FIRST, SECOND):
        corridor.view(reference, who, False)
    return reference


def written(instance: "Instance", corridor: Corridor, reference: CaseReference) -> Letter:
    return instance.letters.letter(reference, LetterKind.REFUSAL, by=asker(KENT), at=corridor.now)


def every_word(letter: Letter) -> list[str]:
    parts = [
        (
            part.heading,
            *part.lines,
            *part.points,
            *(name for name, _ in part.terms),
            *(value for _, value in part.terms),
        )
        for part in letter.parts
    ]
    return [letter.title, letter.foot, *(name for name, _ in letter.about), *(word for part in parts for word in part)]


@pytest.fixture
def published(corridor: Corridor, instance: "Instance") -> "Instance":
    """Return the instance with every agreement published."""
    begins, now = datetime(2017, 1, 2, tzinfo=UTC), datetime.now(UTC) - timedelta(days=30)  # noqa: TID251  as the served pages do
    publish_until(instance, begins, after=datetime(1, 1, 1, tzinfo=UTC))
    publish_until(instance, now, after=begins)
    corridor.agreements = instance.agreements  # type: ignore[assignment]  # the published ones in place of the shelf
    corridor.now = now
    return instance


class Pigeon:
    """Carries mails nowhere and keeps them."""

    def __init__(self) -> None:
        self.carried: list[bytes] = []

    def tell(self, mail: bytes, address: str) -> None:
        self.carried.append(mail)


def test_every_word_of_ours_in_a_mail_is_in_the_language_chosen_for_the_organisation(
    corridor: Corridor, instance: "Instance"
) -> None:
    translated(instance, {sentence: marked(sentence) for sentence in SENTENCES})
    instance.notifier.set_contact(KENT, MAILBOX, by=ADMINISTRATORS[0], at=corridor.tick())
    choose(instance, corridor)
    first, second = corridor.received(), corridor.received()
    corridor.ask(second)
    pigeon = Pigeon()
    instance.notifier.send(pigeon, sender=SENDER, gateway="https://gateway.example/", at=corridor.tick())
    (mail,) = pigeon.carried
    read = message_from_bytes(mail)
    subject = str(make_header(decode_header(read["Subject"])))
    payload = read.get_payload(decode=True)
    assert isinstance(payload, bytes)
    body = payload.decode()
    assert (read["Content-Language"], read["Content-Transfer-Encoding"]) == (WELSH, "base64")
    assert subject.startswith(OPENING)
    assert subject.endswith(CLOSING)
    assert marked("A question waits for you") in body
    assert marked("Requests were received") in body or marked("A request was received") in body
    assert first in body
    assert all(len(line) <= 998 for line in mail.split(b"\r\n"))
    depth, loose = 0, ""
    for letter in body:
        depth += letter == OPENING
        loose += letter if not depth and letter.isalpha() else ""
        depth -= letter == CLOSING
    assert loose == "", "a word that went through no translation"


def test_a_mail_is_the_same_letters_at_every_attempt_whatever_is_chosen_meanwhile(
    corridor: Corridor, instance: "Instance"
) -> None:
    translated(instance, {"A request was received": "Daeth cais i law"})
    instance.notifier.set_contact(KENT, MAILBOX, by=ADMINISTRATORS[0], at=corridor.tick())
    corridor.received()
    instance.notifier.gather(corridor.tick())
    choose(instance, corridor)
    pigeon = Pigeon()
    instance.notifier.send(pigeon, sender=SENDER, gateway="", at=corridor.tick())
    assert b"Subject: Privity: A request was received\r\n" in pigeon.carried[0], "it was made before"
    corridor.received()
    instance.notifier.send(pigeon, sender=SENDER, gateway="", at=corridor.tick())
    assert b"Subject: Privity: Daeth cais i law\r\n" in pigeon.carried[1]
    assert b"Content-Transfer-Encoding: 7bit" in pigeon.carried[1], "plain letters travel as they are"


def test_a_letter_keeps_its_language_and_its_words_for_ever(corridor: Corridor, published: "Instance") -> None:
    before = refused(corridor)
    translated(published, {"Your request is refused": "Gwrthodwyd eich cais", "May": "Mai"})
    choose(published, corridor)
    assert written(published, corridor, before).language == ENGLISH, "a letter of a day before or of that day stays"
    corridor.now += timedelta(days=1)
    later = refused(corridor)
    letter = written(published, corridor, later)
    assert (letter.language, letter.title) == (WELSH, "Gwrthodwyd eich cais")
    assert letter.parts[0].heading == "What was decided", "what nobody translated stays English"
    translated(published, {"Your request is refused": "Something else"})
    choose(published, corridor)
    corridor.now += timedelta(days=1)
    assert written(published, corridor, later) == letter
    assert written(published, corridor, before).title == "Your request is refused"
    assert written(published, corridor, refused(corridor)).title == "Something else"
    choose(published, corridor, ENGLISH)
    corridor.now += timedelta(days=1)
    assert written(published, corridor, refused(corridor)).language == ENGLISH


def test_every_word_of_ours_in_a_letter_is_in_its_language_and_what_the_agreement_says_is_quoted(
    corridor: Corridor, published: "Instance"
) -> None:
    translated(published, {sentence: marked(sentence) for sentence in SENTENCES})
    choose(published, corridor)
    corridor.now += timedelta(days=1)
    reference = refused(corridor)
    letter = written(published, corridor, reference)
    file = corridor.read(reference)
    around = published.letters.letter(reference, LetterKind.REFUSAL, by=asker(KENT), at=corridor.now)
    theirs = (dict(around.parts[0].terms)[marked("Purpose stated")],)
    clauses = [point for part in letter.parts for point in part.points]
    loose = [one for one in every_word(letter) if OPENING not in one and one not in theirs and one not in clauses]
    assert (file.status.value, loose) == ("refused", [])
    assert all(OPENING in point for point in clauses), "the rule's number is told in its language"


@pytest.mark.parametrize(
    "wrong",
    [
        {"due on": "due on %(day)s"},
        {"%(day)s %(month)s %(year)s": "%(day)s %(month)s"},
        {"What to do: %(what)s": "Do: %(what)d"},
    ],
)
def test_a_translation_that_would_be_filled_in_wrongly_is_refused_by_name_and_nothing_changes(
    corridor: Corridor, instance: "Instance", wrong: dict[str, str]
) -> None:
    translated(instance, wrong)
    (sentence,) = wrong
    with pytest.raises(Mistaken) as refusal:
        choose(instance, corridor)
    assert sentence in refusal.value.why
    assert instance.languages.chosen() == []


def test_a_language_without_a_translation_a_broken_one_and_a_stranger_are_refused(
    corridor: Corridor, instance: "Instance"
) -> None:
    translated(instance, {"Date": "Dyddiad"})
    for code in ("fr", "../cy", "", "CY"):
        with pytest.raises(Mistaken, match="language"):
            choose(instance, corridor, code)
    with pytest.raises(Mistaken, match="language"):
        choose(instance, corridor, organisation="nobody-known")
    with pytest.raises(Mistaken):
        instance.languages.choose(KENT, WELSH, by=FIRST, at=corridor.tick())
    choose(instance, corridor, organisation=PEOPLE)
    with pytest.raises(Mistaken, match="already"):
        choose(instance, corridor, organisation=PEOPLE)
    place = instance.data.translation(WELSH)
    assert place is not None
    place.write_bytes(b"not a catalogue")
    with pytest.raises(Unavailable, match="cannot be read"):
        choose(instance, corridor)


def test_sealed_papers_are_written_in_what_was_chosen_before_the_moment_of_sealing(
    corridor: Corridor, instance: "Instance"
) -> None:
    translated(instance, {"Answer": "Ateb", "Destroy by": "Dinistrio erbyn"})
    before = corridor.tick()
    choose(instance, corridor)
    after = corridor.tick()
    assert instance.sealer.tongue(OrganisationId(KENT), before).say("Answer") == "Answer"
    assert instance.sealer.tongue(OrganisationId(KENT), after).say("Answer") == "Ateb"
    assert instance.sealer.tongue(OrganisationId(KENT), after).say("Terms") == "Terms", (
        "what nobody translated stays English"
    )


def test_how_much_stays_english_is_told_to_whoever_chooses(corridor: Corridor, instance: "Instance") -> None:
    translated(instance, {"Date": "Dyddiad", "Case": "Achos"})
    choose(instance, corridor)
    (chosen,) = instance.languages.chosen()
    assert (chosen.organisation, chosen.language, chosen.translated, chosen.of) == (KENT, WELSH, 2, len(SENTENCES))
    assert datetime.fromisoformat(chosen.since) <= corridor.now


def test_an_agreements_words_are_read_in_welsh_beside_the_text_in_force_and_cited_in_english(
    corridor: Corridor, instance: "Instance", monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.test import Client

    from privity.edge.web import door, situation

    shelf = shelf_files(default_shelf())
    text = shelf["police"]["2017-01/text.md"]
    welsh = "\n".join(line if line.startswith("#") or not line else f"Cymraeg {line}" for line in text.split("\n"))
    told = f"Translation of text.md, SHA-256 {sha256(text.encode()).hexdigest()}\n\n{welsh}"
    shelf["police"] = {**shelf["police"], "2017-01/translations/cy.md": told}
    monkeypatch.setattr("privity.edge.demonstration.setting_up.shelf_files", lambda _: shelf)
    publish_until(instance, datetime(2017, 1, 2, tzinfo=UTC), after=datetime(1, 1, 1, tzinfo=UTC))
    corridor.agreements = instance.agreements  # type: ignore[assignment]  # the published ones in place of the shelf
    door.open_with(instance.desk, requester_desk=instance.requester_desk, made_up=True)
    address, marked_so = "/agreements/police/2017-01/", "It is not the text in force."
    english = Client(SERVER_NAME="localhost").get(address).content.decode()
    assert (marked_so in english, "Cymraeg" in english) == (False, False)
    monkeypatch.setattr(situation, "get_language", lambda: WELSH)
    page = Client(SERVER_NAME="localhost").get(address).content.decode()
    assert marked_so in page
    clause, alone = (text.split('id="c4.3"')[1].split("</section>")[0] for text in (page, english))
    in_force = re.findall(r'<p class="desk-quoted">(.*?)</p>', alone)
    assert f'<p class="nhsuk-u-reading-width">Cymraeg {in_force[0]}</p>' in clause
    assert clause.index('lang="cy"') < clause.index(f'<p class="desk-quoted">{in_force[0]}</p>'), "both, one by one"
    letter = written(instance, corridor, refused(corridor))
    assert "Cymraeg" not in " ".join(every_word(letter))
