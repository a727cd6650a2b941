"""Random edits of notes and of things, with the process killed in between.

Every edit is a word that occurs nowhere else. Notes are edited between two lives of the process
that syncs them, things while it looks; it is killed where its turn takes it. In the end
every word is where it has to be, and every byte that belongs to no field is as it was.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import select

from tests.vaults.vault_table import VaultTable, settle
from ttrpg_assistant import failpoints
from ttrpg_assistant.campaigns.kinds.npc import KIND as NPC
from ttrpg_assistant.campaigns.store.entities import plain_values
from ttrpg_assistant.campaigns.tables import entity_edits
from ttrpg_assistant.storage.engines import create_database
from ttrpg_assistant.vaults import note_files, store
from ttrpg_assistant.vaults.model import Answers, Choices
from ttrpg_assistant.vaults.telling import tell_status

PLACES = (
    *("vault_temporary", "vault_before_note", "vault_exchanged", "vault_after_note"),
    *("vault_taken_here", "vault_written", "vault_agreed", "before_commit", "after_commit"),
)
FIELDS = ("background", "personality", "gm_notes", "role", "status")
_WORD = re.compile(rb"\b(?:w\d+[rbpg]|[fh]\d+x\d+)\b")
"""A word that an edit put somewhere."""

NOTE = """---
# mine: {canary}
plugin: {{order: [c, a, b], id: {canary}}}   # why
role: 'w{number}r'   # beside {canary}
cssclasses:
  - wide    # {canary}
---
![[{canary}.png]]

## Background
w{number}b

> [!note] {canary}
> stays

## Personality

