"""The text of notes in pieces, each under the headings that say whose it is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ttrpg_assistant.imports.notes_text import PIECE_CHARACTERS, list_pieces

TEXT = """Before all.

# The Marsh

Wet.

## Mira Vale
### Secrets
She owes 40 crowns.

### Her boat

## The Gull
Smoky.
"""


def test_each_piece_stands_under_its_nearest_two_headings() -> None:
    assert list(list_pieces("", TEXT)) == [
        "Before all.",
        "## The Marsh\n\nWet.",
        "## Mira Vale › Secrets\n\nShe owes 40 crowns.",
        "## The Marsh › Mira Vale\n\nHer boat",
        "## The Marsh › The Gull\n\nSmoky.",
    ]


def test_the_title_of_the_whole_is_said_of_no_part() -> None:
    (own, boat) = list_pieces("", "# Prep\n\n## Mira\n\nA smith.\n\n## Boat\n")
    assert (own, boat) == ("## Mira\n\nA smith.", "Boat")
    # Of several texts each is called by its title.
    assert (
        next(list_pieces("prep", "# Prep\n\n## Mira\n\nA smith.")) == "## prep › Mira\n\nA smith."
    )


def test_a_long_part_keeps_its_heading_in_every_piece() -> None:
    pieces = list(list_pieces("", "## Mira\n\n" + "She walks on.\n" * 4_000))
    assert len(pieces) > 2
    assert all(one.startswith("## Mira\n\nShe walks") for one in pieces)
    assert all(len(one) < PIECE_CHARACTERS + 100 for one in pieces)


@given(st.lists(st.sampled_from(["# A", "## B", "### C", "word here", "", "- item", "```"])))
def test_every_word_is_in_a_piece(lines: list[str]) -> None:
    text = "\n".join(lines)
    together = "\n".join(list_pieces("", text))
    assert together.count("word here") == text.count("word here")
    assert together.count("- item") == text.count("- item")
