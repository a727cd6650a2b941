"""Made-up talk in thirteen languages with queries and the message that each has to find.

The sentences and the forms of words stand in `inflected.txt` and `unspaced.txt`, written for
this; which form is said and which is asked for is chosen by the seed of the bench.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

QUERIES = 200
FILES = ("inflected.txt", "unspaced.txt")
_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Case:
    """A query, the text that it has to find, and the form that is said in it."""

    language: str
    query: str
    said: str
    form: str


@dataclass(frozen=True, slots=True)
class Language:
    """Sentences with a place for a word, and words in their forms."""

    name: str
    sentences: list[str]
    words: list[list[str]]


def read_languages() -> list[Language]:
    """All of them, as the files have them."""
    languages: list[Language] = []
    for name in FILES:
        for line in (_HERE / name).read_text("utf-8").splitlines():
            if line.startswith("["):
                languages.append(Language(line.strip("[]"), [], []))
            elif line.startswith("= "):
                languages[-1].sentences.append(line[2:])
            elif line and not line.startswith("#"):
                is_spaced = name == FILES[0] or languages[-1].name == "korean"
                forms = line.split() if is_spaced or " " in line else [line]
                languages[-1].words.append(forms)
    return languages


def make_cases(seed: int, most: int = QUERIES) -> list[Case]:
    """So many cases of each language: every word in turn, said in one form and asked for in
    another where it has more than one."""
    chosen = random.Random(seed)
    cases = []
    for language in read_languages():
        words = cycle(language.words)
        for number in range(most):
            forms = next(words)
            form, query = (*chosen.sample(forms, 2),) if len(forms) > 1 else (forms[0], forms[0])
            sentence = chosen.choice(language.sentences)
            said = f"{sentence.replace('{}', form)} ({language.name[:2]}{number})"
            cases.append(Case(language.name, query, said, form))
    return cases
