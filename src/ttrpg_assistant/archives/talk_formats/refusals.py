"""Files that are not talk: what they are, and where they belong."""

from __future__ import annotations

import re

from ttrpg_assistant.archives.talk_formats.source import TalkSource
from ttrpg_assistant.archives.talk_formats.values import mapping_of, name_of
from ttrpg_assistant.errors import InvalidInput

_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a recording or a picture"),
    (b"%PDF-", "a PDF document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "a compressed file"),
    (b"7z\xbc\xaf", "a compressed file"),
    (b"Rar!", "a compressed file"),
    (b"SQLite format 3\x00", "a database"),
    (b"OggS", "a recording"),
    (b"fLaC", "a recording"),
    (b"ID3", "a recording"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
)
_HTML = re.compile(r"\s{0,100}<(?:!doctype html|html)", re.IGNORECASE)
_STRANGE = re.compile("[\x01-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ufffd]")
_CARD = frozenset({"first_mes", "mes_example", "personality", "scenario", "description"})
_EXPORT_AS_TEXT = "Export it as text or JSON from the other program, and choose that file."


def check_talk(source: TalkSource) -> None:
    """Raises `InvalidInput` that names what the file is, when it is certainly no talk."""
    raw = source.beginning
    for signature, what in _SIGNATURES:
        if raw.startswith(signature):
            raise _refuse(f"This is {what}, not a conversation.", _EXPORT_AS_TEXT)
    if raw[4:8] == b"ftyp":
        raise _refuse("This is a recording, not a conversation.", _EXPORT_AS_TEXT)
    strange = len(_STRANGE.findall(source.text[:4096]))
    zeros = 0 if source.encoding.startswith(("utf-16", "utf-32")) else raw[:4096].count(0)
    if strange * 10 > len(source.text[:4096]) or zeros * 2 > len(raw[:4096]):
        raise _refuse("This file is not text, so it holds no conversation.", _EXPORT_AS_TEXT)
    if _HTML.match(source.text) is not None:
        raise _refuse("This is a web page, not a conversation.", _EXPORT_AS_TEXT)
    _check_json(source)


def _check_json(source: TalkSource) -> None:
    shape = source.shape
    if shape.outer == "":
        return
    if _is_card(source):
        name = _find_card_name(source)
        whose = f" ({name})" if name else ""
        raise InvalidInput(
            f"This is a character card{whose}, not a conversation.",
            code="character_card",
            cure="Choose it on the Import page, where it becomes an NPC.",
        )
    if {"lorebook_v3"} & {str(mapping_of(one).get("spec")) for one in source.values[:1]} or (
        "entries" in shape.names and shape.outer == "object"
    ):
        raise InvalidInput(
            "This is a lorebook or world info, not a conversation.",
            code="lorebook",
            cure="Choose it on the Import page, where its entries become facts and things.",
        )
    if {"prototypeToken", "ownership"} & shape.names:
        raise InvalidInput(
            "This is a document of Foundry VTT, not a conversation.",
            code="not_talk",
            cure="Foundry's talk is in the file that Export Chat Log writes.",
        )


def _is_card(source: TalkSource) -> bool:
    names = source.shape.names
    if "spec" in names and "data" in names:
        return '"chara_card' in source.text[:200_000]
    return len(_CARD & names) > 2 or ("char_name" in names and "char_persona" in names)


def _find_card_name(source: TalkSource) -> str:
    found = re.search(r'"(?:char_)?name"\s{0,20}:\s{0,20}"([^"\\]{1,100})"', source.text[:200_000])
    return name_of(found[1]) if found is not None else ""


def refuse_unknown() -> InvalidInput:
    """JSON of which nothing is known."""
    return _refuse(
        "This is JSON of a kind that is not known here, and no conversation was found in it.",
        "Export the conversation as text, as JSON Lines or as SillyTavern's chat file.",
    )


def _refuse(sentence: str, cure: str) -> InvalidInput:
    return InvalidInput(sentence, code="not_talk", cure=cure)
