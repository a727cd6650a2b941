"""Choosing a language model, and giving it a key. No operation ever returns a key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from fastapi import Response
from pydantic import ConfigDict, Field

from ttrpg_assistant.api.bodies import PROBLEMS, Body, Text, answer
from ttrpg_assistant.api.errors import describe_fault
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.conversations.answering import AnsweringModel
from ttrpg_assistant.errors import InvalidInput, ModelFault
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.llm.catalogue import ProviderListing
from ttrpg_assistant.llm.prices import MOST_DOLLARS, Price
from ttrpg_assistant.llm.registry import MAX_CHOICE, ModelRegistry
from ttrpg_assistant.llm.trials import try_model
from ttrpg_assistant.llm.types import Effort, ModelDescription
from ttrpg_assistant.model_choice import ModelChoice
from ttrpg_assistant.model_memory import MOST_TOKENS, SetModels, StoredMemory


class ChoiceBody(Body):
    """A model choice, `provider:name`."""

    model: Text = Field(min_length=1, max_length=MAX_CHOICE)


class KeyBody(Body):
    """A key, and for providers of one's own the address it belongs to."""

    key: Text = Field(max_length=1000)
    base_url: Text | None = Field(default=None, max_length=500)


class LimitsBody(Body):
    """Sizes in tokens and effort for one model. What is not named stays; null is automatic."""

    choice: Text = Field(min_length=1, max_length=MAX_CHOICE)
    context_tokens: int | None = Field(default=None, ge=1, le=MOST_TOKENS)
    answer_tokens: int | None = Field(default=None, ge=1, le=MOST_TOKENS)
    effort: Effort | None = None


class PriceBody(Body):
    """US dollars per million tokens; `price: null` goes back to what is known."""

    model_config = ConfigDict(populate_by_name=True)

    choice: Text = Field(min_length=1, max_length=MAX_CHOICE)
    tokens_in: float | None = Field(default=None, alias="in", ge=0, le=MOST_DOLLARS)
    cached: float | None = Field(default=None, ge=0, le=MOST_DOLLARS)
    out: float | None = Field(default=None, ge=0, le=MOST_DOLLARS)
    price: None = None


class TrialBody(Body):
    """Which model is meant."""

    choice: Text = Field(min_length=1, max_length=MAX_CHOICE)


