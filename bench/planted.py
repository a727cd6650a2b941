"""A made-up campaign of much talk with facts planted in it, and questions put in other words.

There are two sets of facts with their questions. The ranking was tuned while looking at the
first; the second was written afterwards, without trying it, and nothing was tuned on it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from ttrpg_assistant.ids import spell_moment

SEED = 20_261_122
_BEGAN = datetime(2021, 1, 1, tzinfo=UTC)

_FIRST = "Mira Aldric Tomas Sela Brenn Odile Karo Vesna Hugo Ilse Perrin Nadia Rurik Tamsin Wolf"
_LAST = "Voss Kerr Ashdown Thorne Lindqvist Marrow Quill Hask Drummond Vale Orsini Pike"
_THINGS = (
    "opal crown, silver lantern, bone flute, iron key, glass dagger, ruby chalice, star chart, "
    "wolf banner, copper mask, salt idol, ivory horn, black ledger, moon pearl, oak staff, "
    "jade scarab, brass compass, velvet cloak, thunder bell, amber ring, frost orb"
)
_PLACES = (
    "old mill, sunken chapel, north tower, fish market, crooked bridge, salt mine, drowned garden, "
    "quiet harbour, widow's orchard, stone circle, east barracks, tannery, library, goat pass, "
    "lighthouse, hanging wood, granary, bath house, toll house, ferry landing"
)

FACTS: tuple[tuple[str, str], ...] = (
    ("{who} hid the {thing} beneath the {place}.", "Where did {who} conceal the {thing}?"),
    ("{who} stole the {thing} from {other} last winter.", "Who was robbed of the {thing}?"),
    ("{who} is deathly afraid of {fear}.", "What scares {who}?"),
    ("{who} swore an oath to {other} at the {place}.", "What did {who} promise {other}?"),
    ("{who} is secretly the daughter of {other}.", "Whose child is {who}?"),
    ("{who} owes {other} {sum} gold pieces.", "How big is the debt of {who} to {other}?"),
    ("The password of the {place} is {word}.", "Which watchword opens the {place}?"),
    ("{who} poisoned {other} with {herb}.", "Which toxin did {who} use on {other}?"),
    ("{who} was born in {town}.", "What is the birthplace of {who}?"),
    ("{who} drinks only {drink} at the tavern.", "What is the favourite drink of {who}?"),
    ("The {thing} was forged by {who} for a king named {word}.", "Which monarch got the {thing}?"),
    ("{who} betrayed {other} to the guild of {word}.", "To which order did the traitor {who} go?"),
    ("{who} has a scar on the left hand from a {beast}.", "How did {who} get that old wound?"),
    ("{who} and {other} plan to wed in {month}.", "When is the marriage of {who} and {other}?"),
    ("Under the {place} a tunnel leads to {town}.", "Where does the passage below the {place} go?"),
)

UNSEEN: tuple[tuple[str, str], ...] = (
    (
        "{who} keeps a cutlass strapped under the table at the {place}.",
        "Does {who} have a weapon within reach when drinking in the {place}?",
    ),
    (
        "{other} lost two fingers to a {beast} and tells everyone it was frostbite.",
        "What really happened to the hand of {other}?",
    ),
    (
        "Nobody ferries strangers across at {word} since {who} laid a hex on the oars.",
        "Why can't we get a boat over the water at {word}?",
    ),
    (
        "{who} slips the night watch of the {place} {sum} silver a month to look the other way.",
        "How much does it cost {who} to bribe the sentries at the {place}?",
    ),
    (
        "The {thing} glows whenever {other} tells a lie.",
        "What does it mean when {other} speaks and the {thing} lights up?",
    ),
    (
        "{who} cannot read and has {other} sign every contract.",
        "Who does the paperwork for {who}?",
    ),
    (
        "{other} sleeps in the attic of the {place} since the family house burned down.",
        "Where does {other} live nowadays?",
    ),
    (
        "Somebody threw bodies into the well behind the {place}, so it tastes of {herb}.",
        "What is wrong with the drinking water near the {place}, the one like {herb}?",
    ),
    (
        "{who} left {other} standing at the altar.",
        "What is the romantic history between {who} and {other}?",
    ),
    (
        "Whoever blows into the {thing} three times calls a {beast} named {word}.",
        "How do you summon {word}?",
    ),
    (
        "{who} speaks with the dead on the first night of {month}.",
        "When is {who} able to talk to ghosts?",
    ),
    ("The mayor of {word} is a puppet of {who}.", "Who really rules in {word}?"),
    (
        "{other} turned down {sum} crowns for the {thing}.",
        "What price was {other} offered for the {thing}?",
    ),
    (
        "{who} taught {other} to pick locks in the dungeon of {word}.",
        "Where did {other} learn how to burgle from {who}?",
    ),
    (
        "The road to {word} is inked on the back of {who}.",
        "Whose tattoo shows the way to {word}?",
    ),
    (
        "{who} has been writing letters to a dead brother for years.",
        "Whom does {who} send mail to?",
    ),
    (
        "{other} swells up like a toad after a sip of {drink}.",
        "What must we never pour for {other}, because of the allergy?",
    ),
    (
        "The shutters of the {place} bang by themselves when {word} is near.",
        "How would we notice that {word} is approaching?",
    ),
    (
        "With a little {herb}, {who} helped {other} to fake a funeral.",
        "Is {other} truly dead?",
    ),
    (
        "{who} will hang if the magistrate of {town} ever sees the {thing}.",
        "Why does {who} stay away from the law in {town}?",
    ),
)

_CHATTER = (
    "{who} walks past the {place} and greets {other} with a nod.",
    "The party argues about the {thing} while {who} listens at the {place}.",
    "Roll for initiative. {who} goes first, then {other}.",
    "I think {who} should show up at the {place} next evening, maybe with the {thing}.",
    "What would {who} say about the {thing}?",
    "{who} tells a long story about the weather at the {place}; nobody believes it.",
    "They rest at the {place}. {other} keeps watch and hears an owl.",
    "A merchant offers the {thing} to {who}, far too dear.",
    "Let us plan the next evening around {other} and the {place}.",
    "{who} laughs. {other} does not.",
    "Where were we? Ah yes, the {place}, with {who} and the {thing}.",
)


@dataclass(frozen=True, slots=True)
class Planted:
    """A fact that was said once, and a question about it."""

    fact: str
    question: str


class MadeUpTalk:
    """`lines()` gives role and text of every message, with the facts spread among them."""

    def __init__(self, messages: int, facts: int, kinds: Sequence[tuple[str, str]] = FACTS) -> None:
        self._kinds = kinds
        self._random = random.Random(SEED)
        self._names = [f"{a} {b}" for a in _FIRST.split() for b in _LAST.split()]
        self._things, self._places = _THINGS.split(", "), _PLACES.split(", ")
        self.planted = self._plant(facts)
        self._messages = messages

    def _plant(self, count: int) -> list[Planted]:
        made: dict[str, Planted] = {}
        while len(made) < count:
            fact, question = self._kinds[len(made) % len(self._kinds)]
            values = self._values()
            asked = question.format(**values)
            made.setdefault(asked, Planted(fact.format(**values), asked))
        return list(made.values())

    def _values(self) -> dict[str, Any]:
        pick = self._random.choice
        who, other = self._random.sample(self._names, 2)
        return {
            "who": who,
            "other": other,
            "thing": pick(self._things),
            "place": pick(self._places),
            "fear": pick(["moths", "deep water", "mirrors", "crows", "candle smoke"]),
            "sum": self._random.randint(20, 900),
            "word": "".join(self._random.choices(["ka", "ro", "vel", "thu", "lis"], k=3)).title(),
            "herb": pick(["wolfsbane", "nightshade", "grey lotus", "adder bile"]),
            "town": pick(["Harrow", "Estmere", "Duskwater", "Pell", "Ravensford"]),
            "drink": pick(["plum brandy", "goat milk", "black tea", "pear cider"]),
            "beast": pick(["wyvern", "boar", "giant eel", "manticore"]),
            "month": pick(["spring", "the harvest month", "midwinter"]),
        }

    def lines(self) -> Iterator[tuple[str, str]]:
        """Role and text. A planted fact stands in a message of some sentences."""
        step = self._messages // len(self.planted)
        waiting = list(self.planted)
        self._random.shuffle(waiting)
        for number in range(self._messages):
            talk = [self._random.choice(_CHATTER).format(**self._values()) for _ in range(2)]
            if number % step == step // 2 and waiting:
                talk.insert(1, waiting.pop().fact)
            yield ("user" if number % 2 == 0 else "assistant"), " ".join(talk)

    def moment(self, number: int) -> str:
        """When the message of that number was said: evenings over years."""
        return spell_moment(_BEGAN + timedelta(hours=number * 2))