w{number}p
> [!secret]- GM notes
> w{number}g
after the callout: {canary}\t 
"""


@dataclass
class Run:
    """What was done so far. `said` are the words that were ever in a field of a note, each with
    the word it took the place of; `lost_to` those that a later edit of the same note replaced."""

    place: Path
    seed: int
    notes: int
    before: dict[str, str] = field(default_factory=dict)
    replaced: set[str] = field(default_factory=set)
    ids: list[str] = field(default_factory=list)
    edits: Counter[str] = field(default_factory=Counter)
    kills: Counter[str] = field(default_factory=Counter)

    @property
    def folder(self) -> Path:
        """The notes."""
        return self.place / "Notes"

    @property
    def database(self) -> Path:
        """The database."""
        return self.place / "data" / "ttrpg_assistant.db"


def newline_of(number: int) -> str:
    return "\r\n" if number % 3 == 0 else "\n"


def write_notes(run: Run) -> None:
    """The notes as somebody wrote them: each with its own line ends, some with a mark at the
    beginning, some without an end of the last line."""
    (run.folder / "NPCs").mkdir(parents=True)
    for number in range(run.notes):
        text = NOTE.format(number=number, canary=f"canary{number}x").replace(
            "\n", newline_of(number)
        )
        text = text.rstrip("\r\n") if number % 4 == 0 else text
        mark = b"\xef\xbb\xbf" if number % 5 == 0 else b""
        path = run.folder / f"NPCs/NPC {number}.md"
        path.write_bytes(mark + text.encode())
        settle(path)
        for letter in "rbpg":
            run.before[f"w{number}{letter}"] = ""


def list_canaries(number: int) -> Iterator[bytes]:
    """The bytes of a note that belong to no field, in order."""
    canary, end = f"canary{number}x", newline_of(number)
    if number % 5 == 0:
        yield b"\xef\xbb\xbf---" + end.encode()
    yield f"# mine: {canary}{end}plugin: {{order: [c, a, b], id: {canary}}}   # why{end}".encode()
    yield f"   # beside {canary}{end}cssclasses:{end}  - wide    # {canary}{end}".encode()
    yield f"---{end}![[{canary}.png]]{end}{end}## Background{end}".encode()
    yield f"{end}## Personality{end}{end}".encode()
    yield f"> [!secret]- GM notes{end}".encode()
    yield f"{end}after the callout: {canary}\t ".encode() + (
        b"" if number % 4 == 0 else end.encode()
    )


def edit_note(run: Run, chosen: random.Random, word: str) -> None:
    """Somebody puts a word in the place of one in a note."""
    number = chosen.randrange(run.notes)
    path = run.folder / f"NPCs/NPC {number}.md"
    content = path.read_bytes()
    words = sorted({one.decode() for one in _WORD.findall(content)})
    if not words:
        return
    was = chosen.choice(words)
    now = re.sub(rb"\b%b\b" % was.encode(), word.encode(), content)
    if chosen.random() < 0.5:
        path.write_bytes(now)
    else:
        other = path.with_name("editor.tmp")
        other.write_bytes(now)
        other.replace(path)
    settle(path)
    run.before[word] = was
    run.replaced.add(was)
    run.edits["in notes"] += 1


async def live(run: Run, seed: int, edits: int, kill: tuple[str, int] | None) -> None:
    """One life: looks again and again while things are edited beside it."""
    database = create_database(run.database)
    await database.open()
    campaign = (await database.read(store.list_links))[0].campaign_id
    table = VaultTable(database, run.folder, campaign)
    chosen = random.Random(seed)
    if kill is not None:
        failpoints._armed, failpoints._remaining = kill

    async def edit() -> None:
        for number in range(edits):
            id = run.ids[chosen.randrange(len(run.ids))]
            name, word = chosen.choice(FIELDS), f"h{seed}x{number}"
            await table.change("npc", id, **{name: word})
            journal(run, word)
            await asyncio.sleep(0)

    told = tell_status(await table.vaults.sync(campaign))
    sides: dict[str, dict[str, Any]] = {}
    for one in told["questions"]:
        if "field" in one and chosen.random() < 0.7:
            sides.setdefault(one["id"], {})[one["field"]] = chosen.choice(("here", "file"))
            journal(run, first_word(one["file"]), "answered")
    if sides:
        await table.vaults.sync(campaign, Answers(Choices(sides=sides)))
    editing = asyncio.create_task(edit())
    while not editing.done():
        await table.vaults.sync(campaign)
        await asyncio.sleep(0)
    await editing
    await table.vaults.sync(campaign)
    failpoints._armed = None
    await database.close()


def journal(run: Run, word: str, name: str = "journal") -> None:
    with (run.place / name).open("a") as file:
        file.write(f"{word}\n")


def begin(run: Run) -> None:
    """The first life: the notes become things."""

    async def work() -> None:
        (run.place / "data").mkdir(parents=True)
        database = create_database(run.database)
        await database.open()
        table = await VaultTable.lay(database, run.place)
        write_notes(run)
        told = await table.link()
        assert (told["notes"], told["faults"]) == (run.notes, []), told
        found = await table.things("npc")
        (run.place / "ids").write_text(json.dumps([one.id for one in found.values()]))
        await database.close()

    in_a_life(lambda: asyncio.run(work()))
    run.ids = json.loads((run.place / "ids").read_text())
    for number in range(run.notes):
        for letter in "rbpg":
            run.before[f"w{number}{letter}"] = ""


def in_a_life(work: Any) -> bool:
    """Do it in a process of its own; False where that was killed."""
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        except BaseException:
            import traceback

            traceback.print_exc()
            os._exit(3)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return False
    assert os.WEXITSTATUS(status) == 0, "a life ended with a fault"
    return True


def carry_out(run: Run, wanted: int, each: int) -> None:
    """Edits and kills until there were so many edits."""
    chosen = random.Random(run.seed)
    number = 0
    done = 0
    while done < wanted:
        number += 1
        for _ in range(each):
            edit_note(run, chosen, f"f{number}x{run.edits['in notes']}")
        kill = (chosen.choice(PLACES), chosen.randint(1, 7))
        seed = run.seed * 1_000_000 + number
        if not in_a_life(lambda seed=seed, kill=kill: asyncio.run(live(run, seed, each, kill))):
            run.kills[kill[0]] += 1
        made = len((run.place / "journal").read_text().split())
        run.edits["of things"] = made
        done = run.edits["in notes"] + made
    in_a_life(lambda: asyncio.run(live(run, 0, 0, None)))


async def look_at_the_end(run: Run) -> dict[str, Any]:
    """What is lost: words that are nowhere, things that took the place of what nobody had seen,
    bytes that are others."""
    database = create_database(run.database)
    await database.open()
    campaign = (await database.read(store.list_links))[0].campaign_id
    table = VaultTable(database, run.folder, campaign)
    told = await table.sync()
    things = {one.id: plain_values(one) for one in (await table.things("npc")).values()}
    history = await database.read(
        lambda tx: tx.execute(
            select(entity_edits.c.entity_id, entity_edits.c.revision, entity_edits.c.before)
            .where(entity_edits.c.entity_kind == NPC.name)
            .order_by(entity_edits.c.entity_id, entity_edits.c.revision)
        ).all()
    )
    paths = {one.entity_id: one.path for one in await database.read(lambda tx: _notes(tx))}
    there = {
        id: (run.folder / path).read_bytes().decode().replace("\r\n", "\n")
        for id, path in paths.items()
    }
    # Every value a field of a thing ever had, in order.
    lines: dict[tuple[str, str], list[str]] = {}
    for id, _, before in history:
        for name, value in before.items():
            if name in FIELDS:
                lines.setdefault((id, name), []).append(first_word(value))
    for id, values in things.items():
        for name in FIELDS:
            lines.setdefault((id, name), []).append(first_word(values[name]))
    had = {word for values in lines.values() for word in values}
    answered = set((run.place / "answered").read_text().split())
    shown = set(re.findall(r"\w+", "\n".join(there.values())))
    lost = [word for word in run.before if word not in had | shown | run.replaced | answered]
    overwritten = []
    for (id, name), values in lines.items():
        for before, after in pairwise(values):
            seen = ancestors(run, after) | {"", after}
            if after in run.before and before not in seen and after not in answered:
                overwritten.append((id, name, before, after))
    ours = [one for one in (run.place / "journal").read_text().split() if one not in had]
    bytes_changed = []
    for id, path in paths.items():
        number = int(path.split("NPC ")[1].removesuffix(".md"))
        content, at = (run.folder / path).read_bytes(), 0
        for canary in list_canaries(number):
            at = content.find(canary, at)
            if at < 0:
                bytes_changed.append((id, canary))
                break
            at += len(canary) - 2
    differing = [
        (id, name)
        for id, values in things.items()
        for name in FIELDS
        if values[name] and values[name] not in there[id]
    ]
    conflicts = {(one["id"], one["field"]) for one in told["questions"] if "field" in one}
    unexplained = [one for one in differing if one not in conflicts]
    left = [one for one in run.folder.rglob(f"{note_files.TEMPORARY}*.part")]
    sides = {id: dict.fromkeys(FIELDS, "here") for id, _ in conflicts}
    settled = await table.sync(Answers(Choices(sides=sides)))  # type: ignore[arg-type]
    await database.close()
    return {
        "lost": lost,
        "overwritten unseen": overwritten,
        "of things lost": ours,
        "bytes changed": bytes_changed,
        "not synced and not asked": unexplained,
        "left behind": left,
        "faults": told["faults"],
        "answered": len(answered),
        "conflicts": told["question_count"],
        "conflicts after an answer": settled["question_count"],
    }


def _notes(tx: Any) -> Any:
    return store.list_notes(tx, store.list_links(tx)[0].id)


def first_word(value: str) -> str:
    """The word that an edit put there: what follows it in a text stays."""
    found = re.match(r"\w*", value)
    return found[0] if found is not None else ""


def ancestors(run: Run, word: str) -> set[str]:
    """The words that stood in a note before this one, in the same place."""
    found: set[str] = set()
    while word := run.before.get(word, ""):
        found.add(word)
    return found


def main(place: Path, seed: int, edits: int, each: int, notes: int) -> dict[str, Any]:
    """Carry out a run, and say what came of it."""
    started = time.monotonic()
    run = Run(place, seed, notes)
    (place / "journal").touch()
    (place / "answered").touch()
    begin(run)
    carry_out(run, edits, each)
    found = asyncio.run(look_at_the_end(run))
    figures = {
        "edits": dict(run.edits),
        "kills": sum(run.kills.values()),
        "killed at": dict(run.kills),
        "seconds": round(time.monotonic() - started),
    }
    return {**figures, **found}


if __name__ == "__main__":
    place, seed, edits, each, notes = sys.argv[1:]
    print(json.dumps(main(Path(place), int(seed), int(edits), int(each), int(notes)), default=str))
