"""Choosing a language model, and giving it a key. No operation ever returns a key."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response
from pydantic import Field

from ttrpg_assistant.api.bodies import PROBLEMS, Body, Text, answer
from ttrpg_assistant.api.errors import describe_fault
from ttrpg_assistant.errors import ModelFault
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.llm.catalogue import ProviderListing
from ttrpg_assistant.llm.registry import MAX_CHOICE, ModelRegistry
from ttrpg_assistant.llm.types import ModelDescription
from ttrpg_assistant.model_choice import ModelChoice


class ChoiceBody(Body):
    """A model choice, `provider:name`."""

    model: Text = Field(min_length=1, max_length=MAX_CHOICE)


class KeyBody(Body):
    """A key, and for providers of one's own the address it belongs to."""

    key: Text = Field(max_length=1000)
    base_url: Text | None = Field(default=None, max_length=500)


def model_routes(models: ModelRegistry, choice: ModelChoice, changes: Changes) -> APIRouter:
    """Every operation on models and keys."""
    routes = APIRouter(tags=["models"], responses=dict(PROBLEMS))

    @routes.get("/api/models", operation_id="list_models")
    async def list_models() -> Response:
        """Every provider with what it offers, and the model that answers now."""
        catalogue = await models.list_catalogue()
        return answer(
            {
                "current": choice.current,
                "fixed": choice.is_fixed,
                "providers": [_wire_listing(listing) for listing in catalogue],
            }
        )

    @routes.put("/api/models/current", operation_id="choose_model")
    async def choose_model(body: ChoiceBody) -> Response:
        """Let another model answer from now on."""
        await choice.choose(body.model)
        changes.announce("models", {})
        return answer({"current": choice.current})

    @routes.put("/api/providers/{provider}/key", operation_id="set_provider_key")
    async def set_provider_key(provider: str, body: KeyBody) -> Response:
        """Keep a key in the system's keyring, or in a file only its owner can read."""
        kept = await models.replace_key(provider, body.key, body.base_url)
        changes.announce("models", {})
        return answer(_wire_listing(kept))

    @routes.delete("/api/providers/{provider}/key", operation_id="forget_provider_key")
    async def forget_provider_key(provider: str) -> Response:
        """Forget the key that was kept for this provider."""
        kept = await models.forget_key(provider)
        changes.announce("models", {})
        return answer(_wire_listing(kept))

    @routes.post("/api/providers/{provider}/test", operation_id="test_provider")
    async def test_provider(provider: str) -> Response:
        """Ask the provider for its models, to see whether key and address are right."""
        try:
            found = await models.test_provider(provider)
        except ModelFault as fault:
            return answer({"ok": False, "models": [], "fault": describe_fault(fault)})
        return answer({"ok": True, "models": [_wire_model(model) for model in found]})

    return routes


def _wire_model(model: ModelDescription) -> dict[str, Any]:
    return {
        "choice": model.choice,
        "name": model.name,
        "context_tokens": model.context_tokens,
    }


def _wire_listing(listing: ProviderListing) -> dict[str, Any]:
    return {
        "name": listing.name,
        "label": listing.label,
        "needs_key": listing.needs_key,
        "has_key": listing.has_key,
        "key_source": listing.key_source,
        "base_url": listing.base_url,
        "base_url_is_fixed": listing.base_url_is_fixed,
        "models": [_wire_model(model) for model in listing.models],
        "fault": None if listing.fault is None else describe_fault(listing.fault),
    }
