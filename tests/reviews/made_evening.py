"""A made-up evening at the table: talk, dice and chatter, and things that happened planted in it.

From a stated seed always the same. Names are misspelt as people type and recordings hear them.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

CAST = {
    "npc": ("Mira Vale", "Tomas Brandt", "Captain Orsolya", "Halvard Quince", "Old Perrin",
            "Sister Ghislaine", "Vexley", "Dorian Ashgrove", "Imelda Roake", "Kestrel"),
    "location": ("Gull's Rest", "Thornmere", "The Sunken Chapel", "Ravensford"),
    "character": ("Sable", "Brannoch", "Ilse Farrow", "Quill"),
}  # fmt: skip
PLAYERS = {"Anna": "Sable", "Ben": "Brannoch", "Clara": "Ilse Farrow", "Deniz": "Quill"}

_MISSPELT = {
    "Mira": "Mirra", "Tomas": "Thomas", "Orsolya": "Orsolia", "Halvard": "Halvord",
    "Perrin": "Perin", "Ghislaine": "Gislaine", "Vexley": "Veksley", "Dorian": "Dorrian",
    "Imelda": "Imella", "Kestrel": "Kestral", "Thornmere": "Thornmeer",
    "Ravensford": "Ravensfort", "Ashgrove": "Ashgrowe",
}  # fmt: skip

_NEW_PEOPLE = (
    ("Wendeline Marsh", "ferrywoman"), ("Corvin Hale", "locksmith"), ("Tobrin Skell", "poacher"),
    ("Yselda Finch", "apothecary"), ("Jorund Blackwater", "smuggler"),
    ("Pell Arrowsmith", "scribe"),
)  # fmt: skip
_NEW_PLACES = (
    ("Hollow Bridge", "bridge"), ("Saltmaw Cave", "cave"), ("Greywater Mill", "mill"),
    ("Lantern Keep", "keep"), ("Ashen Tower", "tower"),
)  # fmt: skip
_THINGS = (
    "iron key", "silver ledger", "black opal", "bone flute", "sealed letter", "copper crown",
    "glass dagger", "bronze mask", "leather map", "amber ring", "broken compass", "salt idol",
    "white candle", "ebony chess set", "red banner", "horn of the old king", "pearl necklace",
    "velvet purse", "stone tablet", "silver bell",
)  # fmt: skip
_GROUPS = ("river guild", "grey company", "lamplighters", "tanners", "night watch", "salt council")

_CHATTER = (
    "Did anybody order the pizza yet?", "Hang on, my character sheet is upside down.",
    "Nat twenty, yes!", "That is a fourteen, does that hit?", "Roll perception for me.",
    "I think I have advantage on that.", "Can I use a bonus action?", "Sorry, I was muted.",
    "How many hit points do I have left?", "Okay okay okay.", "What do you want to do?",
    "Let me look that up in the book.", "Is it my turn?", "I rolled a three. Of course I did.",
    "Could we take a short rest here?", "I wonder whether that door is trapped.",
    "Whose dice are these?", "You see nothing unusual.", "We should be careful in here.",
    "Maybe we go left this time?", "Does anybody have a torch?", "Ha, classic.",
    "I look around the room.", "The rain is getting heavier.", "You walk for an hour or so.",
    "My cat is on the keyboard again.", "Give me an athletics check, please.",
    "That takes you about ten minutes.", "I hold my shield up and wait.",
    "What does it smell like?",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Planted:
    """Something that happened in a line (counted from 1): `words` say it, in small letters."""

    kind: str
    line: int
    words: tuple[str, ...]
    answer: dict[str, object] = field(hash=False)
    """What a model that reads well says of it, without its lines."""


@dataclass(frozen=True, slots=True)
class Evening:
    """The lines of a transcript, and what was planted in them."""

    lines: tuple[str, ...]
    planted: tuple[Planted, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.lines) + "\n"


def make_evening(seed: int, lines: int = 4_000, planted: int = 80) -> Evening:
    """An evening of so many lines with about so many things planted in it."""
    dice = random.Random(seed)
    events = _make_events(dice, planted)
    places = sorted(dice.sample(range(5, lines - 5), len(events)))
    at = dict(zip(places, events, strict=True))
    said: list[str] = []
    found: list[Planted] = []
    for number in range(lines):
        if number in at:
            kind, speaker, text, words, answer = at[number]
            said.append(f"{speaker}: {_misspell(dice, text)}")
            found.append(Planted(kind, number + 1, words, answer))
        else:
            speaker = dice.choice([*PLAYERS, "GM", "GM"])
            said.append(f"{speaker}: {dice.choice(_CHATTER)}")
    return Evening(tuple(said), tuple(found))


_Event = tuple[str, str, str, tuple[str, ...], dict[str, object]]


def _make_events(dice: random.Random, count: int) -> list[_Event]:
    npcs = [name for name in CAST["npc"]]
    events: list[_Event] = []
    for name, role in _NEW_PEOPLE:
        for text in (
            f"A {role} named {name} says that the road is closed.",
            f"{name} nods and says nothing more.",
            f"You find {name} at the door, and {name} tells you to hurry.",
        ):
            events.append(("mention", "GM", text, (), {}))
        events.append(
            ("npc", "GM", f"This is {name}, the {role} of the village, and {name} smiles.",
             (name.lower(),), {"kind": "npc", "name": name, "role": role})
        )  # fmt: skip
    for name, kind in _NEW_PLACES:
        for text in (f"You come to {name} at dusk.", f"Behind you lies {name}, dark and cold."):
            events.append(("mention", "GM", text, (), {}))
        events.append(
            ("location", "GM", f"You arrive at {name}, an old {kind} that nobody used for years.",
             (name.lower(),), {"kind": "location", "name": name, "description": f"an old {kind}"})
        )  # fmt: skip
    things = dice.sample(_THINGS, len(_THINGS))
    turn = 0
    while sum(1 for one in events if one[0] != "mention") < count:
        one, other = dice.sample(npcs, 2)
        thing, group = things[turn % len(things)], dice.choice(_GROUPS)
        number = dice.randrange(11, 990)
        short = one.split()[-1].lower()
        turn += 1
        events.append(_choose(turn % 8, dice, one, other, thing, group, number, short))
    dice.shuffle(events)
    return events


def _choose(
    which: int,
    dice: random.Random,
    one: str,
    other: str,
    thing: str,
    group: str,
    number: int,
    short: str,
) -> _Event:
    character = dice.choice(CAST["character"])
    if which == 0:
        text = f"{one} gave {character} the {thing} for {number} crowns."
        return ("fact", "GM", text, (short, thing, str(number)), {"kind": "fact", "text": text})
    if which == 1:
        text = f"{one} was killed by the {group} in the cellar, {number} steps down."
        return ("fact", "GM", text, (short, group, str(number)), {"kind": "fact", "text": text})
    if which == 2:
        text = f"The {thing} is hidden in {dice.choice(CAST['location'])}, under stone {number}."
        return ("fact", "GM", text, (thing, str(number)), {"kind": "fact", "text": text})
    if which == 3:
        text = f"{one} promised to pay back {number} crowns to {other} before the new moon."
        answer = {"kind": "plot_point", "title": f"{one} owes {number} crowns", "description": text}
        return ("plot_point", "GM", text, (short, str(number)), answer)
    if which == 4:
        label = dice.choice(("sister", "brother", "cousin", "apprentice", "rival"))
        text = f"{one} is {other}'s {label}."
        answer = {"kind": "relation", "from": one, "label": f"{label} of", "to": other}
        return ("relation", "GM", text, (short, label), answer)
    if which == 5:
        text = f"{one} confessed that the {group} stole the {thing} {number} days ago."
        return ("fact", "GM", text, (short, group, thing), {"kind": "fact", "text": text})
    if which == 6:
        text = f"I swear to {one} that I will return the {thing} within {number} days."
        player = dice.choice(list(PLAYERS))
        answer = {"kind": "plot_point", "title": f"Return the {thing}", "description": text}
        return ("plot_point", player, text, (short, thing), answer)
    text = f"{one} works for the {group} and leads {number} of them."
    return ("fact", "GM", text, (short, group, str(number)), {"kind": "fact", "text": text})


def _misspell(dice: random.Random, text: str) -> str:
    for name, wrong in _MISSPELT.items():
        if name in text and dice.random() < 0.2:
            text = text.replace(name, wrong)
    return text


def count_proposed(planted: Sequence[Planted], proposed: Sequence[dict[str, object]]) -> list[bool]:
    """Of each planted thing whether a proposal of its line says it."""
    by_line: dict[int, list[str]] = {}
    for one in proposed:
        if one["kind"] == "recap":
            continue
        said = " ".join(str(value) for value in (one["title"], one["target_name"], one["fields"]))
        for line in one["lines"]:  # type: ignore[attr-defined]
            by_line.setdefault(line["seq"], []).append(said.lower())
    every = [said for all_said in by_line.values() for said in all_said]
    return [
        any(
            all(word in said for word in one.words)
            for said in (every if one.kind in ("npc", "location") else by_line.get(one.line, ()))
        )
        for one in planted
        if one.kind != "mention"
    ]
