"""A vault that was exported comes back: nothing is new where it came from, and all that it holds
is there where nothing was."""

from __future__ import annotations

import json
import random
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exports.reading import exports_of
from tests.imports.import_table import ImportTable
from tests.need_to_know.test_every_kind import Maker
from tests.running import Running, running
from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.campaigns.kinds.game_session import KIND as GAME_SESSION
from ttrpg_assistant.campaigns.kinds.npc import KIND as NPC
from ttrpg_assistant.campaigns.registry import get_kind, list_things
from ttrpg_assistant.campaigns.relations import check_relation
from ttrpg_assistant.campaigns.store import edits, entities, game_sessions, knowledge, relations
from ttrpg_assistant.exports.store.reading import (
    iterate_entities,
    iterate_facts,
    list_relations_between,
)
from ttrpg_assistant.imports.own_notes import (
    GENERATED,
    list_first_lines,
    read_parts,
    spell_first_line,
    spell_part,
)
from ttrpg_assistant.imports.vault_values import KEPT_SHAPES, same_text, spell_text

KINDS = [*list_things(), GAME_SESSION]
LABELS = [line for kind in KINDS for line in list_first_lines(kind.name)]
PIECES = st.sampled_from(
    [
        *LABELS,
        *("\\" + line for line in LABELS[:3]),
        *(
            "- item",
            "  deeper",
            "> quoted",
            "",
            " ",
            "**bold**: x",
            "a *(may hint)*",
            "*(no hint)*",
        ),
        *("![[picture.png]]", "*caption*", "---", "%% comment %%", "```", "# Title", "\\", "*"),
        *("[[Mira]]", "owes → [[Mira]] (wary): x", " ^fact-0", "ttrpg_id: x", "1. one", "\r"),
    ]
) | st.text(max_size=12)
TEXTS = st.lists(PIECES, max_size=6).map("\n".join)
NO_NUL = TEXTS.map(lambda text: text.replace("\0", "").encode("utf-8", "ignore").decode())


def _values(shape: str) -> st.SearchStrategy[Any]:
    secret = st.fixed_dictionaries({"text": NO_NUL, "may_hint": st.booleans()})
    tie = st.fixed_dictionaries({"target": NO_NUL, "relation": NO_NUL})
    return {
        "prose": NO_NUL,
        "lines": st.lists(NO_NUL, max_size=3),
        "secrets": st.lists(secret, max_size=3),
        "connections": st.lists(tie.filter(lambda one: bool(one["target"].split())), max_size=3),
    }[shape]


@st.composite
def _notes(draw: st.DrawFn) -> tuple[EntityKind[Any], dict[str, Any]]:
    kind = draw(st.sampled_from(KINDS))
    values = {}
    for name, one in kind.fields.items():
        if one.shape.name in KEPT_SHAPES and draw(st.booleans()):
            value = one.shape.check(name, draw(_values(one.shape.name))[:3_000])
            if value and spell_text(one.shape.name, value).strip("\n\r"):
                values[name] = value
    return kind, values


@given(_notes())
def test_every_part_of_a_note_is_read_as_it_was_written(
    note: tuple[EntityKind[Any], dict[str, Any]],
) -> None:
    kind, values = note
    blocks = []
    for name, value in values.items():
        text = spell_part(kind, name, spell_text(kind.fields[name].shape.name, value))
        blocks += [spell_first_line(kind, name), *([] if kind.fields[name].is_gm_only else [""])]
        blocks += [text, ""]
    found = read_parts(kind, "\n".join(blocks))
    assert found.keys() == values.keys()
    for name, value in values.items():
        assert same_text(found[name], value), name


def test_no_field_is_called_like_a_part_that_is_written_from_elsewhere() -> None:
    for kind in KINDS:
        labels = [one.label for one in kind.fields.values()]
        assert not set(labels) & set(GENERATED), kind.name
        assert len(labels) == len(set(labels)), kind.name


HARD = [
    "## Background\n\nIt says *so*.\n\n## Relations\n\n- not one → [[X]]",
    "\n> [!secret]- GM notes\n> fake\n\n- a list *(may hint)*\n\n\\## Facts\n",
    "Names [[Mira Vale]] and ![[nothing.png]] %% hidden? %%\r\nNext\tline  \n",
    "---\nttrpg_id: evil\n---\n#tag Status:: dead\n\n# Secrets\n\n- all of them",
]


def _fill(seed: int) -> Any:
    made_at = random.Random(seed)

    def work(tx: Any) -> str:
        made = Maker(seed).make(tx)
        for number, text in enumerate(HARD):
            values = {
                "name": ["Con", "A: b/c", "yes", "Mira | [x] #y"][number],
                "aliases": ["true", "#odd", "the *old* smith &c", "- dash"],
                "tags": ["two words", "npc", "#odd"],
                "role": ["*x*", "&anchor *ref", "12", "[[A]] → b"][number],
                "background": text,
                "gm_notes": text,
                "secrets": [{"text": text.strip(), "may_hint": number % 2 == 0}],
                "sample_lines": [text, "- x", "plain"],
                "connections": [{"target": "a**: b\\", "relation": "c: d"}],
                "is_present": number == 1,
            }
            npc = edits.add_entity(tx, NPC, made.id, NPC.check_new(values))
            end = made_at.choice([one for one in made.things if one.kind == "npc"])
            knowledge.add_fact(tx, made.id, f"{text} *(x)*", "party", canon="prepped")
            knowledge.add_fact(tx, made.id, f"*Fact:* {number}", "gm", is_false=True)
            ends = {"from_kind": "npc", "from_id": npc.id, "to_kind": "npc", "to_id": end.id}
            for label, note in (("", ""), ("owes → her", "two\nlines"), ("is *close*: to", "x")):
                values = {**ends, "label": label, "attitude": number - 1, "note": note}
                relations.add_relation(tx, made.id, check_relation(values))
            if number == 2:
                entities.archive_entity(tx, NPC, npc.id)
        for title in ("", "01 First", "The bell"):
            checked = GAME_SESSION.check_new({"title": title, "plan": HARD[0], "recap_gm": "x"})
            game_sessions.add_game_session(tx, made.id, checked)
        return made.id

    return work


