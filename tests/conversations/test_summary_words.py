"""What a model writes of older talk is checked for the names said often, and never cut silently."""

from __future__ import annotations

from tests.conversations.summary_table import SMALL_CONTEXT, Memory
from ttrpg_assistant.builtin.names_kept import NAMES
from ttrpg_assistant.campaigns.campaigns import Campaigns
from ttrpg_assistant.conversations.store.removals import add_removal
from ttrpg_assistant.conversations.summaries.model import SUMMARY_CHARACTERS
from ttrpg_assistant.errors import Unreachable
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.llm.scripted import ScriptedProvider, Step
from ttrpg_assistant.llm.types import ModelRequest
from ttrpg_assistant.storage.database import Database

GOOD = "Brandt keeps the key of Gull's Rest."
TALK = [
    f"On day {n} they asked Brandt for the key of Gull's Rest, and the salt wife laughed."
    for n in range(1, 82)
]


async def summarise(
    database: Database, *answers: Step, known: str = ""
) -> tuple[list[ModelRequest], str]:
    """What a model was asked about some talk, and the first summary: its first answers are
    these, the others are good."""
    model = ScriptedProvider(default=[GOOD], context_tokens=SMALL_CONTEXT)
    for answer in answers:
        model.enqueue([answer])
    memory = Memory(database, model)
    memory.cast.said_names = [known] if known else []
    campaign = await Campaigns(database, Changes(), add_removal).create(None, {"name": "Marsh"})
    thread = await memory.new_thread(campaign_id=campaign.id)
    await memory.say(thread.id, TALK)
    await memory.maker.catch_up(thread.id)
    return model.history, (await memory.list_all(thread.id))[-1].text


async def test_a_model_that_leaves_a_name_out_is_asked_once_more_and_told_which(
    database: Database,
) -> None:
    asked, text = await summarise(database, "They walked.", GOOD)
    first, again = (" ".join(one.content for one in request.messages) for request in asked[:2])
    assert text == GOOD
    assert "On day 20 " in first and "On day 20 " in again, "both are of the same talk"
    assert "Brandt, Gull's Rest" in again and "Brandt, Gull's Rest" not in first
    assert "Brandt" not in asked[1].messages[-1].content, "names are talk, not a request"


async def test_a_model_that_keeps_the_names_is_asked_once(database: Database) -> None:
    asked, text = await summarise(database)
    firsts = [request.messages[0].content for request in asked]
    assert len(firsts) == len(set(firsts)) and text == GOOD


async def test_a_name_that_is_left_out_twice_is_kept_in_a_line_of_names(
    database: Database,
) -> None:
    _, text = await summarise(database, "They walked.", "They walked to Gull's Rest.")
    assert text == f"They walked to Gull's Rest.\n{NAMES}Brandt."
    _, text = await summarise(database, "They walked to Gull's Rest.", "They walked.")
    assert text == f"They walked to Gull's Rest.\n{NAMES}Brandt.", "the better one is kept"


async def test_where_asking_again_fails_the_first_answer_is_kept(database: Database) -> None:
    _, text = await summarise(database, "They walked.", Unreachable("Gone."))
    assert text == f"They walked.\n{NAMES}Brandt, Gull's Rest."


async def test_a_name_of_the_campaign_is_kept_however_it_is_written(database: Database) -> None:
    _, text = await summarise(database, GOOD, GOOD, known="salt wife")
    assert text == f"{GOOD}\n{NAMES}salt wife."


async def test_a_summary_that_is_too_long_is_never_cut_silently(database: Database) -> None:
    _, text = await summarise(database, "\n".join([GOOD] * 100))
    *lines, last = text.splitlines()
    assert set(lines) == {GOOD} and len("\n".join(lines)) <= SUMMARY_CHARACTERS
    assert last == "(Shortened: the rest of this summary was too long.)"
