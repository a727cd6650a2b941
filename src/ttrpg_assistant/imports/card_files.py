"""Where a character card is: in a PNG, a JSON file or a CHARX zip, with its pictures."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ttrpg_assistant.errors import Fault, InvalidInput, TooLarge
from ttrpg_assistant.imports.documents import (
    DOCUMENT_BYTES,
    begins_as_object,
    find_object,
    find_object_in,
)
from ttrpg_assistant.imports.foundry_actors import get_path
from ttrpg_assistant.imports.model import FoundPicture, SourceFile
from ttrpg_assistant.imports.own_texts import OURS
from ttrpg_assistant.imports.png_texts import SIGNATURE, mark_pixels, read_png_texts
from ttrpg_assistant.imports.unpacking import Unpacking, is_zip
from ttrpg_assistant.pictures.limits import UPLOAD_BYTES

CARD = "card.json"
PORTRAIT = "portrait"
"""What our own part of a card's extensions says of its picture."""

PICTURES = 50
PICTURE_BYTES = 100 * 1024**2
"""Of all pictures of one card."""

_ASSET = "chara-ext-asset_"
_EMBEDDED = ("embeded://", "embedded://")  # the first is how the specification spells it
_V1 = ({"name", "description", "first_mes"}, {"char_name", "char_persona"})


@dataclass(slots=True)
class CardFile:
    """A card as it was found. `container` is `png`, `json` or `charx`; `left_out` says of pictures
    why they are not there, `passed_over` counts names that lead out of a zip."""

    card: dict[str, Any]
    container: str
    pictures: list[FoundPicture] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    passed_over: int = 0


def find_card(file: SourceFile, beginning: bytes) -> dict[str, Any] | None:
    """The card in a file, or None. Never raises over content."""
    try:
        if beginning.startswith(SIGNATURE):
            return _find_in_png(file)
        if is_zip(beginning):
            return _find_in_zip(file)
        if begins_as_object(beginning):
            found = find_object(file.path, file.size)
            return found if found is not None and is_card(found) else None
    except Fault:
        return None
    return None


def read_card(file: SourceFile, beginning: bytes) -> CardFile:
    """The card in a file, with its pictures. Raises `InvalidInput` where there is none."""
    card = find_card(file, beginning)
    if card is None:
        raise InvalidInput("This character card is damaged.", code="import_damaged")
    if beginning.startswith(SIGNATURE):
        found = CardFile(card, "png")
        _add(found, "main", lambda: file.path.read_bytes(), file.size)
        _add_png_assets(found, file)
    elif is_zip(beginning):
        found = CardFile(card, "charx")
        with Unpacking(file.path) as zipped:
            found.passed_over = len(zipped.passed_over)
            _add_zip_assets(found, zipped)
    else:
        found = CardFile(card, "json")
    for uri, name in _list_assets(card):
        if uri.startswith("data:"):
            _add(found, name, lambda uri=uri: _decode(uri.partition(",")[2].encode()), len(uri))
        elif uri.startswith(("http:", "https:")):
            found.left_out.append((name, "it is on the web, and nothing is fetched from there"))
    _settle_portrait(found)
    return found


def _settle_portrait(found: CardFile) -> None:
    """A portrait that an export of ours made of a picture is that picture; one that it made up
    because there was none is left out."""
    own = get_path(found.card, "data", "extensions", OURS, PORTRAIT)
    if not isinstance(own, Mapping) or not own.get("pixels"):
        return
    sha256 = str(own.get("sha256") or "")
    found.pictures = [
        replace(one, own_sha256=sha256) if is_own else one
        for one in found.pictures
        for is_own in [mark_pixels(one.content) == own["pixels"]]
        if sha256 or not is_own
    ]


def is_card(value: dict[str, Any]) -> bool:
    """Whether a JSON object is a character card of any version."""
    spec, inner = value.get("spec"), value.get("data")
    if isinstance(spec, str) and spec.startswith("chara_card") and isinstance(inner, dict):
        return isinstance(inner.get("name"), str)
    return any(keys <= value.keys() for keys in _V1)


def _find_in_png(file: SourceFile) -> dict[str, Any] | None:
    texts = read_png_texts(file.path, lambda keyword: keyword in ("ccv3", "chara"))
    for keyword in ("ccv3", "chara"):
        if keyword in texts:
            text = texts[keyword]
            found = find_object_in(text if begins_as_object(text[:64]) else _decode(text))
            if found is not None and is_card(found):
                return found
    return None


def _find_in_zip(file: SourceFile) -> dict[str, Any] | None:
    with Unpacking(file.path) as zipped:
        if CARD not in zipped.names:
            return None
        found = find_object_in(zipped.read(CARD, DOCUMENT_BYTES))
    return found if found is not None and is_card(found) else None


def _decode(text: bytes) -> bytes:
    try:
        return base64.b64decode(b"".join(text.split()) + b"==", validate=False)
    except (binascii.Error, ValueError):
        return b""


def _list_assets(card: dict[str, Any]) -> list[tuple[str, str]]:
    """The pictures a card names: where each is, and what it is called; its portrait first."""
    assets = card["data"].get("assets") if isinstance(card.get("data"), dict) else None
    found = []
    for one in assets if isinstance(assets, list) else []:
        if not isinstance(one, dict) or not isinstance(one.get("uri"), str):
            continue
        is_main = one.get("type") == "icon" and one.get("name") == "main"
        rank = 0 if is_main else 1 if one.get("type") == "icon" else 2
        found.append((rank, one["uri"], str(one.get("name") or "picture")[:200]))
    ordered = sorted(found, key=lambda one: one[0])
    return [(uri, name) for _, uri, name in ordered]


def _add_zip_assets(found: CardFile, zipped: Unpacking) -> None:
    names = set(zipped.names)
    for uri, name in _list_assets(found.card):
        path = next((uri.removeprefix(one) for one in _EMBEDDED if uri.startswith(one)), None)
        if path is None:
            continue
        if path not in names:
            found.left_out.append((name, "it is not in the file"))
            continue
        _add(found, path, lambda path=path: zipped.read(path, UPLOAD_BYTES), 0)


def _add_png_assets(found: CardFile, file: SourceFile) -> None:
    wanted = {
        uri.partition(":")[2]: name
        for uri, name in _list_assets(found.card)
        if uri.startswith("__asset:")
    }
    if not wanted:
        return
    texts = read_png_texts(file.path, lambda keyword: keyword.startswith(_ASSET))
    for number, name in wanted.items():
        text = texts.get(f"{_ASSET}:{number}", texts.get(f"{_ASSET}{number}"))
        if text is None:
            found.left_out.append((name, "it is not in the file"))
        else:
            _add(found, name, lambda text=text: _decode(text), len(text))


def _add(found: CardFile, name: str, read: Any, size: int) -> None:
    held = sum(len(one.content) for one in found.pictures)
    if len(found.pictures) >= PICTURES or held + size > PICTURE_BYTES or size > 2 * UPLOAD_BYTES:
        found.left_out.append((name, "it is too large, or one too many"))
        return
    try:
        content = read()
    except TooLarge:
        found.left_out.append((name, "it is too large"))
        return
    if content:
        found.pictures.append(FoundPicture(name, content))
