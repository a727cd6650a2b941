"""The head of a note: a few lines of YAML, spelled so that every reader of YAML reads the same.

Every text is in double quotes with the escapes of JSON, which YAML has too, but for words that no
version of it takes for anything else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:[ -][A-Za-z0-9_]+)*\Z")
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})
_BREAKING = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""What JSON leaves as it is and YAML folds or refuses."""


def spell_head(values: Mapping[str, Any]) -> str:
    """The values between two lines of dashes; each is a text, a number, a flag or a list."""
    lines = [f"{name}: {spell_value(one)}" for name, one in values.items()]
    return "\n".join(["---", *lines, "---", ""])


def spell_value(value: Any) -> str:
    """One value as it stands after its name."""
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(spell_value, value))}]"
    if isinstance(value, Mapping):
        inner = (f"{spell_value(str(name))}: {spell_value(one)}" for name, one in value.items())
        return f"{{{', '.join(inner)}}}"
    if isinstance(value, str):
        if _PLAIN.match(value) and len(value) <= 80 and value.casefold() not in _WORDS:
            return value
        quoted = json.dumps(value, ensure_ascii=False)
        return _BREAKING.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)
    return json.dumps(value)
