"""The body of Ollama's chat."""

from __future__ import annotations

from typing import Any, Final

from ttrpg_assistant.llm.drafts import Draft, as_roles, read_talk
from ttrpg_assistant.llm.memory import Learned
from ttrpg_assistant.llm.types import Effort, ModelRequest

CHAT_PATH: Final = "/api/chat"

KEEP_ALIVE: Final = "30m"
"""How long Ollama keeps a model loaded after an answer. Its own five minutes are shorter than
the pauses at a table, and loading takes longer than answering."""


def draft_chat(request: ModelRequest, learned: Learned) -> Draft:
    """The body for one request, without what the model refused before."""
    system, messages, prefilled = read_talk(request, learned, prefills=True)
    streams = not learned.no_streaming
    options: dict[str, Any] = {}
    body: dict[str, Any] = {
        "model": request.model,
        "messages": as_roles(system, messages),
        "stream": streams,
    }
    draft = Draft(CHAT_PATH, body, learned, streams, bool(system), prefilled)
    draft.offer("keep_alive", KEEP_ALIVE, marks=("keepalive",))
    if request.effort is not None:
        draft.offer("think", _think(request.model, request.effort), marks=("thinking",))
    if request.context_tokens is not None:
        options["num_ctx"] = request.context_tokens
    draft.offer_limit(("num_predict",), request.max_tokens, within=options)
    draft.offer("temperature", request.temperature, within=options, extra=False)
    if options:
        body["options"] = options
    return draft


def _think(model: str, effort: Effort) -> bool | str:
    if "gpt-oss" in model:
        # It takes levels, and cannot be told not to think.
        return "high" if effort == "high" else "low"
    return effort != "off"
