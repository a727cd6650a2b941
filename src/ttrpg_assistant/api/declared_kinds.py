"""The kinds of things as the page reads them: over HTTP, and as a module of its own.

The page needs them before its first line is drawn, so they are joined into it; its name changes
with them, and a browser keeps it for good.
"""

from __future__ import annotations

import json
from typing import Any

from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.campaigns.registry import KINDS

MODULE = "/app/declared_kinds.js"
"""Where the page finds them; the file there holds none."""


def wire_kinds() -> list[dict[str, Any]]:
    """Every kind in its order."""
    return [wire_kind(kind) for kind in KINDS.values()]


def spell_module() -> str:
    """The module of the page that holds them, on one line."""
    spelled = json.dumps([_without_blanks(kind) for kind in wire_kinds()], separators=(",", ":"))
    return f"export const declared = {spelled};\n"


def _without_blanks(kind: dict[str, Any]) -> dict[str, Any]:
    """What is said of a kind; `empty` of a field is said also when it is a blank."""
    fields = [
        {name: value for name, value in one.items() if value or name == "empty"}
        for one in kind["fields"]
    ]
    return {**{name: value for name, value in kind.items() if value}, "fields": fields}


def wire_kind(kind: EntityKind[Any]) -> dict[str, Any]:
    """A kind as the page's forms, lists and cards read it, its fields in the order of forms."""
    return {
        "name": kind.name,
        "noun": kind.noun,
        "one": kind.one,
        "plural": kind.plural,
        "list_name": kind.list_name,
        "icon": kind.icon,
        "hint": kind.hint,
        "empty_list": kind.empty_list or f"{kind.hint}.",
        "first_of_all": kind.first_of_all or f"Add {kind.one}",
        "name_field": kind.name_field,
        "main_field": kind.main_field,
        "path": kind.path,
        "is_thing": kind.is_thing,
        "is_pictured": kind.is_pictured,
        "is_rolled_on": kind.is_rolled_on,
        "is_shown_in_pictures": kind.is_shown_in_pictures,
        "suggestions": list(kind.proposals),
        "synonyms": [word.replace("_", " ") for word in kind.proposals.get(kind.name, ())],
        "fields": [
            {
                "name": name,
                "label": one.label,
                "shape": one.shape.name,
                "hint": one.hint,
                "is_gm_only": one.is_gm_only,
                "is_first": one.is_first,
                "is_column": one.is_column,
                "is_filter": one.is_filter,
                "is_proposable": one.is_proposable,
                "says_itself": one.says_itself,
                "points_to": one.points_to,
                "offers": list(one.offers),
                "choices": [
                    {"value": value, "label": label}
                    for value, label in (one.shape.choices or {}).items()
                ],
                "empty": one.empty,
            }
            for name, one in kind.form_fields.items()
        ],
    }
