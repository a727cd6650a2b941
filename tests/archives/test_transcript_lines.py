"""What a transcript says, in the ways that other programs write it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ttrpg_assistant.archives.transcript_lines import preview, read_lines
from ttrpg_assistant.errors import InvalidInput

TAVERN = [
    {"user_name": "Ada", "character_name": "Mira", "create_date": "2024-01-05@14h30m05s"},
    {"name": "Ada", "is_user": True, "mes": "Who are you?", "send_date": "June 9, 2023 4:13pm"},
    {"name": "Mira", "is_user": False, "mes": "Nobody.", "send_date": "2024-01-05@14h30m05s"},
]


def in_lines(*values: object) -> bytes:
    return "".join(json.dumps(value) + "\n" for value in values).encode()


def test_a_chat_of_sillytavern_is_read(tmp_path: Path) -> None:
    found = preview(in_lines(*TAVERN), is_whole=True)
    assert (found.format, found.messages) == ("jsonl", 2)
    assert {(one.name, one.role) for one in found.speakers} == {
        ("Ada", "user"),
        ("Mira", "assistant"),
    }
    (tmp_path / "chat").write_bytes(in_lines(*TAVERN))
    assert [
        (said.role, said.content, said.moment) for said in read_lines(tmp_path / "chat", "jsonl")
    ] == [
        ("user", "Ada: Who are you?", "2023-06-09T16:13:00.000000Z"),
        ("assistant", "Mira: Nobody.", "2024-01-05T14:30:05.000000Z"),
    ]


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("2024-01-01T10:00:00Z", "2024-01-01T10:00:00.000000Z"),
        ("2024-01-01T10:00:00.123456Z", "2024-01-01T10:00:00.123456Z"),
        ("2024-01-01t10:00:00.5+02:00", "2024-01-01T08:00:00.500000Z"),
        ("2024-01-01 10:00:00-03:30", "2024-01-01T13:30:00.000000Z"),
        (1704103200000, "2024-01-01T10:00:00.000000Z"),
        ("0001-01-01T00:00:00+05:00", None),
        ("yesterday", None),
        (True, None),
    ],
)
def test_a_moment_is_kept_however_it_is_written(given: object, read: str | None) -> None:
    line = in_lines({"role": "user", "content": "The gate.", "created_at": given})
    assert preview(line, is_whole=True).first[0].moment == read


def test_prose_that_begins_with_a_brace_is_text() -> None:
    found = preview(b"{The lamp goes out.}\nMira: Who is there?\n", is_whole=True)
    assert (found.format, found.messages) == ("text", 2)
    with pytest.raises(InvalidInput) as refused:
        preview(b'{"role": "user", "cont\n', is_whole=True)
    assert refused.value.code == "malformed_json"


BROKEN = {
    "brackets without end": b"[" * 100_000,
    "no JSON": b"{",
    "a number beyond all numbers": b'{"content": 1e999}',
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_line_that_cannot_be_read_is_named_by_its_number(tmp_path: Path, what: str) -> None:
    good = b'{"content": "zebrafinch"}'
    (tmp_path / "talk").write_bytes(good + b"\n" + BROKEN[what] + b"\n" + good + b"\n")
    with pytest.raises(InvalidInput) as refused:
        list(read_lines(tmp_path / "talk", "jsonl"))
    assert refused.value.code == "malformed_json"
    assert "Line 2 " in refused.value.sentence and "zebrafinch" not in refused.value.sentence


@pytest.mark.parametrize("half", [b"\\ud83d", b"\\uDE00", b"\\ud83d\\ud83d", b"\\ude00\\ud83d"])
def test_half_a_character_costs_that_character_and_no_line(tmp_path: Path, half: bytes) -> None:
    lines = b'{"mes": "Here: \\ud83d\\ude00"}\n{"mes": "Half %s here"}\n' % half
    assert preview(lines, is_whole=True).messages == 2
    (tmp_path / "talk").write_bytes(lines)
    whole, broken = [said.content for said in read_lines(tmp_path / "talk", "jsonl")]
    assert whole == "Here: \N{GRINNING FACE}"
    assert broken.replace("\N{REPLACEMENT CHARACTER}", "") == "Half  here"
    assert "\N{REPLACEMENT CHARACTER}" in broken


def test_what_no_database_stores_is_taken_out_of_what_was_said(tmp_path: Path) -> None:
    (tmp_path / "talk").write_bytes(b'{"name": "M\\u0000ira", "content": "Who\\u0000?"}\n')
    assert [said.content for said in read_lines(tmp_path / "talk", "jsonl")] == ["Mira: Who?"]
