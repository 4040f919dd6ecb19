"""Words that say what somebody's care was, where it was given, or why: nothing that leaves as a debt may hold one.

Rules of the module:
- A text is read as its readers would: accents, widths, invisible letters and signs between words do not hide a word.
- What stands in a text is never repeated; only its kind is told, so that a message names no illness either.
- A surname is nobody's diagnosis: in names and addresses only words that cannot be part of one are found. `Ward` is a
  family name, and people live in `Hospital Road`.
- A word too many is mended by a person in a minute; a word too few cannot be taken back. So free text is read strictly.

Source: domain.md 4: no health information is reported; the guidance has a step for health information received by
mistake. The lists are ours; a custodian adds its own words (casework/kept_out.py).
"""

import re
import unicodedata
from enum import StrEnum

from privity.errors import Mistaken


class TextKind(StrEnum):
    """Where a text stands, which decides how strictly it is read."""

    NAME = "name"
    """A person's name."""
    ADDRESS = "address"
    """A line of an address."""
    REFERENCE = "reference"
    """A number or code: of an invoice, a passport, another office."""
    FREE = "free"
    """Anything somebody wrote in their own words."""


class HealthWord(StrEnum):
    """What kind of word was found."""

    PLACE = "a place of care"
    """A ward, a clinic, a department."""
    SPECIALTY = "a specialty or a profession"
    """What kind of doctor or care."""
    ILLNESS = "an illness, an injury or a treatment"
    """Why somebody was there, or what was done."""
    CODE = "a code of care"
    """A code that stands for a diagnosis, a procedure or a price of care."""
    OWN = "a word that this custodian keeps out"
    """A word that is in no shipped list: the custodian's own."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SPECIALTIES = _words(
    """anaesthesia anaesthetic anaesthetics antenatal audiology cardiac cardiology cardiothoracic chemotherapy
    colorectal dental dentistry dermatology dialysis endocrinology endoscopy ent gastroenterology genitourinary
    geriatric geriatrics gynae gynaecology haematology hepatology maternity midwife midwifery midwives neonatal
    nephrology neurology neurosurgery obstetric obstetrics oncologist oncology ophthalmology orthopaedic
    orthopaedics paediatric paediatrics palliative pathology physiotherapy postnatal prenatal psychiatric
    psychiatrist psychiatry psychological psychology radiology radiotherapy renal respiratory rheumatology urology
    vascular virology"""
)
_PROFESSIONS = _words(
    """consultant consultants consultation doctor nurse nurses nursing physician specialist
    specialities speciality specialties specialty surgeon surgeons surgery surgical
    therapist"""
)
_PLACES = _words(
    """casualty clinic clinics hospice hospital hospitals icu infirmary inpatient itu nicu outpatient outpatients
    theatre ward wards"""
)
_ILLNESSES = _words(
    """abortion aids anaemia appendicitis arthritis asthma autism bipolar cancer cancerous chemo cholera cirrhosis covid
    dementia depression diabetes diabetic diagnosed diagnosis diphtheria disability disabled disease ectopic epilepsy
    epileptic fertility fibroids fracture haemorrhage hepatitis hernia hiv hysterectomy illness infected infection
    influenza injured injuries injury ivf leprosy leukaemia lymphoma malaria measles medication medicine meningitis
    mental miscarriage mri mutilation operation overdose pneumonia pregnancy pregnant prescription psychosis
    radiotherapy rabies schizophrenia scan screening sepsis sexual sickle stillbirth stroke suicidal suicide symptom
    symptoms syphilis termination thalassaemia therapy transplant trauma treated treatment tuberculosis tumour typhoid
    ultrasound vaccination vaccine wound xray"""
)
_STAYS = _words(
    "admission admitted appointment attended attendance baby birth childbirth discharge discharged hrg icd opcs snomed"
)
_NEVER_A_NAME = (_SPECIALTIES | _ILLNESSES | {"clinic", "hospital", "infirmary", "hospice", "outpatients"}) - {
    "aids",
    "dental",
    "ent",
    "hernia",
    "medicine",
    "operation",
    "scan",
    "stroke",
}
_STREETS = _words(
    """approach avenue bank bridge close corner court crescent cross drive end field fields gardens gate green grove
    hill house lane mews mount park parade place rise road row square street terrace view walk way wood yard"""
)
_ABBREVIATIONS = _words(
    """AE CAMHS CCU CHEMO ED ENT EPAU EPU GUM GYN GYNAE HAEM HDU HIV ICU ITU IVF MAT MATERNITY NEURO NICU OBS ONC ONCO
    ORTHO PAED PAEDS PICU PSYCH RENAL SCBU STD STI TB"""
)
_ANYWHERE = frozenset(word for word in _SPECIALTIES | _ILLNESSES if len(word) >= 9)
"""Words so long that they are found inside others too: no plain word holds them."""
_CODES = (
    re.compile(r"(?<![A-Z0-9])[A-TV-Z][0-9]{2}\.[0-9X][0-9A-Z]?(?![A-Z0-9])"),
    re.compile(r"(?<![A-Z0-9])[A-Z]{2}[0-9]{2}[A-Z](?![A-Z0-9])"),
)
"""A diagnosis or procedure with its decimal, and a group of care that is priced together."""
SHORTEST_OWN, LONGEST_OWN = 3, 40
_WORD = re.compile(r"[a-z0-9]+(?:&[a-z])?")


SHIPPED = _SPECIALTIES | _PROFESSIONS | _PLACES | _ILLNESSES | _STAYS
"""Every word of the lists that ship."""


def read_own_word(text: str) -> str:
    """Return a custodian's own word as it is looked for.

    Raises: Mistaken: it is not one word, or too short or too long.
    """
    words = _words_of(_plain(text))
    if len(words) != 1 or not SHORTEST_OWN <= len(words[0]) <= LONGEST_OWN:
        raise Mistaken(
            "the words were not changed",
            why=f"it is not one word of {SHORTEST_OWN} to {LONGEST_OWN} letters or digits",
            next_step="write one word; add several one by one",
        )
    return words[0]


def own_word(text: str, kind: TextKind, own: frozenset[str]) -> HealthWord | None:
    """Return whether one of a custodian's own words stands in a text; a name is read by the shipped list alone."""
    if kind is TextKind.NAME or not own:
        return None
    found = _words_of(_plain(text))
    return HealthWord.OWN if any(word in own or word.removesuffix("s") in own for word in found) else None


