"""What is said at a table between the things that matter: scenes, dice, food, jokes."""

from __future__ import annotations

PLAYERS = (
    ("Jonas", "Priya", "Marek"),
    ("Helen", "Tobi", "Ana"),
    ("Ravi", "Colette", "Sven"),
    ("Mo", "Isolde", "Dario"),
)
_FIRST = """
    Odile Brann Tamsin Ulric Vesna Corvin Ilse Perrin Nadja Rurik Maude Silas Yara Osric Linnea
    Bastian Fenna Gorm Hedda Lucan
"""
_LAST = "Marrow Quill Ashdown Kestrel Thorne Hask Vale Orsini Pike Lindqvist Drummond Sorrel"
FIRST, LAST = tuple(_FIRST.split()), tuple(_LAST.split())
THINGS = (
    "opal crown", "bone flute", "salt idol", "glass dagger", "star chart", "copper mask",
    "moon pearl", "black ledger", "jade scarab", "thunder bell", "amber ring", "silver lantern",
)  # fmt: skip
PLACES = (
    "old mill", "sunken chapel", "north tower", "fish market", "crooked bridge", "salt mine",
    "drowned garden", "tannery", "lighthouse", "toll house", "granary", "bath house",
)  # fmt: skip
TOWNS = ("Harrow", "Estmere", "Duskwater", "Pell", "Ravensford", "Low Cairn")
GUILDS = ("Ropewalkers", "Grey Needle", "Salt Brotherhood", "Lantern Court", "Quiet Hand")
BEASTS = ("wyvern", "giant eel", "manticore", "moth", "boar", "heron")

CHATTER = (
    "Can somebody pass the crisps?", "Sorry, my microphone was off.", "Back. What did I miss?",
    "Is it my turn?", "That is what she said last week.", "I need ten minutes, the pizza is here.",
    "Ha! Never gets old.", "Wait, which level are we now?", "I have to leave at eleven today.",
    "Who has the map?", "My dice hate me.", "Was that a yes?", "No, no, no.", "I love this game.",
    "Let me check my notes, one second.", "Are we recording?", "Do we get experience for that?",
)  # fmt: skip
DICE = (
    "Roll for initiative, everybody.", "Give me a perception check.", "Natural twenty!",
    "That is a fourteen, plus three.", "Seventeen hits. Roll your damage.", "Nine. I missed.",
    "Make a saving throw, wisdom please.", "Eleven points of slashing damage.",
    "With advantage? Then a nineteen.", "I use my last spell slot for that.",
    "You take four points of damage and fall prone.", "Who is next in the order?",
)  # fmt: skip
ACTIONS = (
    "I walk up to {who} and say nothing at all.", "I look around in the {place}.",
    "Can I see whether {who} is lying?", "I hide behind the barrels and wait.",
    "We go back to the {place}, then.", "I ask about the {thing}.", "I follow him, quietly.",
    "I try to remember where I heard that name.", "I light a torch.", "I do not believe a word.",
    "Does she look like she slept?", "I want to talk to {who} alone.", "We should rest first.",
    "What about the {thing}, do we still have it?", "I give her what is left of the bread.",
)  # fmt: skip
ANSWERS = (
    "You do.", "He shrugs and turns away.", "She nods, slowly.", "Nothing happens, for now.",
    "There is somebody, yes.", "Not that you can tell.", "It takes you the better part of an hour.",
    "He laughs at that, and the others laugh with him.", "She does not answer.", "Go on.",
    "The two of them look at each other.", "It is locked, and it was not locked before.",
    "“Not here,” says {who}.", "“Ask me again when it is dark,” {who} whispers.",
    "At the {place} nobody has seen anything, as usual.", "You find the {thing} where you left it.",
)  # fmt: skip
TALES = (
    "Rain drums on the roofs as you come to the {place}, and the gutters run brown.",
    "A dog barks twice and is silent.", "Somewhere below you a door falls shut.",
    "The air smells of tar, wet rope and something sweet that has gone bad.",
    "Between the houses people have hung out lanterns, blue for the dead, yellow for the lost.",
    "{who} stands at the window with the back to you and does not turn around.",
    "On the table lie three cups, and only one of them has been used.",
    "You remember the road to {town}, the long way around, and how cold it was.",
    "A boy runs past with a basket of eels, shouting prices that nobody answers.",
    "The stairs are older than the house, worn hollow by feet of a hundred years.",
    "When the wind turns you hear the bell from the {place}, thin as a spoon on a glass.",
    "The {thing} is wrapped in oilcloth, and it is heavier than it ought to be.",
    "Two guards play at dice under the arch and take no notice of you.",
    "Snow has begun to fall, the first of the year, and the street is suddenly quiet.",
    "Behind the counter an old woman counts buttons into a jar.",
    "The {guild} have painted their sign on the wall again, over the old one, still wet.",
)  # fmt: skip
