"""What is shown of a message outside its conversation is what a person reads."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ttrpg_assistant.campaigns.sample import read_sample_talk
from ttrpg_assistant.llm.readable import readable


def test_the_proposals_of_the_sample_are_words() -> None:
    said = readable(read_sample_talk().thread.messages[-1].content)
    assert "{" not in said and "```" not in said and "rationale" not in said
    assert "Suggestion: Gaffer Hobb Tansy; retired eel-catcher;" in said
    assert "Suggestion" not in readable(
        read_sample_talk().thread.messages[-1].content, with_proposals=False
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("See [Mira Vale](ttrpg:npc/01-2).", "See Mira Vale."),
        ("See [Mira \\[x\\]](ttrpg:npc/01-2).", "See Mira [x]."),
        ("[[Mira Vale]] knows.", "Mira Vale knows."),
        ("```json\n[1, 2]\n```", "```json\n[1, 2]\n```"),
        ("```python\nprint({})\n```", "```python\nprint({})\n```"),
        ("A [page](https://example.org) stays.", "A [page](https://example.org) stays."),
        ("No machinery.", "No machinery."),
    ],
)
def test_links_become_names_and_other_code_stays(text: str, shown: str) -> None:
    assert readable(text) == shown


_PLAIN = st.text("abc def. ", min_size=1, max_size=40)


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(
            _PLAIN,
            st.fixed_dictionaries({"name": _PLAIN, "role": _PLAIN}).map(
                lambda value: (
                    "\n```suggestion\n"
                    + json.dumps({"kind": "npc", "field": "npc", "value": value})
                    + "\n```\n"
                )
            ),
            _PLAIN.map(lambda name: f"[{name}](ttrpg:npc/0f-1)"),
            _PLAIN.map(lambda name: f"[[{name.strip() or 'x'}]]"),
        ),
        max_size=6,
    ).map("".join)
)
def test_no_reply_keeps_any_machinery(text: str) -> None:
    said = readable(text)
    assert not any(mark in said for mark in ("ttrpg:", '"kind"', "```suggestion", "[[")), said
