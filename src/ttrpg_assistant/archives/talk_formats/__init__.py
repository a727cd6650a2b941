"""Talk as other programs write it: a file for each format, found by itself.

A new format is a module with `FORMAT`, which is a `TalkFormat`.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from ttrpg_assistant.archives.talk_formats.ports import TalkFormat
from ttrpg_assistant.archives.talk_formats.refusals import check_talk, refuse_unknown
from ttrpg_assistant.archives.talk_formats.source import TalkSource
from ttrpg_assistant.errors import InvalidInput


@cache
def list_formats() -> tuple[TalkFormat, ...]:
    """Every format, in the order in which they are asked."""
    modules = (importlib.import_module(f"{__name__}.{one.name}") for one in _list_modules())
    found: list[TalkFormat] = [one.FORMAT for one in modules if hasattr(one, "FORMAT")]
    return tuple(sorted(found, key=lambda one: (one.rank, one.name)))


def _list_modules() -> list[pkgutil.ModuleInfo]:
    return list(pkgutil.iter_modules(__path__))


def get_format(name: str) -> TalkFormat:
    """The format of that name. Raises `InvalidInput`."""
    for one in list_formats():
        if one.name == name:
            return one
    raise InvalidInput(
        "There is no format of that name.",
        code="unknown_format",
        cure="Take the format that the preview names.",
    )


def find_format(source: TalkSource) -> TalkFormat:
    """What a file is. Raises `InvalidInput` with what it is instead, or that nothing is in it."""
    if not source.text.strip():
        raise InvalidInput("There is no text in this file.", code="transcript_empty")
    check_talk(source)
    for one in list_formats():
        if source.shape.outer and one.name in ("text", "notes") and _is_json(source):
            raise refuse_unknown()
        if one.recognises(source):
            return one
    raise InvalidInput("This file has no messages.", code="transcript_empty")


def _is_json(source: TalkSource) -> bool:
    """Whether it is JSON indeed, and not prose that begins with a bracket."""
    return bool(source.values) or bool(source.shape.names)
