"""What a transcript says, in the ways that other programs write it."""

from __future__ import annotations

import json

import pytest

from tests.archives.talk_reader import read_file
from ttrpg_assistant.archives.talk_formats.remarks import BROKEN_BYTES, NOT_JSON_LINE
from ttrpg_assistant.archives.talk_preview import preview
from ttrpg_assistant.archives.talk_reading import Roles
from ttrpg_assistant.errors import InvalidInput

TAVERN = [
    {"user_name": "Ada", "character_name": "Mira", "create_date": "2024-01-05@14h30m05s"},
    {"name": "Ada", "is_user": True, "mes": "Who are you?", "send_date": "June 9, 2023 4:13pm"},
    {"name": "Mira", "is_user": False, "mes": "Nobody.", "send_date": "2024-01-05@14h30m05s"},
]


def in_lines(*values: object) -> bytes:
    return "".join(json.dumps(value) + "\n" for value in values).encode()


def test_a_chat_of_sillytavern_is_read() -> None:
    found = preview(in_lines(*TAVERN), is_whole=True)
    assert (found.format, found.messages) == ("sillytavern", 2)
    assert {(one.name, one.role) for one in found.speakers} == {
        ("Ada", "user"),
        ("Mira", "assistant"),
    }
    assert [
        (said.role, said.content, said.moment) for said in read_file(in_lines(*TAVERN)).said
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
        (1704103200, "2024-01-01T10:00:00.000000Z"),
        (1704103200.5, "2024-01-01T10:00:00.500000Z"),
        ("1704103200", "2024-01-01T10:00:00.000000Z"),
        (1704103200 * 10**9, "2024-01-01T10:00:00.000000Z"),
        ("2023-6-2 @21h 09m 51s 363ms", "2023-06-02T21:09:51.363000Z"),
        ("2025-11-23@14h05m06s123ms", "2025-11-23T14:05:06.123000Z"),
        ("17-Jan-23 07:33 PM", "2023-01-17T19:33:00.000000Z"),
        ("1/17/2023, 7:33:22 PM", "2023-01-17T19:33:22.000000Z"),
        ("17.1.2023, 19:33:22", "2023-01-17T19:33:22.000000Z"),
        ("Tue, 17 Jan 2023 19:33:22 GMT", "2023-01-17T19:33:22.000000Z"),
        ("Nov 23, 2025 14:05", "2025-11-23T14:05:00.000000Z"),
        ("2023. 1. 17. 오후 7:33:22", "2023-01-17T19:33:22.000000Z"),
        ({"$date": "2024-01-01T10:00:00Z"}, "2024-01-01T10:00:00.000000Z"),
        ("0001-01-01T00:00:00+05:00", None),
        ("yesterday", None),
        ("2023-13-45", None),
        (10**400, None),
        (True, None),
    ],
)
def test_a_moment_is_kept_however_it_is_written(given: object, read: str | None) -> None:
    line = in_lines({"role": "user", "content": "The gate.", "created_at": given})
    found = preview(line, is_whole=True)
    assert found.first[0].moment == read
    told = [(one.text, one.lines) for one in found.remarks]
    assert told == ([] if read else [(told[0][0], (1,))] if told else ["said with its line"])


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
def test_a_line_that_cannot_be_read_costs_that_line_and_is_told(what: str) -> None:
    good = b'{"content": "zebrafinch"}'
    read = read_file(good + b"\n" + BROKEN[what] + b"\n" + good + b"\n", "jsonl")
    assert [said.content for said in read.said] == ["zebrafinch"] * 2
    assert [(one.text, one.line) for one in read.remarks] == [(NOT_JSON_LINE, 2)]
    with pytest.raises(InvalidInput) as refused:
        read_file(BROKEN[what] + b"\n", "jsonl")
    assert refused.value.code == "malformed_json" and "Line 1 " in refused.value.sentence


@pytest.mark.parametrize("half", [b"\\ud83d", b"\\uDE00", b"\\ud83d\\ud83d", b"\\ude00\\ud83d"])
def test_half_a_character_costs_that_character_and_no_line(half: bytes) -> None:
    lines = b'{"mes": "Here: \\ud83d\\ude00"}\n{"mes": "Half %s here"}\n' % half
    assert preview(lines, is_whole=True).messages == 2
    whole, broken = [said.content for said in read_file(lines).said]
    assert whole == "Here: \N{GRINNING FACE}"
    assert broken.replace("\N{REPLACEMENT CHARACTER}", "") == "Half  here"
    assert "\N{REPLACEMENT CHARACTER}" in broken


def test_what_no_database_stores_is_taken_out_of_what_was_said() -> None:
    read = read_file(b'{"name": "M\\u0000ira", "content": "Who\\u0000?"}\n')
    assert [said.content for said in read.said] == ["Mira: Who?"]


def test_the_game_masters_label_stays_and_roles_are_as_they_are_said() -> None:
    text = b"GM: The gate is shut.\nMira: I knock.\nBot: 17\nAssistant: It creaks.\n"
    assert [one.content for one in read_file(text).said] == [
        "GM: The gate is shut.",
        "Mira: I knock.",
        "17",
        "It creaks.",
    ]
    roles = Roles(frozenset({"mira"}), frozenset({"bot"}))
    assert [(one.role, one.content) for one in read_file(text, roles=roles).said] == [
        ("user", "GM: The gate is shut."),
        ("assistant", "Mira: I knock."),
        ("system", "Bot: 17"),
        ("user", "Assistant: It creaks."),
    ]


