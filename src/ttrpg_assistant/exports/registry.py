"""All formats a campaign can be exported in: those of each file of `exports/formats/`."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.exports import formats
from ttrpg_assistant.exports.model import Edition
from ttrpg_assistant.exports.ports import Format


def _find_formats() -> Mapping[str, Format]:
    found: dict[str, Format] = {}
    for module in pkgutil.iter_modules(formats.__path__):
        for one in import_module(f"{formats.__name__}.{module.name}").FORMATS:
            found[one.name] = one
    return MappingProxyType(found)


FORMATS = _find_formats()


def get_format(name: str, edition: Edition | None) -> Format:
    """The format of this name. Raises `InvalidInput` where there is none, or not for them."""
    found = FORMATS.get(name)
    if found is None:
        raise InvalidInput(
            "There is no such format.",
            code="unknown_format",
            cure=f"Choose one of: {', '.join(FORMATS)}.",
            facts={"format": name[:40]},
        )
    if edition is not None and edition not in found.editions:
        raise InvalidInput(
            f"There is no {'players’' if edition == 'players' else 'game master’s'} edition of the"
            f" format {name}.",
            code="unknown_edition",
            cure=f"Choose one of: {', '.join(found.editions)}.",
            facts={"format": name, "edition": edition},
        )
    return found
