"""One table put into a TOML file that belongs to another program; the rest stays byte for byte."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

from ttrpg_assistant.errors import InvalidInput

_PLAIN = re.compile(r"[A-Za-z0-9_-]+\Z")


def put_toml_entry(text: str, section: str, name: str, entry: dict[str, Any]) -> str:
    """The text with `entry` as the table `section.name`, new or in the place of what was there.

    Raises `InvalidInput` for what is not TOML, or where the table is written in another way.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    try:
        before = tomllib.loads(text)
        rest = _without_table(text, f"{section}.{_key(name)}", newline)
        own = newline.join(_spell(f"{section}.{_key(name)}", entry)) + newline
        gap = "" if not rest.strip() else newline if rest.endswith("\n") else newline * 2
        after = rest + gap + own if rest.strip() else own
        kept = tomllib.loads(after)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _unusable() from error
    if _others(before, section, name) != _others(kept, section, name):
        raise _unusable()
    return after


def _without_table(text: str, header: str, newline: str) -> str:
    """The text without the table of this header and those within it."""
    kept: list[str] = []
    is_own = False
    for line in text.splitlines(keepends=True):
        said = line.strip()
        if said.startswith("["):
            is_own = said.startswith((f"[{header}]", f"[{header}."))
        if not is_own:
            kept.append(line)
    without = "".join(kept)
    return without if without == text else without.rstrip("\r\n") + (newline if without else "")


def _spell(header: str, entry: dict[str, Any]) -> list[str]:
    """A flat table, and its tables after it. JSON's texts and lists of texts are TOML's too."""
    plain = {key: value for key, value in entry.items() if not isinstance(value, dict)}
    lines = [f"[{header}]"]
    lines += [f"{_key(key)} = {_text(value)}" for key, value in plain.items()]
    for key, value in entry.items():
        if isinstance(value, dict):
            lines += ["", *_spell(f"{header}.{_key(key)}", value)]
    return lines


def _text(value: Any) -> str:
    # JSON leaves U+007F as it is, which TOML does not take.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    return name if _PLAIN.match(name) else json.dumps(name)


def _others(whole: dict[str, Any], section: str, name: str) -> dict[str, Any]:
    """Everything but this one table."""
    servers = whole.get(section)
    own = {key: value for key, value in servers.items() if key != name} if servers else {}
    return {**whole, section: own}


def _unusable() -> InvalidInput:
    return InvalidInput(
        "The configuration is not TOML in which this entry could be written; nothing was changed.",
        code="client_file_unusable",
        cure="Put the entry that is shown into the file by hand.",
    )
