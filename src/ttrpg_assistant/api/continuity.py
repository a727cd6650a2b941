"""Loose threads and contradictions, over HTTP. They are the game master's alone."""

from __future__ import annotations

from typing import Annotated, Literal, cast, get_args

import msgspec
from fastapi import Path, Query, Response
from pydantic import StringConstraints

from ttrpg_assistant.api.bodies import PROBLEMS, UUID_PATTERN, Body, PathId, Uuid, answer
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.campaigns.mentions import EntityRef
from ttrpg_assistant.continuity.brought import Brought, Writer, WriterKind
from ttrpg_assistant.continuity.continuity import Continuity
from ttrpg_assistant.continuity.model import Contradiction, LooseThread
from ttrpg_assistant.continuity.model_looks import ModelLooks

MOST_WRITERS = 50
_WRITERS = "|".join(get_args(WriterKind))
WriterName = Annotated[str, StringConstraints(pattern=rf"^(?:{_WRITERS}):{UUID_PATTERN[1:]}")]
Key = Annotated[str, Path(pattern="^[0-9a-f]{40}$")]


By = Annotated[list[WriterName], Query(min_length=1, max_length=MOST_WRITERS)]


class LooseThreadBody(Body):
    """Whether a loose thread rests or is open again."""

    state: Literal["resting", "open"]


class PlanBody(Body):
    """The game session whose plan it goes into, or out of again."""

    game_session_id: Uuid
    taken_back: bool = False


class ContradictionBody(Body):
    """Whether both are true, it rests, or it is open again."""

    state: Literal["both_true", "resting", "open"]


class LookBody(Body):
    """Whether everything is read again."""

    afresh: bool = False


class InTalkBody(Body):
    """Whether what is said at the table brings cards."""

    is_on: bool


def continuity_routes(continuity: Continuity, model_looks: ModelLooks) -> Routes:
    """Every operation on loose threads and contradictions."""
    routes = Routes(tags=["continuity"], responses=dict(PROBLEMS))
    threads = "/api/campaigns/{campaign_id}/loose-threads"
    pairs = "/api/campaigns/{campaign_id}/contradictions"

    @routes.get(threads, operation_id="list_loose_threads")
    async def list_loose_threads(campaign_id: PathId, with_resting: bool = False) -> Response:
        """What is still open, the newest evenings first."""
        found = await continuity.list_loose_threads(campaign_id, with_resting=with_resting)
        return answer({"loose_threads": [_thread(one) for one in found]})

    @routes.post(threads + "/{key}", operation_id="decide_loose_thread", status_code=204)
    async def decide_loose_thread(campaign_id: PathId, key: Key, body: LooseThreadBody) -> None:
        """Let it rest, or take that back."""
        await continuity.decide(campaign_id, key, body.state)

    @routes.post(threads + "/{key}/plan", operation_id="plan_loose_thread", status_code=204)
    async def plan_loose_thread(campaign_id: PathId, key: Key, body: PlanBody) -> None:
        """Put it into a game session's plan, or take it out again."""
        await continuity.plan(campaign_id, key, body.game_session_id, taken_back=body.taken_back)

    @routes.get(pairs, operation_id="list_contradictions")
    async def list_contradictions(campaign_id: PathId) -> Response:
        """What cannot be both so, the newest first."""
        found = await continuity.list_contradictions(campaign_id)
        return answer({"contradictions": [_contradiction(one) for one in found]})

    @routes.get(pairs + "/brought", operation_id="list_brought_contradictions")
    async def list_brought_contradictions(campaign_id: PathId, by: By) -> Response:
        """What was contradicted by what was just accepted, read in or noted."""
        writers = [_writer(one) for one in dict.fromkeys(by)]
        brought = await continuity.list_brought(campaign_id, writers)
        return answer({"brought": [_brought(one) for one in brought]})

    @routes.post(pairs + "/{key}", operation_id="decide_contradiction", status_code=204)
    async def decide_contradiction(campaign_id: PathId, key: Key, body: ContradictionBody) -> None:
        """Say that both are true, let it rest, or take that back."""
        await continuity.decide(campaign_id, key, body.state)

    in_talk = "/api/contradictions/in-talk"

    @routes.get(in_talk, operation_id="get_contradictions_in_talk")
    async def get_contradictions_in_talk() -> Response:
        """Whether what is said at the table is looked through for contradictions."""
        return answer({"is_on": await continuity.at_table.get_is_on()})

    @routes.put(in_talk, operation_id="choose_contradictions_in_talk")
    async def choose_contradictions_in_talk(body: InTalkBody) -> Response:
        """Let it be looked through, or not, in all campaigns."""
        return answer({"is_on": await continuity.at_table.choose_is_on(body.is_on)})

    look = "/api/campaigns/{campaign_id}/model-look"

    @routes.get(look, operation_id="get_model_look")
    async def get_model_look(campaign_id: PathId) -> Response:
        """Whether a model could look, and how far the campaign's look is, if it has one."""
        return answer(await model_looks.get(campaign_id))

    @routes.post(look, operation_id="start_model_look", status_code=202)
    async def start_model_look(campaign_id: PathId, body: LookBody) -> Response:
        """Let the model look through what it has not read yet."""
        return answer(await model_looks.start(campaign_id, afresh=body.afresh), 202)

    @routes.post(look + "/stop", operation_id="stop_model_look")
    async def stop_model_look(campaign_id: PathId) -> Response:
        """Read no further; what was found stays."""
        return answer(await model_looks.stop(campaign_id))

    return routes


def _thread(one: LooseThread) -> dict[str, object]:
    return {**msgspec.to_builtins(one), "about": [_ref(ref) for ref in one.about]}


def _contradiction(one: Contradiction) -> dict[str, object]:
    told: dict[str, object] = msgspec.to_builtins(one)
    del told["matter"]
    return {**told, "about": None if one.about is None else _ref(one.about)}


def _writer(name: str) -> Writer:
    kind, _, id = name.partition(":")
    return Writer(cast(WriterKind, kind), id)


def _brought(one: Brought) -> dict[str, object]:
    return {
        "by": {"kind": one.writer.kind, "id": one.writer.id},
        "contradictions": [_contradiction(each) for each in one.contradictions],
        "is_finished": one.is_finished,
    }


def _ref(ref: EntityRef) -> dict[str, str]:
    return {"kind": ref.kind, "id": ref.id}
