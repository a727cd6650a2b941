"""A field of a note is changed, and every other byte of it stays."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.imports.test_own_vault import NO_NUL
from ttrpg_assistant.campaigns.kinds.npc import KIND as NPC
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.imports.own_notes import read_part, split_parts
from ttrpg_assistant.imports.vault_values import same_text
from ttrpg_assistant.vaults.first_notes import spell_new_note
from ttrpg_assistant.vaults.note_text import (
    NoteText,
    Unreadable,
    change_fields,
    read_fields,
    read_note_text,
)

PLACE = new_id()
LINKS = {"Gull": ("location", PLACE)}
NOTE = """---
# a comment of mine
ttrpg_id: 0193b3a0-0000-7000-8000-000000000001
role:   'smith'   # beside it
custom_plugin: {keep: true, order: [c, a, b]}
tags:
  - npc
  - heron      # why
  - 'two'

location: [[Gull]]
status:
cssclasses: [wide]
---
Free words before, %% mine %%.

## Background
She came *late*.

- [ ] a task ^t1

## My own heading
stays


> [!secret]- Secrets
> - She copied it.
outside, after a callout
## Personality

kind
## Relations

- knows → [[Tomas]]
"""


def _link(id: str) -> str | None:
    return "[[Gull]]" if id == PLACE else None


def _read(note: NoteText) -> dict[str, Any]:
    return read_fields(NPC, note, "NPCs/Mira Vale.md", LINKS.get)


def _change(note: NoteText, **changes: Any) -> NoteText:
    checked = NPC.check_changes(changes)
    changed = change_fields(NPC, note, "NPCs/Mira Vale.md", checked, _link, LINKS.get)
    assert changed is not None
    return changed


def _text(content: bytes) -> NoteText:
    note = read_note_text(content)
    assert note is not None
    return note


def test_a_note_in_somebodys_own_hand_is_read_field_by_field() -> None:
    found = _read(_text(NOTE.encode()))
    assert found["name"] == "Mira Vale" and found["role"] == "smith"
    assert found["tags"] == ["heron", "two"] and found["location_id"] == PLACE
    assert found["background"].startswith("She came *late*.")
    assert found["background"].endswith("## My own heading\nstays")
    assert found["secrets"] == [{"text": "She copied it.", "may_hint": False}]
    assert found["personality"] == "kind" and found["status"] == ""


def test_only_the_bytes_of_the_changed_field_are_others() -> None:
    for newline in ("\n", "\r\n"):
        for mark in (b"", b"\xef\xbb\xbf"):
            for text in (NOTE, NOTE.rstrip("\n")):
                content = mark + text.replace("\n", newline).encode()
                note = _text(content)
                assert note.encode() == content
                for was, now, change in (
                    ("'smith'", "'o''smith'", {"role": "o'smith"}),
                    ("status:", "status: alive", {"status": "alive"}),
                    ("- 'two'", "- three", {"tags": ["heron", "three"]}),
                    ("[[Gull]]", '""', {"location_id": None}),
                    ("kind\n## Rel", "cruel\n\nnow\n## Rel", {"personality": "cruel\n\nnow"}),
                    ("> - She copied it.", "> - x", {"secrets": [{"text": "x"}]}),
                    ("\nkind\n", "\n\n", {"personality": ""}),
                ):
                    changed = _change(note, **change)
                    wanted = mark + text.replace(was, now).replace("\n", newline).encode()
                    if "personality" in change and not change["personality"]:
                        wanted = wanted.replace((newline * 3).encode(), (newline * 2).encode())
                        got = changed.encode().replace(
                            (newline * 3).encode(), (newline * 2).encode()
                        )
                        assert got == wanted
                    else:
                        assert changed.encode() == wanted, change


def test_what_a_note_does_not_have_yet_is_added_before_what_is_written_from_elsewhere() -> None:
    changed = _change(_text(NOTE.encode()), appearance="Tall.", aliases=["Mira"])
    added = changed.encode().decode()
    assert added == NOTE.replace(
        "cssclasses: [wide]\n", "cssclasses: [wide]\naliases: [Mira]\n"
    ).replace("## Relations", "## Appearance\n\nTall.\n\n## Relations")
    plain = _change(_text(b"Only words"), role="smith", gm_notes="hush")
    assert plain.encode() == (b"---\nrole: smith\n---\nOnly words\n\n> [!secret]- GM notes\n> hush")


def test_what_is_no_value_is_said_and_not_taken() -> None:
    text = NOTE.replace("[[Gull]]", "[[Nowhere]]").replace("status:", "is_present: maybe")
    found = _read(_text(text.encode()))
    assert isinstance(found["location_id"], Unreadable)
    assert isinstance(found["is_present"], Unreadable)
    broken = _read(_text(NOTE.replace("custom_plugin: {", "custom_plugin: {{").encode()))
    assert isinstance(broken["role"], Unreadable) and broken["personality"] == "kind"
    assert read_note_text(b"\xff\xfe") is None


PROSE = st.sampled_from(["background", "personality", "gm_notes", "appearance", "motivations"])
EDITS = st.one_of(
    st.tuples(PROSE, NO_NUL),
    st.tuples(st.sampled_from(["role", "status"]), st.text(max_size=20)),
    st.tuples(st.sampled_from(["aliases", "tags", "groups"]), st.lists(NO_NUL, max_size=3)),
    st.tuples(st.just("secrets"), st.lists(st.builds(dict, text=NO_NUL), max_size=2)),
    st.tuples(st.just("sample_lines"), st.lists(NO_NUL, max_size=3)),
    st.tuples(st.just("location_id"), st.sampled_from([None, PLACE])),
    st.tuples(st.just("is_present"), st.booleans()),
)


def _rest(note: NoteText, field: str) -> list[str]:
    """The lines that do not belong to a field, blank ones left out."""
    lines = list(note.body)
    for part in reversed(split_parts(NPC, note.body)):
        if part.field == field:
            assert read_part(NPC, note.body, part) is not None
            del lines[part.start : part.end]
    return [line for line in lines if line.strip()]


@given(
    st.lists(EDITS, min_size=1, max_size=6),
    st.sampled_from([NOTE, NOTE.rstrip("\n"), "", "words", "---\na: 1\n---", "\n\n# x\n\n"]),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
@settings(max_examples=60)
def test_any_edits_are_read_again_and_leave_the_rest(
    edits: list[tuple[str, Any]], text: str, newline: str, has_mark: bool
) -> None:
    content = (b"\xef\xbb\xbf" if has_mark else b"") + text.replace("\n", newline).encode()
    note = _text(content)
    values = _read(note)
    for field, given_value in edits:
        try:
            value = NPC.check_changes({field: given_value})[field]
        except Exception:
            continue
        changed = change_fields(NPC, note, "NPCs/Mira Vale.md", {field: value}, _link, LINKS.get)
        assert changed is not None, (field, value, note.encode())
        again = _text(changed.encode())
        assert again == changed
        found = _read(again)
        assert same_text(found[field], value) or field in ("tags", "aliases", "groups")
        for name, before in values.items():
            if name != field:
                assert same_text(found[name], before), (name, field)
        assert _rest(changed, field) == _rest(note, field)
        assert changed.has_mark == has_mark
        note, values = changed, found


@given(st.fixed_dictionaries({name: NO_NUL for name in ("background", "gm_notes", "role")}))
@settings(max_examples=30)
def test_a_new_note_says_what_its_thing_says(values: dict[str, Any]) -> None:
    whole = NPC.check_new({**values, "name": "Mira: Vale", "location_id": PLACE})
    made = spell_new_note(NPC, new_id(), "Mira Vale", whole, _link)
    found = _read(_text(made))
    assert all(
        same_text(found[name], value)
        for name, value in whole.items()
        if name in found and name != "source_message_id"
    )
