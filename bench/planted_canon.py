"""Made-up campaigns in which something stays open or contradicts itself, and how much is found.

What is planted is written by hand, in six sets: the rules were written while looking at the first;
of the second, tried afterwards, and of the third, written last, some faults were mended by their
kind (`planted_canon.txt`). The fourth (`planted_voices.txt`) is in some twenty voices; each of its
parts was tried once before the rules were mended by it. The fifth (`planted_further.txt`) is in
some twenty voices more, which `continuity/likeness.py` has its weights from, and from the others.
The sixth (`planted_untouched.txt`) was written after the first rules, in the voices of several
tables, and no rule is changed for it. Names, chatter and the evenings come from a seed.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection

from bench.planted_cases import WORDS_ALONE, Case, share_out
from ttrpg_assistant.campaigns.kinds.campaign import KIND as CAMPAIGN
from ttrpg_assistant.campaigns.name_indexes import NameIndexes
from ttrpg_assistant.campaigns.registry import KINDS
from ttrpg_assistant.campaigns.store import edits, game_sessions, knowledge, table_log
from ttrpg_assistant.continuity.continuity import Continuity
from ttrpg_assistant.conversations.tables import conversations, messages
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage.database import Database

SEED = 20_261_130

EVENINGS = 9
CHATTER = 25
"""Lines of an evening beside what is planted in it."""

_NAMES = Path(__file__).with_name("planted_names.txt").read_text(encoding="utf-8").splitlines()
_NPCS, _PLACES, _ITEMS = (line.split(", ") for line in _NAMES)
_CHATTER = (
    "Ana: Can I have a look at the door?",
    "Ben: Does a nineteen hit?",
    "Cleo: I move up behind the barrels and wait.",
    "The rain gets worse, and the road turns to mud.",
    "Ana: What do we know about {place}?",
    "{npc} nods and points the way to {place}.",
    "{npc} pours wine for everybody.",
    "Ben: Who brings drinks next week?",
    "Cleo: I listen at the wall.",
    "{pc} lights a torch and goes first.",
    "{npc} tells a long story about fishing.",
    "Ana: That was my last spell slot.",
    "The market of {place} is loud this morning.",
    "{pc} sharpens a knife by the fire.",
    "Ben: Okay, so we walk north until dusk?",
    "{npc} does not trust strangers, and says so.",
)


@dataclass
class Planted:
    """A campaign and what must be found in it: a piece of the text, or the name, of each. What
    must not be found is everything else, but for those who by chance were not seen for long, too.
    """

    campaign_id: str
    threads: dict[str, str] = field(default_factory=dict)
    missed_too: set[str] = field(default_factory=set)
    pairs: dict[str, str] = field(default_factory=dict)


@dataclass
class Score:
    """Found, missed and wrong, by kind."""

    found: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    missed: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)

    def recall(self) -> float:
        """Share of what was planted that was found."""
        missed = sum(map(len, self.missed.values()))
        return sum(self.found.values()) / max(1, sum(self.found.values()) + missed)

    def precision(self) -> float:
        """Share of what was found that was planted."""
        found = sum(self.found.values())
        return found / max(1, found + len(self.wrong))


class Planter:
    """Writes campaigns; the same seed makes the same ones."""

    def __init__(self, tx: Connection, seed: int) -> None:
        self._tx, self._random = tx, random.Random(seed)

    def plant(self, cases: Sequence[Case]) -> Planted:
        """A campaign with all of these cases in it, each with names of its own."""
        tx = self._tx
        made = edits.add_entity(tx, CAMPAIGN, None, CAMPAIGN.check_new({"name": "Planted"}))
        self._campaign_id = made.id
        planted = Planted(made.id)
        self._names = list(_NPCS)
        self._random.shuffle(self._names)
        self._places = {name: self._thing("location", name=name) for name in _PLACES}
        self._pcs = ["Rook", "Hazel"]
        for name in self._pcs:
            self._thing("character", name=name)
        self._regulars = [self._npc() for _ in range(4)]
        self._seen: dict[str, set[int]] = defaultdict(set)
        self._said: dict[int, list[str]] = {number: [] for number in range(1, EVENINGS + 1)}
        self._games = [
            game_sessions.add_game_session(
                tx, made.id, KINDS["game_session"].check_new({"title": f"Evening {number}"})
            )
            for number in range(1, EVENINGS + 1)
        ]
        for case in self._random.sample(list(cases), len(cases)):
            self._add(planted, case)
        if any(case.part not in WORDS_ALONE for case in cases):
            self._add_structured(planted)
        for number in range(1, EVENINGS + 1):
            self._write_evening(number)
        planted.missed_too = {
            name for name, seen in self._seen.items() if len(seen) > 1 and max(seen) < EVENINGS - 4
        }
        return planted

    def _thing(self, kind: str, **fields: object) -> str:
        declared = KINDS[kind]
        values = declared.check_new(fields)
        return str(edits.add_entity(self._tx, declared, self._campaign_id, values).id)

    def _npc(self, **fields: object) -> str:
        name = self._names.pop()
        self._thing("npc", name=name, **fields)
        return name

    def _add(self, planted: Planted, case: Case) -> None:
        used = f"{case.first} {case.then}"
        letters = {one: self._npc() for one in "NMO" if f"{one}" in _letters(used)}
        letters |= dict(zip("LK", self._random.sample(list(_PLACES), 2), strict=True))
        letters |= dict(zip("PQ", self._pcs, strict=True))
        item = ""
        if "@" in used:
            item = f"{self._names[-1]} {self._random.choice(_ITEMS)}"
            letters["@"] = item
            holder = letters["N"] if case.first.startswith("sheet") else ""
            self._thing("item", name=item, holder=holder)
        first, then = (fill_letters(one, letters) for one in (case.first, case.then))
        is_open = case.kind in ("promised", "owed", "planted")
        settles = is_open and bool(then) and self._random.random() < 0.4
        evening = self._random.randint(1, EVENINGS - 3)
        later = evening if case.kind.endswith("place") else evening + 2
        if not case.first.startswith("sheet"):
            self._put(first, evening)
        if then and (settles or not is_open):
            self._put(then, later)
        subject = item or letters.get("N") or letters["L"]
        if is_open and not settles:
            planted.threads[_bare(first)] = case.kind
        elif case.kind in ("life", "value", "holder", "place"):
            planted.pairs[letters["L"] if _is_of_place(case) else subject] = case.kind

    def _put(self, text: str, evening: int) -> None:
        head, _, rest = text.partition(": ")
        for name in _NPCS:
            # A fact about somebody is no sight of them.
            if name in text and head != "fact":
                self._seen[name].add(evening)
        game = self._games[evening - 1]
        if head == "note":
            table_log.add_session_note(self._tx, game.id, rest, gm_only=True, id=None, at=None)
        elif head == "fact":
            knowledge.add_fact(
                self._tx, self._campaign_id, rest, "gm", canon="happened", game_session_id=game.id
            )
        elif head == "recap":
            current = edits.get_entity(self._tx, KINDS["game_session"], game.id)
            recap = f"{current.recap_gm}\n{rest}".strip()
            edits.edit_entity(
                self._tx, KINDS["game_session"], game.id, current.revision, {"recap_gm": recap}
            )
        else:
            self._said[evening].append(text)

    def _add_structured(self, planted: Planted) -> None:
        """What nobody says: somebody who is missed, what was prepared and never came, a belief."""
        for name, evenings, is_missed in (
            (self._npc(), (1, 2, 3), True),
            (self._npc(), (1, 2, 3, 7), False),
            (self._npc(status="dead"), (1, 2), False),
            (self._npc(), (2,), False),
            (self._npc(), (2, 4), True),
        ):
            for number in evenings:
                self._said[number].append(f"{name} sits by the window and hums.")
            if is_missed:
                planted.threads[name] = "not_seen"
        prepared = f"The letter of {self._npc()}"
        self._thing("handout", name=prepared, canon="prepped", game_session_id=self._games[1].id)
        planted.threads[prepared] = "planted"
        self._thing("handout", name="A map of the sewers", canon="prepped")
        self._thing("plot_point", title="The siege", status="happened", is_open=False)
        self._thing(
            "plot_point",
            title="The missing heir",
            status="prepped",
            game_session_id=self._games[2].id,
        )
        planted.threads["The missing heir"] = "planted"
        knowledge.add_fact(
            self._tx, self._campaign_id, "The duke is loyal.", "party", is_false=True
        )
        planted.threads["The duke is loyal."] = "believed"
        knowledge.add_fact(self._tx, self._campaign_id, "The bridge is down.", "party")

    def _write_evening(self, number: int) -> None:
        game = self._games[number - 1]
        chatter = [
            self._random.choice(_CHATTER).format(
                npc=self._random.choice(self._regulars),
                pc=self._random.choice(self._pcs),
                place=self._random.choice(_PLACES),
            )
            for _ in range(CHATTER)
        ]
        lines = list(self._said[number])
        for one in chatter:
            lines.insert(self._random.randint(0, len(lines)), one)
            for name in self._regulars:
                if name in one:
                    self._seen[name].add(number)
        game_sessions.run_game_session(self._tx, game.id)
        game_sessions.end_game_session(self._tx, game.id)
        _add_talk(self._tx, self._campaign_id, game.id, number, lines)


def _add_talk(
    tx: Connection, campaign_id: str, game_id: str, number: int, lines: Sequence[str]
) -> None:
    now, id, parent = utc_now(), new_id(), None
    rows = []
    for seq, line in enumerate(lines, start=1):
        rows.append(
            {
                "id": new_id(),
                "conversation_id": id,
                "seq": seq,
                "parent_id": parent,
                "role": "user",
                "status": "complete",
                "origin": "imported",
                "created_at": now,
                "updated_at": now,
                "content": line,
            }
        )
        parent = rows[-1]["id"]
    tx.execute(
        conversations.insert().values(
            id=id,
            kind="thread",
            campaign_id=campaign_id,
            game_session_id=game_id,
            purpose="general",
            title=f"Evening {number}",
            tip_message_id=parent,
            next_seq=len(rows) + 1,
            message_count=len(rows),
            unread_count=0,
            last_message_at=now,
            created_at=now,
            updated_at=now,
        )
    )
    tx.execute(messages.insert(), rows)


@dataclass
class Measured:
    """What is found: of the loose threads that are shown as sure, of these with those that are
    perhaps open too, and of the contradictions."""

    sure: Score = field(default_factory=Score)
    both: Score = field(default_factory=Score)
    pairs: Score = field(default_factory=Score)


async def measure(
    database: Database,
    campaigns: int,
    *,
    part: str,
    seed: int = SEED,
    look: Callable[[Planted], Awaitable[None]] | None = None,
) -> Measured:
    """What is found in so many campaigns; with `look` after a model has looked: what it takes for
    settled is not counted as shown."""
    measured = Measured()
    continuity = Continuity(database, Changes(), NameIndexes())
    for number, cases in enumerate(share_out(part, campaigns, seed)):
        planted = await database.write(
            lambda tx, number=number, cases=cases: Planter(tx, seed + number).plant(cases)  # type: ignore[misc]
        )
        if look is not None:
            await look(planted)
        shown = [
            one
            for one in await continuity.list_loose_threads(planted.campaign_id)
            if one.settled_by is None
            and one.text not in planted.missed_too - planted.threads.keys()
        ]
        for score, those in (
            (measured.sure, [one for one in shown if one.is_sure]),
            (measured.both, shown),
        ):
            found = [(one.kind, one.text) for one in those]
            _score(score, planted.threads, found, by_text=True)
        told = await continuity.list_contradictions(planted.campaign_id)
        found = [("", one.subject) for one in told if not one.is_doubted]
        _score(measured.pairs, planted.pairs, found, by_text=False)
    return measured


def _score(
    score: Score, wanted: Mapping[str, str], found: list[tuple[str, str]], *, by_text: bool
) -> None:
    left = dict(wanted)
    for kind, text in found:
        hit = next(
            (
                key
                for key, planted in left.items()
                if text
                and (text in key if by_text else text == key)
                and (not by_text or kind == planted or {kind, planted} <= {"promised", "owed"})
            ),
            None,
        )
        if hit is not None:
            score.found[left.pop(hit)] += 1
        else:
            score.wrong.append(f"{kind} {text}")
    for text, kind in left.items():
        score.missed[kind].append(text)


def _letters(text: str) -> set[str]:
    return {word.strip(".,:;!?'s") for word in text.replace("'s", "").split()}


def fill_letters(text: str, letters: Mapping[str, str]) -> str:
    """The text with names in place of its letters."""
    return " ".join(_fill_word(word, letters) for word in text.split(" "))


def _fill_word(word: str, letters: Mapping[str, str]) -> str:
    own = word.rstrip(".,:;!?").removesuffix("'s")
    if own in letters:
        return letters[own] + word[len(own) :]
    return word


def _bare(text: str) -> str:
    head, _, rest = text.partition(": ")
    return rest if rest and head in ("note", "recap", "fact", *_NPCS, "Rook", "Hazel") else text


def _is_of_place(case: Case) -> bool:
    return case.kind == "value" and "N" not in _letters(case.first)


def list_missed(score: Score) -> Iterator[str]:
    """What was missed and what was wrong, to be looked at."""
    for kind, texts in score.missed.items():
        yield from (f"missed {kind}: {text}" for text in texts)
    yield from (f"wrong: {text}" for text in score.wrong)
