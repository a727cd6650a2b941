"""A small campaign and the means to ask the built-in model about it."""

import random

from ttrpg_assistant.builtin.offline import OfflineModel
from ttrpg_assistant.llm.types import (
    ModelRequest,
    Passage,
    PassageKind,
    PassageSession,
    Persona,
    PromptMessage,
)

ARRIVAL = PassageSession("s1", 1, "Arrival", "ended")
LOW_WATER = PassageSession("s2", 2, "Low water", "ended")


def played(game: PassageSession, recap: str) -> tuple[Passage, ...]:
    """A game session that was played, and its recap."""
    title = f"Session {game.number}: {game.title}"
    return (
        Passage("game_session", game.ref, title, title, game_session=game),
        Passage("recap", game.ref, title, recap, game_session=game),
    )


HARROWGATE = (
    Passage(
        "npc",
        "n1",
        "Mira Voss",
        "Smuggler of salt and letters. Mira grew up on the docks and trusts nobody but her "
        "brother Tam. She owes the Lantern Guild forty crowns.",
    ),
    Passage("npc", "n2", "Brother Aldous", "A priest who sells relics. He keeps bees."),
    Passage(
        "location",
        "l1",
        "The Drowned Chapel",
        "A chapel that floods at high tide. The crypt door opens only at low water.",
    ),
    Passage("plot_point", "p1", "The silver bell", "Somebody stole the silver bell."),
    *(
        passage
        for game, recap in (
            (ARRIVAL, "The party arrived at Harrowgate. They met Mira at the Crooked Eel."),
            (
                LOW_WATER,
                "They went into the Drowned Chapel at low water. Tam was taken by the Lantern "
                "Guild. The crypt was empty, but the bell rope was freshly cut.",
            ),
        )
        for passage in played(game, recap)
    ),
    Passage("message", "m1", "Planning", "We decided that the drowned cannot hear the bell."),
    Passage("house_rule", "h1", "Criticals", "A natural 20 deals maximum damage plus a roll."),
)

MIRA = Persona(
    npc_id="n1",
    name="Mira Voss",
    role="Smuggler",
    background="Mira grew up on the docks. Her father drowned when she was nine.",
    personality="Wry, careful, loyal to her crew.",
    speaking_style='Dry and quick, ends deals with "tide\'s turning"',
    sample_lines=("Everything floats, love, if you tie it right.",),
    mannerisms=("She turns a coin over her knuckles.",),
    knows=("The vault lies under the old mill.", "Tam was taken by the Guild."),
)


def said(*texts: str) -> tuple[PromptMessage, ...]:
    """A talk in which the user begins and the two sides take turns."""
    return tuple(
        PromptMessage("assistant" if at % 2 else "user", text) for at, text in enumerate(texts)
    )


def ask(
    text: str,
    *,
    passages: tuple[Passage, ...] = HARROWGATE,
    earlier: tuple[PromptMessage, ...] = (),
    persona: Persona | None = None,
    system: str = "",
    seed: int = 1,
    counts: tuple[tuple[PassageKind, int], ...] = (),
) -> str:
    """The whole answer to a message, with chance fixed by the seed."""
    request = ModelRequest(
        "offline",
        system,
        (*earlier, PromptMessage("user", text)),
        passages=passages,
        persona=persona,
        counts=counts,
    )
    return OfflineModel(pace=0, rng=random.Random(seed)).answer(request)
