"""Names, postcodes and first address lines as the tracer compares them.

Rules of the room:
- Accents, apostrophes, hyphens and capitals carry no meaning here; the register keeps the name as written.
- Titles are not names. `O Brien` and `Mc Donald` are one word; `Smith-Jones` and `Abdul Rahman` are two.
- Small words (`de`, `bin`, `van`) are dropped unless nothing else is left: a family may be called Van.
"""

import re
import unicodedata
from functools import lru_cache
from hashlib import blake2b

_LETTERS = str.maketrans(
    {
        "ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ı": "i",
        "ħ": "h", "ə": "a", "ŋ": "n",
        "ʻ": "", "ʼ": "", "ʿ": "", "ʾ": "", "'": "", "’": "", "‘": "", "`": "", "´": "",
    }
)  # fmt: skip
_WORDS = re.compile(r"[^\W\d_]+")
_TITLE_WORDS = """
mr mrs ms miss mx dr doctor prof professor rev reverend sir dame lord lady master jr snr haji hajji sheikh
"""
_SMALL_WORDS = "de da do dos das del della di du la le van von der den ter bin ibn bint al el ul ur e y"
_TITLES = frozenset(_TITLE_WORDS.split())
_PARTICLES = frozenset(_SMALL_WORDS.split())
_JOINED = frozenset({"o", "mc", "mac"})


@lru_cache(maxsize=65_536)
def name_tokens(text: str) -> tuple[str, ...]:
    """Return the words of a name in lower case without accents, in the order written; empty for no name."""
    words = _join_prefixes(_WORDS.findall(plain_letters(text)))
    named = [word for word in words if word not in _TITLES] or words
    return tuple([word for word in named if word not in _PARTICLES] or named)


def plain_letters(text: str) -> str:
    """Return a text in lower case without accents and apostrophes; a letter may become two, or none."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).translate(_LETTERS)


def _join_prefixes(words: list[str]) -> list[str]:
    """Return the words with `o`, `mc` and `mac` joined to the word after them."""
    joined: list[str] = []
    prefix = ""
    for place, word in enumerate(words):
        if word in _JOINED and place + 1 < len(words) and len(words[place + 1]) > 2:
            prefix += word
        else:
            joined.append(prefix + word)
            prefix = ""
    return joined


@lru_cache(maxsize=65_536)
def skeleton(token: str) -> str:
    """Return the first five consonants of a name as they sound across spellings, or the name if it has none.

    Romanisations of one name fall together (`Hussein`, `Husayn`; `Qasim`, `Kassim`); it is coarser than the
    name and finer than Soundex (design: tracing.md section 4).
    """
    sounds = token
    for spelt, heard in (("tsch", "s"), ("tch", "s"), ("sch", "s"), ("ph", "f"), ("kh", "k"), ("gh", "g")):
        sounds = sounds.replace(spelt, heard)
    for spelt, heard in (("sz", "s"), ("cz", "s"), ("sh", "s"), ("ch", "s"), ("zh", "s"), ("x", "s")):
        sounds = sounds.replace(spelt, heard)
    sounds = sounds.replace("q", "k").replace("c", "k").replace("w", "v")
    kept = ""
    for sound in sounds:
        if sound not in "aeiouhy" and not kept.endswith(sound):
            kept += sound
    return kept[:5] or token


@lru_cache(maxsize=16_384)
def door(line: str) -> str:
    """Return the first line of an address without capitals, spaces and punctuation; empty for none."""
    return "".join(re.findall(r"[0-9a-z]+", line.casefold()))


def district(postcode: str) -> str:
    """Return the outward part of a postcode (`LS1` of `LS1 4AP`), or empty."""
    return postcode.partition(" ")[0]


DISTRICT_BITS = 32
"""By how many bits a postcode's number is shifted to leave that of its district."""


@lru_cache(maxsize=131_072)
def postcode_number(postcode: str) -> int:
    """Return a postcode as 64 bits, 0 for none: the outward part in the upper half, the rest in the lower."""
    outward = district(postcode)
    return (_four_letters(outward) << DISTRICT_BITS) | _four_letters(postcode[len(outward) :])


def postcode_of(number: int) -> str:
    """Return the postcode that a number stands for (postcode_number), empty for 0."""
    outward, rest = number >> DISTRICT_BITS, number & 0xFFFFFFFF
    return b"".join(part.to_bytes(4, "big").lstrip(b"\0") for part in (outward, rest)).decode("ascii")


def _four_letters(part: str) -> int:
    """Return up to four letters as a number of 31 bits; what is no part of a postcode gets the 32nd, and a digest."""
    if len(part) <= 4 and part.isascii():
        return int.from_bytes(part.encode(), "big")
    return 0x80000000 | int.from_bytes(blake2b(part.encode(), digest_size=4).digest(), "big") >> 1
