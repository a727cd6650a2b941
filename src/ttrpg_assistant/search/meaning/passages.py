"""Cuts messages into passages short enough to mean one thing."""

from __future__ import annotations

from ttrpg_assistant.builtin.words import list_sentences

PASSAGE_CHARACTERS = 120
"""A fact between two sentences of small talk is lost in the meaning of all three."""

MOST_PASSAGES = 40
"""Of one message; what comes after is found by its words."""

_LONGEST = 500


def cut_passages(text: str) -> list[str]:
    """Sentences, short ones together; empty for a text without any. Questions are left out:
    they mean what is asked, and would stand before every answer to it."""
    passages: list[str] = []
    for sentence in list_sentences(text[: MOST_PASSAGES * _LONGEST]):
        if sentence.endswith(("?", "？")):
            continue
        last = passages[-1] if passages else ""
        if last and len(last) + len(sentence) <= PASSAGE_CHARACTERS:
            passages[-1] = f"{last} {sentence}"
        else:
            passages += [sentence[at : at + _LONGEST] for at in range(0, len(sentence), _LONGEST)]
        if len(passages) >= MOST_PASSAGES:
            break
    return passages[:MOST_PASSAGES]
