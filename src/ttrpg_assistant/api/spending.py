"""What answers cost over HTTP: sums by month and model, and an estimate before sending."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query, Response

from ttrpg_assistant.api.bodies import PROBLEMS, Uuid, answer
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.conversations.model import MESSAGE_CHARACTERS
from ttrpg_assistant.conversations.spending import Spending
from ttrpg_assistant.conversations.store.spending import Spent
from ttrpg_assistant.llm.prices import MICROCENTS_PER_DOLLAR


def spending_routes(spending: Spending) -> Routes:
    """The two operations."""
    routes = Routes(tags=["models"], responses=dict(PROBLEMS))

    @routes.get("/api/spending", operation_id="get_spending")
    async def get_spending(
        conversation_id: Annotated[Uuid | None, Query()] = None,
    ) -> Response:
        """What answers took and cost, by month, and what one conversation did in all."""
        months = _by_month(await spending.list_months())
        if conversation_id is None:
            return answer({"months": months, "conversation": None})
        spent = await spending.list_of_conversation(conversation_id)
        return answer({"months": months, "conversation": _sum(spent)})

    @routes.get("/api/turn-estimate", operation_id="estimate_turn")
    async def estimate_turn(
        conversation_id: Annotated[Uuid, Query()],
        characters: Annotated[int, Query(ge=0, le=MESSAGE_CHARACTERS)] = 0,
        bytes_: Annotated[int | None, Query(alias="bytes", ge=0, le=4 * MESSAGE_CHARACTERS)] = None,
    ) -> Response:
        """About how many tokens the next question sends, and what it costs with its answer."""
        return answer(await spending.estimate(conversation_id, characters, bytes_))

    return routes


def _by_month(spent: list[Spent]) -> list[dict[str, Any]]:
    months: dict[str, list[Spent]] = {}
    for one in spent:
        months.setdefault(one.month, []).append(one)
    return [{"month": month, **_sum(of_month)} for month, of_month in months.items()]


def _sum(spent: list[Spent]) -> dict[str, Any]:
    models: dict[str | None, list[Spent]] = {}
    for one in spent:
        models.setdefault(one.model, []).append(one)
    return {
        **_totals(spent),
        "models": [{"model": model, **_totals(of_model)} for model, of_model in models.items()],
    }


def _totals(spent: list[Spent]) -> dict[str, Any]:
    costs = [one.cost_microcents for one in spent if one.cost_microcents is not None]
    return {
        "answers": sum(one.answers for one in spent),
        "tokens_in": sum(one.tokens_in for one in spent),
        "tokens_cached": sum(one.tokens_cached for one in spent),
        "tokens_out": sum(one.tokens_out for one in spent),
        "cost": sum(costs) / MICROCENTS_PER_DOLLAR if costs else None,
        "unpriced": sum(one.unpriced for one in spent),
    }
