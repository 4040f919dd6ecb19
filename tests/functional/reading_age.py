"""How old somebody must be to read a text with ease: the Flesch-Kincaid grade and five years.

Source: Flesch and Kincaid: grade = 0.39 words a sentence + 11.8 syllables a word - 15.59; a child in grade one is six.
Syllables are counted as groups of vowels, without a silent `e` at the end: right for most English words, and never
short of the truth by much.
"""

import re

SHORTEST = 5
"""Words a sentence must have to count; headings and names of things are not read as sentences."""
_WORD = re.compile(r"[a-z]+(?:['’][a-z]+)?", re.IGNORECASE)


def sentences_of(text: str) -> list[list[str]]:
    """Return the words of each sentence; a line is at least one sentence."""
    parts = re.split(r"[.!?:;]+(?=\s|$)|\n+", text)
    found = [_WORD.findall(part) for part in parts]
    return [words for words in found if len(words) >= SHORTEST]


def syllables(word: str) -> int:
    """Return how many syllables a word has, at least one."""
    bare = re.sub(r"[^a-z]", "", word.lower())
    silent = bare.endswith(("e", "es", "ed")) and not bare.endswith(("le", "les", "ted", "ded", "ses", "zes", "ches"))
    groups = len(re.findall(r"[aeiouy]+", bare))
    return max(groups - (1 if silent and groups > 1 else 0), 1)


def reading_age(text: str) -> float:
    """Return the reading age of a text in years; 0 where it has no sentence."""
    sentences = sentences_of(text)
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return 0.0
    each = sum(map(syllables, words)) / len(words)
    return round(0.39 * len(words) / len(sentences) + 11.8 * each - 15.59 + 5, 1)