def model_routes(
    models: ModelRegistry,
    choice: ModelChoice,
    answering: AnsweringModel,
    memory: StoredMemory,
    set_models: SetModels,
    changes: Changes,
) -> Routes:
    """Every operation on models and keys."""
    routes = Routes(tags=["models"], responses=dict(PROBLEMS))

    def show(model: ModelDescription) -> dict[str, Any]:
        used = answering.with_settings(model.choice, model)
        return {
            "choice": used.choice,
            "name": used.name,
            "context_tokens": used.context_tokens,
            "context_source": used.context_source,
            "answer_tokens": used.answer_tokens,
            "effort": answering.find_effort(used.choice),
            "efforts": list(used.efforts),
            "price": _wire_price(used.price),
            "recommended": used.recommended,
            "learned": list(used.learned),
        }

    def find_model(named: str) -> str:
        """The choice, tidied. Raises where its provider cannot be asked, before any change."""
        wanted = models.check_choice(named)
        models.get_provider(wanted)
        return wanted

    async def show_one(wanted: str) -> dict[str, Any]:
        provider, name = models.get_provider(wanted)
        return show(await provider.describe_model(name))

    async def complete(catalogue: list[ProviderListing]) -> list[ProviderListing]:
        """The catalogue with the model that answers now as it is used: its server may tell a
        window that its list does not, and a model chosen by its name may be on no list."""
        current = choice.current
        listed = {model.choice: model for listing in catalogue for model in listing.models}
        if current in listed and listed[current].context_source != "assumed":
            return catalogue
        try:
            provider, name = models.get_provider(current)
        except ModelFault:
            return catalogue
        found = replace(await provider.describe_model(name), name=name)

        def with_found(listing: ProviderListing) -> ProviderListing:
            if listing.name != found.provider:
                return listing
            others = (model for model in listing.models if model.choice != current)
            return replace(listing, models=(*others, found))

        return [with_found(listing) for listing in catalogue]

    @routes.get("/api/models", operation_id="list_models")
    async def list_models() -> Response:
        """Every provider with what it offers, and the model that answers now."""
        catalogue = await complete(await models.list_catalogue())
        return answer(
            {
                "current": choice.current,
                "fixed": choice.is_fixed,
                "providers": [_wire_listing(listing, show) for listing in catalogue],
            }
        )

    @routes.put("/api/models/limits", operation_id="set_model_limits")
    async def set_model_limits(body: LimitsBody) -> Response:
        """Set a model's window, its longest answer and its effort, or leave them to it again."""
        wanted = find_model(body.choice)
        given = body.model_dump(include=body.model_fields_set - {"choice"})
        await set_models.replace(wanted, replace(set_models.find(wanted), **given))
        if "context_tokens" in given:
            # What a refusal taught held for the size before; the next one teaches anew.
            await memory.forget_window(wanted.partition(":")[2])
        changes.announce_here("models", {})
        return answer(await show_one(wanted))

    @routes.put("/api/models/price", operation_id="set_model_price")
    async def set_model_price(body: PriceBody) -> Response:
        """Set what a model costs, or go back to the price that is known."""
        wanted = find_model(body.choice)
        price = None
        if "price" not in body.model_fields_set:
            if body.tokens_in is None or body.out is None:
                raise InvalidInput(
                    "A price needs `in` and `out`, in US dollars per million tokens.",
                    code="invalid_price",
                )
            cached = body.tokens_in if body.cached is None else body.cached
            price = Price(body.tokens_in, cached, body.out, "set")
        await set_models.replace(wanted, replace(set_models.find(wanted), price=price))
        changes.announce_here("models", {})
        return answer(await show_one(wanted))

    @routes.post("/api/models/forget", operation_id="forget_learned")
    async def forget_learned(body: TrialBody) -> Response:
        """Forget what a model's refusals have taught, and find it out anew."""
        wanted = find_model(body.choice)
        await models.forget_learned(wanted)
        changes.announce_here("models", {})
        return answer(await show_one(wanted))

    @routes.post("/api/models/test", operation_id="test_model")
    async def test_model(body: TrialBody) -> Response:
        """Ask a model one tiny question: whether it answers, how soon, and whether it thinks."""
        wanted = models.check_choice(body.choice)
        try:
            provider, name = models.get_provider(wanted)
        except ModelFault as fault:
            return answer({"ok": False, "seconds": None, "thinks": False, "fault": _tell(fault)})
        trial = await try_model(provider, name, answering.find_effort(wanted))
        return answer(
            {
                "ok": trial.fault is None,
                "seconds": trial.seconds,
                "thinks": trial.thinks,
                "fault": None if trial.fault is None else _tell(trial.fault),
            }
        )

    @routes.put("/api/models/current", operation_id="choose_model")
    async def choose_model(body: ChoiceBody) -> Response:
        """Let another model answer from now on."""
        await choice.choose(body.model)
        changes.announce_here("models", {})
        return answer({"current": choice.current})

    @routes.put("/api/providers/{provider}/key", operation_id="set_provider_key")
    async def set_provider_key(provider: str, body: KeyBody) -> Response:
        """Keep a key in the system's keyring, or in a file only its owner can read."""
        kept = await models.replace_key(provider, body.key, body.base_url)
        changes.announce("models", {})
        return answer(_wire_listing(kept, show))

    @routes.delete("/api/providers/{provider}/key", operation_id="forget_provider_key")
    async def forget_provider_key(provider: str) -> Response:
        """Forget the key that was kept for this provider."""
        kept = await models.forget_key(provider)
        changes.announce("models", {})
        return answer(_wire_listing(kept, show))

    @routes.post("/api/providers/{provider}/test", operation_id="test_provider")
    async def test_provider(provider: str) -> Response:
        """Ask the provider for its models, to see whether key and address are right."""
        try:
            found = await models.test_provider(provider)
        except ModelFault as fault:
            return answer({"ok": False, "models": [], "fault": describe_fault(fault)})
        return answer({"ok": True, "models": [show(model) for model in found]})

    return routes


def _tell(fault: ModelFault) -> dict[str, Any]:
    return dict(describe_fault(fault))


def _wire_price(price: Price | None) -> dict[str, Any] | None:
    if price is None:
        return None
    return {
        "in": price.tokens_in,
        "cached": price.tokens_cached,
        "out": price.tokens_out,
        "source": price.source,
    }


def _wire_listing(
    listing: ProviderListing, show: Callable[[ModelDescription], dict[str, Any]]
) -> dict[str, Any]:
    return {
        "name": listing.name,
        "label": listing.label,
        "needs_key": listing.needs_key,
        "has_key": listing.has_key,
        "key_source": listing.key_source,
        "base_url": listing.base_url,
        "base_url_is_fixed": listing.base_url_is_fixed,
        "models": [show(model) for model in listing.models],
        "fault": None if listing.fault is None else describe_fault(listing.fault),
    }
