"""What a recognised block proposes: a kind, the thing meant, and its fields.

Both block formats come out as the same `Proposal`: `{field, value, rationale}`
(requirements, "Block formats") and `{kind, target?, fields, rationale}`. A field such as
`npc.Mira.personality` or `world_state.weather` says kind, target and field in one.
Fields inside an object are written with a dot: `world_state.weather`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.llm.lenient import Num, Value, read_values
from ttrpg_assistant.suggestions.fields import (
    LINE_CHARACTERS,
    NAME_CHARACTERS,
    TEXT_CHARACTERS,
    Json,
    as_json,
    as_line,
    as_text,
    clean,
    shape_value,
)
from ttrpg_assistant.suggestions.kinds import (
    CONTROL_KEYS,
    RATIONALE_KEYS,
    SOURCE_WORDS,
    TARGET_KEYS,
    Kind,
    find_word,
    is_usable,
    keyed,
    kind_of,
    list_targets,
    snake,
)

_NAME_ENDS = re.compile(r"[,:;(\n]|\s[-–—]\s|\.\s")
_SHORT_NAME = 60
_RULE_WORDS = {"", "rule", "house_rule", "house_rules", "text", "value", "description"}


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposal. `target` is the name or id of an existing thing, or None for a new one.

    `fields` are dotted names to JSON values. `note` says what the GM should know of how it
    was read. `title` is what the card is called.
    """

    kind: Kind
    target: str | None
    fields: dict[str, Json] = field(hash=False)
    title: str = ""
    rationale: str = ""
    note: str | None = None

    def same_as(self, other: Proposal) -> bool:
        """Whether it proposes the same, whatever reason it gives."""
        mine, theirs = (self.kind, self.target), (other.kind, other.target)
        return mine == theirs and self.fields == other.fields


@dataclass(frozen=True, slots=True)
class Cited:
    """A source a reply names. `confidence` is from 0 to 1."""

    source_name: str
    location: str | None = None
    excerpt: str | None = None
    confidence: float | None = None


def read_citation(item: dict[str, Value]) -> Cited:
    """The citation in a value for which `kinds.is_citation` holds."""
    entry = keyed(item)
    said = entry.get("location", entry.get("page"))
    quoted = entry.get("excerpt", entry.get("quote"))
    return Cited(
        clean(find_word(entry, SOURCE_WORDS) or "", NAME_CHARACTERS) or "?",
        clean(as_line(said), NAME_CHARACTERS) or None,
        clean(as_text(quoted), LINE_CHARACTERS) or None,
        _confidence(entry.get("confidence")),
    )


def _confidence(value: Value) -> float | None:
    text = as_line(value)
    try:
        number = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        return {"low": 0.3, "medium": 0.6, "high": 0.9}.get(text.lower())
    return number if 0 <= number <= 1 else None


def read_proposal(item: dict[str, Value], *, is_clean: bool) -> Proposal:
    """The proposal in a value for which `kinds.is_suggestion` holds."""
    entry = keyed(item)
    kind = kind_of(entry)
    assert kind is not None
    entity = list_targets()[kind]
    target, path = _read_path(entry)
    target = find_word(entry, TARGET_KEYS) or target
    said = _gather(entry, kind, path)
    fields, left_over = _fit(entity, said)
    if kind == "house_rule":
        fields = _house_rule(fields, said, target)
        target, left_over = None, {}
    notes = [] if is_clean else ["The suggestion was not written cleanly; check it closely."]
    _keep_left_over(entity, fields, left_over)
    if target is None and kind != "npc_trait":
        _name(entity, fields, notes)
    elif target is not None and len(target) > NAME_CHARACTERS:
        notes.append("The name it is meant for was too long.")
    if any(isinstance(one, str) and len(one) >= TEXT_CHARACTERS for one in fields.values()):
        notes.append("A text was too long and was cut.")
    rationale = next((as_text(entry[key]) for key in RATIONALE_KEYS if key in entry), "")
    return Proposal(
        kind,
        None if target is None else clean(target, NAME_CHARACTERS) or None,
        fields,
        _title(kind, target, fields),
        clean(rationale, LINE_CHARACTERS),
        " ".join(notes) or None,
    )


def _read_path(entry: dict[str, Value]) -> tuple[str | None, str | None]:
    """The target and the field in `npc.Mira.personality`, `npc.Mira`, `campaign.setting`."""
    path = find_word(entry, ("field",))
    if path is None:
        return None, None
    head, _, rest = path.partition(".")
    head = snake(head)
    if not rest:
        names_a_kind = kind_of({"kind": head}) is not None and head != "world_state"
        return None, None if names_a_kind else path
    if head in ("campaign", "campaign_field"):
        return None, rest
    if head in ("world", "world_state"):
        return None, f"world_state.{rest}"
    target, _, last = rest.rpartition(".")
    if target:
        return target.strip(), last
    entity = list_targets()[kind_of({"kind": head}) or "npc"]
    # `npc.personality` names a field, `npc.Mira` a person.
    is_field = entity.find_field(snake(rest)) is not None
    return (None, rest) if is_field else (rest.strip(), None)


