"""The instructions we give a model, one file each in `templates/`.

A template is text with `{{name}}` places. Rendering is strict: a place without a value and a
value without a place are both mistakes of ours and raise. Values are never looked into for
further places.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_PLACE = re.compile(r"\{\{(\w+)\}\}")


class TemplateMistake(Exception):
    """A template and the values for it do not match. A bug, never a user's doing."""


@cache
def load(name: str) -> str:
    """The text of `templates/<name>.md` without its last line end."""
    file = files("ttrpg_assistant.prompts") / "templates" / f"{name}.md"
    return file.read_text(encoding="utf-8").rstrip("\n")


def render(template: str, /, **values: str) -> str:
    """The template with every place filled.

    Raises TemplateMistake when a place has no value or a value has no place.
    """
    text = load(template)
    places = set(_PLACE.findall(text))
    if places != set(values):
        raise TemplateMistake(
            f"Template {template} has the places {sorted(places)}, given were {sorted(values)}."
        )
    return _PLACE.sub(lambda place: values[place[1]], text)
