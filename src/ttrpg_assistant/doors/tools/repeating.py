"""The same call twice is one call: an id made from what was asked, where the caller gave none."""

from __future__ import annotations

import hashlib
import json
import uuid
from typing import Any

from ttrpg_assistant.doors.model import Token


def find_id(token: Token, own: str | None, *parts: Any) -> str:
    """The id under which a call is done: the same whenever this token sends the same key, or
    without a key asks for the same. Never the key itself: whether something else has that id is
    not the caller's to learn."""
    if own is not None:
        parts = ("key", own)
    spelled = json.dumps([token.id, *parts], sort_keys=True, ensure_ascii=False, default=str)
    hashed = hashlib.sha256(spelled.encode("utf-8", "surrogatepass")).digest()
    return str(uuid.UUID(bytes=hashed[:16], version=5))
