"""The first note of a thing. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.exports.yaml_text import spell_head
from ttrpg_assistant.imports.fitting import storable
from ttrpg_assistant.imports.own_heads import NAME, list_head_fields, spell_property, spell_tags
from ttrpg_assistant.imports.own_notes import OWN_ID, OWN_KIND, spell_first_line, spell_part
from ttrpg_assistant.imports.vault_values import KEPT_SHAPES, spell_text
from ttrpg_assistant.vaults.note_text import SpellLink


def spell_new_note(
    kind: EntityKind[Any], id: str, stem: str, values: Mapping[str, Any], link: SpellLink
) -> bytes:
    """The first note of a thing."""
    head: dict[str, Any] = {OWN_ID: id, OWN_KIND: kind.name}
    if values[kind.name_field] != stem:
        head[NAME] = values[kind.name_field] or ""
    for name, word in list_head_fields(kind).items():
        one, value = kind.fields[name], values[name]
        if name == "tags":
            head |= spell_tags(kind.name, list(value))
        elif value != one.empty and (spelled := spell_property(one, value, link)) not in ("", []):
            head[word] = spelled
    blocks = [spell_head(head).rstrip("\n")]
    for name in kind.form_fields:
        if kind.fields[name].shape.name not in KEPT_SHAPES or not values[name]:
            continue
        first = spell_first_line(kind, name)
        text = spell_part(
            kind, name, spell_text(kind.fields[name].shape.name, values[name]).strip("\n")
        )
        blocks += [f"{first}\n{text}"] if kind.fields[name].is_gm_only else [first, text]
    return storable("\n\n".join(blocks) + "\n").encode()
