"""What a note keeps for the game master by its headings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttrpg_assistant.imports.hidden_sections import part_hidden, without_title

NOTE = """\
Keeps the gate.

## Secrets
- Knows where the bell lies.
- Owes Sable 90 crowns.

### Older ones
More.

## Voice
Slow.

GM notes
--------
Dies in act two.
"""


def test_secrets_and_notes_for_the_game_master_are_taken_out_of_the_text() -> None:
    parted = part_hidden(NOTE)
    assert parted.text == "Keeps the gate.\n\n## Voice\nSlow."
    assert "Older ones" in parted.secrets[0]
    assert parted.notes == ("Dies in act two.",)


def test_a_list_of_secrets_is_one_secret_a_point() -> None:
    parted = part_hidden("# DM Secrets:\n* one\n* two\n\n# After\nopen")
    assert (parted.secrets, parted.text) == (("one", "two"), "# After\nopen")


@pytest.mark.parametrize(
    "head",
    [
        *("## Secrets & Rumours", "## GM Only Notes", "### Secret Info", "## \U0001f512 Secrets"),
        *(
            "## DM's Eyes Only",
            "# Secret: the bell",
            "## Keeper's notes",
            "## What only the GM knows",
        ),
        *("**Secrets**", "**Secret:** first", "**DM notes**\n", "__GM only:__", "GM\n--"),
    ],
)
def test_however_it_is_headed_what_only_the_game_master_knows_is_not_in_the_text(head: str) -> None:
    parted = part_hidden(f"Open.\n\n{head}\n- canary\n\n# After\nSeen.")
    assert "canary" not in parted.text and "Open." in parted.text and "Seen." in parted.text
    assert "canary" in "".join([*parted.secrets, *parted.notes])


def test_a_heading_that_says_more_is_kept_with_its_secret() -> None:
    assert part_hidden("# Secret: the bell\nRings.").secrets == ("Secret: the bell: Rings.",)


@pytest.mark.parametrize(
    "text",
    [
        "**GM:** You see a gate.\n**Ann:** I knock.",
        "## The Keeper of the Tower\nOld.",
        "```\n**Secrets**\nin code\n```",
        "The secret of the bell\n\n## The secret door\nIs open.",
        "```\n## Secrets\nnot a heading\n```",
        "Only #secrets as a tag.",
        "",
    ],
)
def test_what_only_speaks_of_secrets_stays(text: str) -> None:
    assert part_hidden(text).text == text


LINES = st.sampled_from(
    [
        "# Secrets",
        "## GM",
        "### DM only",
        "# Open",
        "**Secret:** word",
        "**GM notes**",
        "word",
        "- point",
        "",
        "```",
    ]
)


@given(st.lists(LINES, max_size=30).map("\n".join))
def test_no_line_is_lost_and_none_is_in_two_places(text: str) -> None:
    parted = part_hidden(text)
    after = "\n".join([parted.text, *parted.secrets, *parted.notes])
    for word, at_least in (("word", text.count("word")), ("point", text.count("point"))):
        assert after.count(word) == at_least


def test_a_heading_that_says_the_title_again_is_left_out() -> None:
    assert without_title("# Mira Vale\n\nKeeps.", "mira vale") == "Keeps."
    assert without_title("# Mira\n\nKeeps.", "Mira Vale") == "# Mira\n\nKeeps."
