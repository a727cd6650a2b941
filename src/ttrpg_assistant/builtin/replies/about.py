"""Who somebody is, where they are, what they want: the field that is asked for, and no other."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence

from ttrpg_assistant.builtin.citing import cite
from ttrpg_assistant.builtin.naming import Named
from ttrpg_assistant.builtin.own_words import NOTHING, WRITTEN
from ttrpg_assistant.builtin.quoting import Unit, list_units, quote_units
from ttrpg_assistant.builtin.reading import Reading
from ttrpg_assistant.builtin.replies.sessions import list_log_units
from ttrpg_assistant.builtin.retrieval import pick_units
from ttrpg_assistant.builtin.weighing import list_asked, mentions
from ttrpg_assistant.builtin.words import list_words_in

_FIELDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"\bup to\b|\breally (?:want\w*|after)\b|\bscheming\b|\bplotting\b|\bagenda\b",
     ("Secret", "Motivations")),
    (r"\bsecrets?\b|\bhid(?:e|es|ing)\b|\bnot (?:telling|saying)\b", ("Secret",)),
    (r"\bwants?\b|\bmotiv\w+|\bgoals?\b|\bdesires?\b|\bafter\b", ("Motivations",)),
    (r"\blooks? like\b|\bappearance\b|\bdoes \S+ look\b|\bwear\w*|\bdescribe\b",
     ("Appearance", "Description")),
    (r"\b(?:talks?|speaks?|sounds?|voice|accent)\b", ("Speaking style", "Says")),
    (r"\bpersonality\b|\btemper\w*|\bwhat(?:'s| is| are) .{1,40} like\b", ("Personality",)),
    (r"\bback(?:ground|story)\b|\bcomes? from\b|\bgrew up\b|\b(?:his|her|their|\w+'s) past\b",
     ("Background",)),
    (r"\bwhere\b|\bwhereabouts\b", ("Location", "In")),
    (r"\bstatus\b|\balive\b|^how(?:'s| is)\b", ("Status",)),
    (r"\b(?:job|role|trade|profession)\b|\bfor a living\b|\bwhat does .{1,40} do\b", ("Role",)),
    (r"\bgroups?\b|\bfactions?\b|\bguilds?\b|\bmember of\b|\bbelongs?\b", ("Groups",)),
    (r"\bfriends?\b|\benem(?:y|ies)\b|\bconnect\w+|\brelation\w*|\brelated\b|\bfamily\b|\bknow each"
     r" other\b|\bget along\b", ("Connection",)),
    (r"\bquirks?\b|\bmannerisms?\b|\bhabits?\b", ("Mannerism",)),
    (r"\bnever say\w*", ("Never says",)),
    (r"\bcatch ?phrase|\bsample lines?\b|\bquotes?\b", ("Says",)),
    (r"\bnick ?name|\balias\w*|\balso called\b|\bother names?\b", ("Also called",)),
    (r"\bfeatures?\b|\bsee (?:at|in)\b", ("Feature", "Description")),
    (r"\b(?:first|last|full|sur|family) ?name\b|\bname again\b|\b(?:his|her|their|its) name\b",
     ("Name",)),
)  # fmt: skip
_ASKED = tuple((re.compile(words), labels) for words, labels in _FIELDS)
_BRIEF = ("Role", "Kind", "Background", "Description", "Personality", "Location", "In", "Status")
_ALL = ("Role", "Kind", "Background", "Description", "Personality", "Feature", "Location", "In",
        "Status", "Groups", "Appearance", "Motivations")  # fmt: skip
_ABOUT = re.compile(
    r"^(?:who|what)(?:'s| is| was| are| were)\b|\btell (?:me )?about\b|\babout\b|\bknow about\b"
    r"|^(?:who|what|describe|info|details)\b"
)
_WHO_IS_AT = re.compile(
    r"^(?:who|which npcs|what npcs|whom)(?:'s|'re| is| are| else is| lives?| works?| stays?)\b"
    r".{0,40}"
    r"\b(?:at|in|inside|on|here|there|present|around)\b"
)
_HERE = re.compile(r"\b(?:here|present|around|in (?:the|this) scene|at the table)\b")
_PARTY_WHERE = re.compile(
    r"\bwhere(?:'s| is| are|'re) (?:the )?(?:party|players|pcs|group|we|they)\b"
)
_RUNS = re.compile(
    r"^who (?:runs|owns|keeps|leads|commands|manages|heads|works (?:at|for)|is in charge of)\b"
)
_TOLD = re.compile(r"\b(?:did|had|has|have)\b")
_ENTRIES = 4


def reply_about(reading: Reading, rng: random.Random) -> str | None:
    """The answer out of a sheet; None where no sheet holds what is asked."""
    if _PARTY_WHERE.search(reading.said):
        return _where_is_the_party(reading)
    if _WHO_IS_AT.search(reading.said) and (people := _who_is_at(reading)):
        return people
    if _RUNS.search(reading.said) and (people := _who_runs(reading)):
        return people
    named = reading.named
    if not named:
        return None
    labels = _find_labels(reading.form)
    npcs = [one for one in named if one.passage.kind == "npc"]
    if len(npcs) > 1 and labels == ("Connection",):
        return _relation(reading, npcs)
    one = named[0]
    if one.passage.kind == "plot_point":
        return None
    if labels and not _left_to_ask(reading):
        return _field(reading, one, labels)
    if reading.asked:
        return None
    if _TOLD.search(reading.said):
        return _what_was_played(reading, one)
    if _ABOUT.search(reading.form) or len(reading.said.split()) <= 6:
        return _sheet(reading, named)
    return None


def _find_labels(said: str) -> tuple[str, ...]:
    return next((labels for words, labels in _ASKED if words.search(said)), ())


def _left_to_ask(reading: Reading) -> list[str]:
    """What is asked besides the field."""
    said = reading.said
    for words, _ in _ASKED:
        said = words.sub(" ", said)
    known = {word for one in reading.named for word in one.words}
    asked = list_asked(
        said, {*known, "he", "him", "his", "she", "her", "it", "its", "real", "like"}
    )
    return [key for key in asked if key in reading.asked]


def _units(one: Named, labels: Iterable[str]) -> list[Unit]:
    units = list_units(one.passage)
    return [
        unit
        for label in labels
        for unit in units
        if unit.label == label or (label == "Connection" and unit.label.startswith(label))
    ]


def _field(reading: Reading, one: Named, labels: tuple[str, ...]) -> str | None:
    if not one.passage.lines:
        return None
    if labels == ("Name",):
        return f"{WRITTEN}\n\n{quote_units(_units(one, ('Role', 'Kind'))[:1])}"
    units = _units(one, labels)
    if "Location" in labels and one.passage.kind == "npc":
        units += _last_entry(reading, one)
    if not units:
        return f"{NOTHING} See {cite(one.passage)}."
    return f"{WRITTEN}\n\n{quote_units(units)}"


def _last_entry(reading: Reading, one: Named) -> list[Unit]:
    """What was recorded of somebody last, in the newest session that was played."""
    played = [s for s in reading.evenings.game_sessions if s.status != "planned"]
    return [unit for unit in list_log_units(reading, played[-1:]) if mentions(unit, one)][-1:]


def _sheet(reading: Reading, named: Sequence[Named]) -> str:
    strongest = [one for one in named if one.strength == named[0].strength][:3]
    units: list[Unit] = []
    for one in strongest:
        if one.passage.lines:
            units += _units(one, _ALL if re.search(r"\beverything\b", reading.said) else _BRIEF)
        else:
            units += pick_units(one.passage, reading.asked)
    if len(strongest) == 1 and not strongest[0].passage.lines:
        one = strongest[0]
        played = list_log_units(reading, reading.evenings.game_sessions)
        units += [unit for unit in played if mentions(unit, one)][:2]
    if not units:
        return f"{NOTHING} See {', '.join(cite(one.passage) for one in strongest)}."
    return f"{WRITTEN}\n\n{quote_units(units)}"


def _what_was_played(reading: Reading, one: Named) -> str:
    played = [s for s in reading.evenings.game_sessions if s.status != "planned"]
    units = [unit for unit in list_log_units(reading, played) if mentions(unit, one)][:_ENTRIES]
    if not units:
        return f"{NOTHING} See {cite(one.passage)}."
    return f"{WRITTEN}\n\n{quote_units(units)}"


def _relation(reading: Reading, people: Sequence[Named]) -> str:
    """How they stand to one another: connections, and secrets of the one that speak of the
    other, by name or by trade."""
    units: list[Unit] = []
    for one in people:
        others = [other for other in people if other is not one]
        words = {word for other in others for word in _words_of(other)}
        for unit in list_units(one.passage):
            is_tie = unit.label.startswith("Connection") or unit.gm_only
            if is_tie and words & set(list_words_in(f"{unit.label} {unit.text}")):
                units.append(unit)
    if not units:
        return f"{NOTHING} See {', '.join(cite(one.passage) for one in people)}."
    return f"{WRITTEN}\n\n{quote_units(units)}"


def _words_of(one: Named) -> set[str]:
    roles = [unit.text for unit in _units(one, ("Role",))]
    trades = {words[0] for words in map(list_words_in, roles) if words}
    names = {word for word in list_words_in(one.passage.title) if len(word) > 2}
    return names | trades


def _who_is_at(reading: Reading) -> str | None:
    people = reading.question.list_of("npc")
    places = [one.passage for one in reading.named if one.passage.kind == "location"]
    if places:
        titles = {place.title for place in places}
        there = [
            unit
            for one in people
            for unit in list_units(one)
            if unit.label == "Location" and unit.text.rstrip(".") in titles
        ]
        if not there:
            return f"{NOTHING} See {', '.join(map(cite, places))}."
    elif _HERE.search(reading.said):
        there = [u for one in people for u in list_units(one) if u.label == "Present"]
    else:
        return None
    return f"{WRITTEN}\n\n{quote_units(there)}" if there else NOTHING


def _where_is_the_party(reading: Reading) -> str:
    there = [
        unit
        for place in reading.question.list_of("location")
        for unit in list_units(place)
        if unit.label == "Present"
    ]
    played = [s for s in reading.evenings.game_sessions if s.status != "planned"]
    events = [u for u in list_log_units(reading, played[-1:]) if u.passage.kind == "event"]
    units = [*there, *events[-1:]]
    return f"{WRITTEN}\n\n{quote_units(units)}" if units else NOTHING


def _who_runs(reading: Reading) -> str | None:
    """Whose role names the place or the group."""
    places = [one.passage for one in reading.named if one.passage.kind == "location"]
    names = [[word for word in list_words_in(p.title) if word != "the"] for p in places]
    if not names:
        return None
    found = [
        unit
        for one in reading.question.list_of("npc")
        for unit in list_units(one)
        if unit.label == "Role"
        and any(set(name) <= set(list_words_in(unit.text)) for name in names)
    ]
    return f"{WRITTEN}\n\n{quote_units(found)}" if found else None