def _words_of(plain: str) -> list[str]:
    return re.findall(r"[^\W_]+", plain.casefold())


def health_word(text: str, kind: TextKind) -> HealthWord | None:
    """Return what kind of word about health stands in a text, or None."""
    plain = _plain(text)
    words = _WORD.findall(plain.casefold().replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", ""))
    if kind in (TextKind.FREE, TextKind.REFERENCE) and any(code.search(plain.upper()) for code in _codes_of(kind)):
        return HealthWord.CODE
    match kind:
        case TextKind.NAME:
            return _first_kind(words, _NEVER_A_NAME)
        case TextKind.ADDRESS:
            return _in_address(words)
        case TextKind.REFERENCE:
            return _in_reference(plain) or _first_kind(words, _SPECIALTIES | _ILLNESSES | _PLACES)
        case TextKind.FREE:
            return _in_free_text(plain, words)


def _codes_of(kind: TextKind) -> tuple[re.Pattern[str], ...]:
    # A passport or an invoice may have the form of a priced group by chance; its decimal form is no chance.
    return _CODES if kind is TextKind.FREE else _CODES[:1]


def _plain(text: str) -> str:
    """Return a text without accents and invisible letters, in plain widths."""
    spread = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in spread if unicodedata.category(letter) not in ("Mn", "Cf", "Me"))


def _kind_of(word: str) -> HealthWord | None:
    for known in (word, word.removesuffix("s")):
        if known in _SPECIALTIES or known in _PROFESSIONS:
            return HealthWord.SPECIALTY
        if known in _PLACES or known == "a&e":
            return HealthWord.PLACE
        if known in _ILLNESSES or known in _STAYS:
            return HealthWord.ILLNESS
    if any(held in word for held in _ANYWHERE):
        return HealthWord.ILLNESS
    return None


def _first_kind(words: list[str], among: frozenset[str]) -> HealthWord | None:
    wanted = (word for word in words if word in among or any(held in word for held in _ANYWHERE))
    return next((kind for word in wanted if (kind := _kind_of(word)) is not None), None)


def _in_free_text(plain: str, words: list[str]) -> HealthWord | None:
    found = next((kind for word in words if (kind := _kind_of(word)) is not None), None)
    return found or _in_reference(plain)


def _in_reference(plain: str) -> HealthWord | None:
    capitals = set(re.findall(r"[A-Z]+(?![a-z])", plain.replace("&", "")))
    return HealthWord.SPECIALTY if capitals & _ABBREVIATIONS else None


def _in_address(words: list[str]) -> HealthWord | None:
    """Return what is found in a line of an address: a street may be called after a hospital, a home may not be one."""
    for place, word in enumerate(words):
        after = words[place + 1 : place + 3]
        if word in ("ward", "wards") and (not after or after[0].isdigit() or len(after[0]) == 1):
            return HealthWord.PLACE
        if word in _PLACES - {"ward", "wards", "theatre", "casualty"} and not set(after) & _STREETS:
            return HealthWord.PLACE
        if word in _NEVER_A_NAME - _PLACES or any(held in word for held in _ANYWHERE) or word == "nursing":
            return _kind_of(word)
    return None
