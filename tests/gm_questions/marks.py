"""Whether an answer says of everything it quotes what it is: a secret, a plan, talk of planning.

An answer is looked at block by block: a quote with its source, a line of a list, a paragraph. A
run of words that stands in a secret and in no open text must stand in a block with "GM only";
one of a plan, in a block with "planned" or "planning".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

RUN = 4
"""So many words in a row are somebody's words and not chance."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_LINK = re.compile(r"\[((?:[^\[\]\\]|\\.)*)\]\(ttrpg:[^)]*\)")


def spoken(text: str) -> str:
    """The text without case, links and Markdown, on one line."""
    bare = re.sub(r"[\\*_`~>#]", "", _LINK.sub(r"\1", text)).replace("’", "'")
    return " ".join(bare.casefold().split())


def cut_blocks(answer: str) -> list[str]:
    """Quotes with their sources, lines of lists, paragraphs; each as one reads it."""
    blocks: list[str] = []
    for part in answer.split("\n\n"):
        lines = part.splitlines()
        if any(line.lstrip().startswith("- ") for line in lines):
            blocks += lines
        else:
            blocks.append(part)
    return [spoken(block) for block in blocks if block.strip()]


def list_runs(text: str) -> set[tuple[str, ...]]:
    """Its runs of `RUN` words; all of it where a sentence is shorter."""
    runs: set[tuple[str, ...]] = set()
    for sentence in re.split(r"[.!?;\n]+", text):
        words = _WORD.findall(spoken(sentence))
        runs |= {tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}
        if 2 <= len(words) < RUN:
            runs.add(tuple(words))
    return runs


def list_all_runs(text: str) -> set[tuple[str, ...]]:
    """Its runs of any length up to `RUN`, across sentences too."""
    words = _WORD.findall(spoken(text))
    return {tuple(words[at : at + n]) for n in range(2, RUN + 1) for at in range(len(words))}


@dataclass(frozen=True)
class Watch:
    """What must not be said without its mark."""

    secret: frozenset[tuple[str, ...]]
    planned: frozenset[tuple[str, ...]]

    @classmethod
    def of(cls, secrets: Iterable[str], plans: Iterable[str], open_texts: Iterable[str]) -> Watch:
        """What stands in secrets and plans and in nothing that is open."""
        known = {run for text in open_texts for run in list_all_runs(text)}
        secret = {run for text in secrets for run in list_runs(text)}
        planned = {run for text in plans for run in list_runs(text)}
        return cls(frozenset(secret - known), frozenset(planned - known - secret))

    def list_faults(self, answer: str) -> list[str]:
        """The blocks that say a secret or a plan without saying so."""
        faults = []
        for block in cut_blocks(answer):
            runs = list_all_runs(block)
            if runs & self.secret and "gm only" not in block:
                faults.append(f"secret without its mark: {block}")
            if runs & self.planned and not re.search(r"plann(?:ed|ing)", block):
                faults.append(f"plan without its mark: {block}")
        return faults
