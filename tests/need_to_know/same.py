"""What two twins are told, with what may differ named alike: ids, moments, nonces."""

from __future__ import annotations

import re

from tests.need_to_know.twins import Twin

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_MARK = re.compile(r"(BEGIN|END) [a-z]{10} ###")
_CREATED = re.compile(r'("created": ?)\d+')


def name_alike(twin: Twin, text: str, **names: str) -> str:
    """The text with every id called by its place among those of its twin; an id that was made
    since by the order in which it is told. `names` are further words to call alike."""
    known = {id: f"<open {at}>" for at, id in enumerate(twin.open_ids)}
    known |= {id: f"<game session {at}>" for at, id in enumerate(twin.game_sessions)}
    known |= {id: f"<hidden {at}>" for at, id in enumerate(twin.hidden_ids)}
    known[twin.campaign_id] = "<campaign>"
    new: dict[str, str] = {}

    def call(found: re.Match[str]) -> str:
        id = found[0]
        return known.get(id) or new.setdefault(id, f"<new {len(new)}>")

    for name, word in names.items():
        text = text.replace(word, f"<{name}>")
    text = _CREATED.sub(r"\1<moment>", _MOMENT.sub("<moment>", _UUID.sub(call, text)))
    return _MARK.sub(r"\1 <nonce> ###", text)


def find_difference(bare: str, full: str) -> str:
    """Around the first place where they differ; empty where they are the same."""
    if bare == full:
        return ""
    at = next(
        (at for at, (one, other) in enumerate(zip(bare, full, strict=False)) if one != other),
        min(len(bare), len(full)),
    )
    part = slice(max(0, at - 120), at + 200)
    return f"\nwithout: …{bare[part]}\nwith:    …{full[part]}"
