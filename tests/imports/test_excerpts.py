"""The preview of a note reads as words."""

from __future__ import annotations

import pytest

from ttrpg_assistant.exports.html_text import links_as_names, prose
from ttrpg_assistant.imports.excerpts import LENGTH, make_excerpt

NOTE = """# The Gull

![[gull.png]]
> [!quote] Smoky, **low** and _loud_.

- Run by [[People/Mira Vale|Mira]], of [[The Watch#Ranks]]
- See [the map](maps/gull.md) and `snake_case_name`

| Day | Guests |
| --- | --- |
| Moon | 3 * 4 |
"""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (NOTE, "The Gull Smoky, low and loud. Run by Mira, of The Watch See the map and"
               " snake_case_name Day Guests Moon 3 4"),
        ("Plain words, 2 < 3.", "Plain words, 2 < 3."),
        ("[[#Past]] [[a/b/c]]", "Past c"),
        ("", ""),
    ],
)  # fmt: skip
def test_an_excerpt_is_plain_words(text: str, words: str) -> None:
    assert make_excerpt(text).replace(" * ", " ") == words


def test_an_excerpt_is_short() -> None:
    assert len(make_excerpt("word " * 1_000)) <= LENGTH


def test_links_of_imported_notes_read_as_names_in_a_book() -> None:
    assert links_as_names("Ask [[Mira Vale|her]] or [[Folk/Wim]].") == "Ask her or Wim."
    assert prose("**[[Mira Vale]]**") == "<p><strong>Mira Vale</strong></p>\n"