def _gather(entry: dict[str, Value], kind: Kind, path: str | None) -> dict[str, Value]:
    """Everything the block says about the thing, by the words it used."""
    said: dict[str, Value] = {}
    fields = entry.get("fields")
    if isinstance(fields, str) and not isinstance(fields, Num):
        reading = read_values(fields)
        fields = reading.values[0] if reading is not None and reading.values else fields
    if isinstance(fields, list):
        for one in fields:
            pair = keyed(one) if isinstance(one, dict) else {}
            name = find_word(pair, ("field", "name", "key"))
            if name is not None and "value" in pair:
                said[name] = pair["value"]
            elif isinstance(one, dict):
                said.update(one)
    elif isinstance(fields, dict):
        said.update(fields)
    elif is_usable(fields):
        said[""] = fields
    value = entry.get("value")
    if is_usable(value):
        has_own_field = path is not None or not isinstance(value, dict)
        plain = find_word(entry, ("field",)) if "kind" in entry and path is None else path
        if plain is not None and snake(plain) == kind:
            plain = None
        if has_own_field:
            said[plain or ""] = value
        elif isinstance(value, dict):
            said.update(value)
    if not said:
        said = {key: one for key, one in entry.items() if key not in CONTROL_KEYS}
    return {name: one for name, one in said.items() if is_usable(one)}


def _fit(
    entity: EntityKind[Any], said: dict[str, Value]
) -> tuple[dict[str, Json], dict[str, Value]]:
    """The fields the entity has, fitted; and what it has no field for."""
    fields: dict[str, Json] = {}
    left_over: dict[str, Value] = {}
    for word, value in said.items():
        head, _, key = word.partition(".")
        name = entity.find_field(snake(head))
        if not word:
            left_over[""] = value
        elif name is None:
            left_over[word] = value
        elif entity.fields[name].shape.name == "object" and key:
            fields[f"{name}.{_key(key)}"] = as_json(value)
        else:
            fitted = shape_value(entity.fields[name].shape, value)
            if fitted is None:
                left_over[word] = value
            elif isinstance(fitted, dict):
                fields.update({f"{name}.{_key(one)}": inner for one, inner in fitted.items()})
            elif name not in fields:
                fields[name] = fitted
            elif isinstance(fitted, str) and isinstance(fields[name], str):
                fields[name] = clean(f"{fields[name]}\n{fitted}", TEXT_CHARACTERS)
            elif isinstance(kept := fields[name], list) and isinstance(fitted, list):
                fields[name] = [*kept, *(one for one in fitted if one not in kept)]
    return fields, left_over


def _key(word: str) -> str:
    """A key of an object, kept as the model wrote it but for dots, which divide names."""
    return clean(word.replace(".", " "), NAME_CHARACTERS) or "?"


def _house_rule(
    fields: dict[str, Json], said: dict[str, Value], target: str | None
) -> dict[str, Json]:
    """A house rule is one entry of the campaign's `house_rules`: its name and its text."""
    given = {name: one for name, one in fields.items() if name.startswith("house_rules.")}
    if given:
        return given
    words = {snake(word): value for word, value in said.items()}
    named = next((words[key] for key in ("name", "title", "rule_name") if key in words), None)
    rest = {word: one for word, one in words.items() if word not in ("name", "title", "rule_name")}
    if named is None and len(said) == 1 and not _RULE_WORDS & words.keys():
        named = next(iter(said))  # the field is the rule's short name
    texts = [as_text(one) for one in rest.values()]
    text = clean("\n".join(texts), TEXT_CHARACTERS) or as_line(named)
    name = target or as_line(named) or _first_words(text)
    return {f"house_rules.{_key(name)}": text}


def _keep_left_over(
    entity: EntityKind[Any], fields: dict[str, Json], left_over: dict[str, Value]
) -> None:
    """Words the entity has no field for are kept where they can be read, not dropped."""
    main, notes = entity.main_field, entity.left_over_field
    texts: dict[str, list[str]] = {main: [], notes: []}
    for word, value in left_over.items():
        if word:
            label = word.replace("_", " ").replace(".", " ").strip()
            texts[notes].append(f"{label[:1].upper()}{label[1:]}: {as_text(value)}")
        else:
            texts[main].append(as_text(value))
    for name, parts in texts.items():
        if parts:
            kept = fields.get(name)
            lines = [kept, *parts] if isinstance(kept, str) else parts
            fields[name] = clean("\n".join(lines), TEXT_CHARACTERS)


def _name(entity: EntityKind[Any], fields: dict[str, Json], notes: list[str]) -> None:
    """A new thing needs a name: the first words of its text, when none is given."""
    if not entity.is_thing or entity.name_field in fields:
        return
    text = fields.get(entity.main_field)
    if isinstance(text, str):
        name = _first_words(text)
        fields[entity.name_field] = name
        if name == text:
            del fields[entity.main_field]
    else:
        notes.append("It has no name yet; give it one.")


def _first_words(text: str) -> str:
    head = _NAME_ENDS.split(text, maxsplit=1)[0].strip() or text.strip()
    if len(head) <= _SHORT_NAME:
        return clean(head, NAME_CHARACTERS)
    return clean(cut_text(head, _SHORT_NAME).rsplit(" ", 1)[0], NAME_CHARACTERS) + "…"


def _title(kind: Kind, target: str | None, fields: dict[str, Json]) -> str:
    entity = list_targets()[kind]
    name = target or fields.get(entity.name_field)
    if kind == "house_rule":
        name = next(iter(fields), "").removeprefix("house_rules.")
        return clean(f"House rule: {name}", NAME_CHARACTERS)
    if entity.name == "campaign":
        named = ", ".join(one.replace("_", " ").replace(".", ": ") for one in fields)
        return clean(f"Campaign: {named}", NAME_CHARACTERS)
    if entity.name == "game_session" and target is None:
        label = "Session plan"
    elif target is None and kind != "npc_trait":
        label = f"New {entity.noun}"
    else:
        label = entity.noun[:1].upper() + entity.noun[1:]
    return clean(f"{label}: {name}" if name else label, NAME_CHARACTERS)