async def _export(app: Running, folder: Path, campaign: str, name: str) -> Path:
    written = folder / f"{name}.zip"
    await exports_of(app.services.database, folder).write(campaign, "vault", written)
    return written


def _read_everything(tx: Any, campaign: str) -> dict[str, Any]:
    things = {
        one.id: {**entities.plain_values(one), "kind": kind.name}
        for kind in KINDS
        for page in iterate_entities(tx, kind, campaign, with_archived=True)
        for one in page
    }
    return {
        "things": things,
        "facts": sorted((one.text, one.canon, one.is_false) for one in iterate_facts(tx, campaign)),
        "relations": sorted(
            (one.from_id, one.to_id, one.label, one.attitude or 0, one.note)
            for one in list_relations_between(tx, campaign, list(things))
        ),
    }


@pytest.mark.parametrize("seed", [3, 4])
async def test_where_it_came_from_nothing_of_an_exported_vault_is_new(
    tmp_path: Path, seed: int
) -> None:
    async with running(tmp_path / "data") as app:
        campaign = await app.services.database.write(_fill(seed))
        before = await app.services.database.read(lambda tx: _read_everything(tx, campaign))
        written = await _export(app, tmp_path, campaign, "vault")
        table = ImportTable(app, campaign)
        seen = await table.send(written.read_bytes(), "vault.zip")
        wrong = [
            (one["name"], one["action"], one["fields"])
            for one in seen["things"]
            if one["action"] != "same" or one["found_by"] != "own"
        ]
        assert not wrong
        assert len(seen["things"]) == len(before["things"])
        done = await table.accept(seen)
        counts = done["report"]["counts"]
        assert set(counts) == {"same", "facts_same", "relations_same"}
        after = await app.services.database.read(lambda tx: _read_everything(tx, campaign))
        assert after == before


async def test_in_an_empty_campaign_all_that_a_vault_holds_is_there_again(tmp_path: Path) -> None:
    async with running(tmp_path / "data") as app:
        campaign = await app.services.database.write(_fill(5))
        written = await _export(app, tmp_path, campaign, "vault")
        other = (await app.post("/api/campaigns", {"name": "Other"}))["id"]
        table = ImportTable(app, other)
        await table.bring(written.read_bytes(), "vault.zip")
        read = app.services.database.read
        first = await read(lambda tx: _read_everything(tx, campaign))
        second = await read(lambda tx: _read_everything(tx, other))
        assert _compared(second, first) == _compared(first, first)


def _compared(found: Any, model: Any) -> Any:
    """What there is, with names for ids, and without what a file cannot decide or hold."""
    names = {
        id: f"{one['kind']} {one[get_kind(one['kind']).name_field]}"
        for id, one in found["things"].items()
    }
    things = []
    for one in found["things"].values():
        kind = get_kind(one["kind"])
        told = {
            name: _plain(one[name], names)
            for name, field in kind.fields.items()
            if name not in ("audience", "known_to")
            and field.shape.name not in ("message", "object")
        }
        things.append(json.dumps([one["kind"], told, bool(one["archived_at"])], sort_keys=True))
    related = {(names[a], names[b], *rest) for a, b, *rest in found["relations"]}
    facts = sorted((_plain(text, {}).strip(), *rest) for text, *rest in found["facts"])
    return sorted(things), facts, sorted(related)


def _plain(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, str):
        text = names.get(value, value)
        return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    if isinstance(value, list):
        return [_plain(one, names) for one in value]
    if isinstance(value, dict):
        return {name: _plain(one, names) for name, one in value.items()}
    return value


async def test_what_was_edited_in_a_vault_is_the_change_and_nothing_else(tmp_path: Path) -> None:
    async with running(tmp_path / "data") as app:
        campaign = await app.services.database.write(_fill(6))
        written = await _export(app, tmp_path, campaign, "vault")
        folder = tmp_path / "vault"
        with zipfile.ZipFile(written) as zipped:
            zipped.extractall(folder)
        (note,) = folder.rglob("Con_.md")
        text = note.read_text(encoding="utf-8")
        note.write_text(text.replace("\n- plain", "\n- changed there"), encoding="utf-8")
        moved = note.with_name("Somebody else.md")
        note.rename(moved)
        (facts,) = folder.rglob("Facts.md")
        said = facts.read_text(encoding="utf-8")
        facts.write_text(said.replace("*Fact:* 0", "*Fact:* zero"), encoding="utf-8")
        packed = shutil.make_archive(str(tmp_path / "again"), "zip", folder)
        table = ImportTable(app, campaign)
        seen = await table.send(Path(packed).read_bytes(), "vault.zip")
        changed = [one for one in seen["things"] if one["action"] != "same"]
        assert [one["action"] for one in changed] == ["changed"]
        fields = {one["name"]: one["outcome"] for one in changed[0]["fields"]}
        assert fields == {"name": "take", "sample_lines": "take"} or fields == {
            "sample_lines": "take"
        }
        done = await table.accept(seen)
        counts = done["report"]["counts"]
        assert (counts.get("new"), counts.get("facts"), counts.get("facts_changed")) == (
            None,
            None,
            1,
        )
