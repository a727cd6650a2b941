"""Values of JSON that somebody else wrote, whatever they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ttrpg_assistant.archives.talk_formats.model import Role

_ROLES: dict[str, Role] = {
    "user": "user", "human": "user", "you": "user", "player": "user", "prompt": "user",
    "assistant": "assistant", "model": "assistant", "bot": "assistant", "ai": "assistant",
    "gpt": "assistant", "char": "assistant", "character": "assistant", "response": "assistant",
    "system": "system", "developer": "system", "tool": "system", "function": "system",
}  # fmt: skip
_PARTS = ("text", "content", "value", "message", "transcript")
_LIFTED = ("text", "input_text", "output_text", "paragraph", "markdown", "")


def text_of(given: Any) -> str:
    """The text of a value that is one, or has one inside, or lists several; else ""."""
    return "\n\n".join(_texts(given, 0))


def _texts(given: Any, level: int) -> list[str]:
    if isinstance(given, str):
        text = given.replace("\x00", "")
        return [text] if text.strip() else []
    if level > 4:
        return []
    if isinstance(given, list):
        return [text for one in given for text in _texts(one, level + 1)]
    if isinstance(given, dict):
        kind = given.get("type", "")
        if isinstance(kind, str) and kind not in _LIFTED:
            return []
        for name in _PARTS:
            if name in given and (found := _texts(given[name], level + 1)):
                return found
    return []


def name_of(given: Any) -> str:
    """A name on one line, without what no database stores."""
    return " ".join(given.replace("\x00", "").split())[:200] if isinstance(given, str) else ""


def role_of(given: Any, otherwise: Role = "user") -> Role:
    """The role a word stands for."""
    return _ROLES.get(given.lower(), otherwise) if isinstance(given, str) else otherwise


def key_of(given: Any) -> str:
    """An id as text; "" for what is none."""
    if isinstance(given, str):
        return given[:200]
    return str(given) if isinstance(given, int) and not isinstance(given, bool) else ""


def mapping_of(given: Any) -> Mapping[str, Any]:
    """The object, or an empty one."""
    return given if isinstance(given, dict) else {}


def list_of(given: Any) -> list[Any]:
    """The list, or an empty one."""
    return given if isinstance(given, list) else []