def test_a_preview_says_when_it_needs_the_whole_file_or_the_beginning_of_a_recording() -> None:
    account = b'[\n{"title": "Mill", "mapping": {"a": {"message": null}}},\n'
    assert preview(account, is_whole=False).needs_whole
    recording = b"[00:00:03] The GM: The mill is haunted.\n[00:00:07] Robin: We run.\n"
    found = preview(recording)
    assert found.needs_start and not found.needs_whole
    read = read_file(recording, began="2026-11-20T19:00:00.000000Z")
    assert [one.moment for one in read.said] == [
        "2026-11-20T19:00:03.000000Z",
        "2026-11-20T19:00:07.000000Z",
    ]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_a_text_is_read_in_the_encoding_it_is_written_in(encoding: str) -> None:
    text = "GM: Die Grüße sind schön, Señor.\nMira: Ça va très bien.\n"
    assert [one.content for one in read_file(text.encode(encoding)).said] == text.splitlines()


OLD = {
    "cp1250": "GM: Zażółć gęślą jaźń, mój przyjacielu\nŁucja: Dzień dobry, już idę\n",
    "cp1251": "GM: Привет всем, кто сегодня пришёл\nМира: Я стучу в дверь\n",
    "cp932": "GM: 扉は閉まっている。\nミラ: 私はノックする。\n",
    "gb18030": "GM: 你好，大家好，今天我们继续冒险\n米拉: 我敲门。\n",
}


@pytest.mark.parametrize("encoding", OLD)
def test_an_old_encoding_is_told_by_its_letters(encoding: str) -> None:
    read = read_file(OLD[encoding].encode(encoding))
    assert [one.content for one in read.said] == OLD[encoding].splitlines()


def test_broken_bytes_cost_themselves_and_are_told() -> None:
    text = "GM: Grüße\n".encode() + b"Mira: bad \xff byte\n" + "Tom: schön\n".encode()
    read = read_file(text)
    assert [one.content for one in read.said] == [
        "GM: Grüße",
        "Mira: bad \ufffd byte",
        "Tom: schön",
    ]
    assert [(one.text, one.line) for one in read.remarks] == [(BROKEN_BYTES, 2)]


NO_TALK = {
    "not_talk": [
        b"\x89PNG\r\n\x1a\n....",
        b"%PDF-1.7",
        b"<!DOCTYPE html><html>",
        b'{"data": {"name": "x"}}',
        bytes(range(256)) * 4,
        b"ID3.mp3",
    ],
    "character_card": [
        b'{"spec": "chara_card_v2", "data": {"name": "Mira", "first_mes": "Hi"}}',
        b'{"name": "M", "description": "", "personality": "", "first_mes": ""}',
    ],
    "lorebook": [b'{"entries": {"0": {"key": ["a"], "content": "b"}}}'],
    "transcript_empty": [b"", b"\n \n"],
}


@pytest.mark.parametrize("code", NO_TALK)
def test_what_is_no_talk_is_refused_with_what_it_is(code: str) -> None:
    for content in NO_TALK[code]:
        with pytest.raises(InvalidInput) as refused:
            preview(content)
        assert refused.value.code == code, content


NOTES = (
    "---\ndate: 2025-12-15\n---\n# Session 12\n\nPresent: Robin\n\n## Loot\nTreasure: 300 gp\n",
    "## Session 3\n- Met Vistra\n- Treasure: 300 gp\nHook: the mill\nHook: the ford\n",
    "---\nname: Mira\nspecies: human\n---\nMira is the miller.\n",
)


@pytest.mark.parametrize("text", NOTES)
def test_notes_are_one_message_that_nobody_speaks(text: str) -> None:
    read = read_file(text.encode())
    assert read.format == "notes"
    assert [(one.speaker, one.content) for one in read.said] == [("", text.strip("\n"))]


LINES = {
    "[17/01/2023, 19:33:22] Robin: We run.\n[17/01/2023, 19:34:22] Mira: No!": "19:33:22",
    "1/17/23, 19:33 - Robin: We run.\n1/17/23, 19:34 - Mira: No!": "19:33:00",
    "[19:33] <Robin> We run.\n[19:34] <Mira> No!": None,
    "Robin (00:03): We run.\nMira (00:07): No!": None,
    "[Robin]: We run.\n[Mira]: No!": None,
    "**Robin:** We run.\n**Mira**: No!": None,
    "Robin：We run.\nMira：No!": None,
    "Robin said:\nWe run.\n\nMira said:\nNo!": None,
}


@pytest.mark.parametrize("text", LINES)
def test_a_name_is_found_however_it_is_written(text: str) -> None:
    said = read_file(text.encode()).said
    assert [one.content for one in said] == ["Robin: We run.", "Mira: No!"]
    assert (said[0].moment or "")[11:19] == (LINES[text] or "")


def test_words_of_notes_in_the_middle_of_talk_are_no_speakers() -> None:
    text = b"Robin: What do we find?\nGM: This\nTreasure: 300 gp\nXP: 50\nRobin: Great.\nGM: Yes.\n"
    read = read_file(text)
    assert [one.speaker for one in read.said] == ["Robin", "GM", "Robin", "GM"]
    assert read.said[1].content == "GM: This\nTreasure: 300 gp\nXP: 50"
    assert [one.line for one in read.remarks] == [3, 4]
