"""What a picture is, and what may be said of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from ttrpg_assistant.campaigns import checks
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.storage.content_files import Content

Role = Literal["portrait", "picture"]
"""`portrait` stands for the thing wherever it is named; a thing has one at most."""

ROLES: Final[tuple[str, ...]] = get_args(Role)
AUDIENCES: Final = ("gm", "party", "public")

MOST_OF_A_THING = 100
"""Pictures that one thing may have."""

_CHECKS: Final[Mapping[str, Callable[[str, object], object]]] = {
    "caption": checks.check_line,
    "audience": checks.one_of(*AUDIENCES),
    "place": lambda field, value: _check_place(field, value),
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a thing. `caption` is also read out in its place; `place` orders the pictures
    of the thing, from 0. `width` and `height` are in pixels. What `sha256` names never changes."""

    id: str
    campaign_id: str
    thing_kind: str
    thing_id: str
    role: Role
    caption: str
    sha256: str
    media_type: str
    width: int
    height: int
    bytes: int
    place: int
    audience: str
    revision: int
    removed_at: str | None
    created_at: str
    updated_at: str

    @property
    def content(self) -> Content:
        """What names its file."""
        return Content(self.sha256, self.media_type)


def check_changes(changes: Mapping[str, object]) -> dict[str, object]:
    """What may be changed of a picture, as it is kept. Raises `InvalidInput`, `TooLarge`."""
    unknown = sorted(set(changes) - set(_CHECKS))
    if unknown:
        raise InvalidInput(
            f"There is no field {unknown[0]} of a picture that can be changed.",
            code="unknown_field",
            facts={"field": unknown[0]},
        )
    return {name: _CHECKS[name](name, value) for name, value in changes.items()}


def _check_place(field: str, value: object) -> int:
    if type(value) is not int or not 0 <= value < MOST_OF_A_THING:
        raise InvalidInput(
            f"The field {field} must be a number from 0 to {MOST_OF_A_THING - 1}.",
            facts={"field": field},
        )
    return value
