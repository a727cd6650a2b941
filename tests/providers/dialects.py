"""Four providers as they speak on the wire."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from tests.providers.http import ReceivedRequest
from tests.providers.script import Script
from tests.providers.server import ProviderServer


def sse(value: object, event: str | None = None) -> bytes:
    name = f"event: {event}\n" if event else ""
    return f"{name}data: {json.dumps(value, ensure_ascii=False)}\n\n".encode()


class OpenAIServer(ProviderServer):
    """Chat completions: also what OpenRouter, LM Studio, llama.cpp and vLLM speak."""

    base_path = "/v1"
    ends: ClassVar = {"complete": "stop", "length": "length", "filtered": "content_filter"}

    def is_chat(self, request: ReceivedRequest) -> bool:
        return request.method == "POST" and request.path == "/v1/chat/completions"

    def accepts(self, request: ReceivedRequest) -> bool:
        return self.key is None or request.headers.get("authorization") == f"Bearer {self.key}"

    def describe(self, request: ReceivedRequest) -> object | None:
        if request.path != "/v1/models":
            return None
        listed: list[dict[str, Any]] = []
        for card in self.models:
            entry: dict[str, Any] = {"id": card.name, "object": "model", "owned_by": "tests"}
            if card.context is not None:
                entry["context_length"] = card.context
            listed.append(entry | card.extra)
        return {"object": "list", "data": listed}

    def _chunk(self, choices: list[object], **more: object) -> bytes:
        return sse(
            {
                "id": "chatcmpl-1",
                "object": "chat.completion.chunk",
                "created": 1_764_000_000,
                "model": "test-model",
                "choices": choices,
                **more,
            }
        )

    def _delta(self, finish: str | None = None, **delta: object) -> bytes:
        return self._chunk([{"index": 0, "delta": delta, "finish_reason": finish}])

    def opening(self, script: Script) -> list[bytes]:
        return [self._delta(role="assistant", content="")]

    def thought(self, text: str) -> list[bytes]:
        return [self._delta(reasoning_content=text), self._delta(reasoning=text)]

    def event(self, text: str) -> bytes:
        return self._delta(content=text)

    def ending(self, script: Script) -> list[bytes]:
        events = [self._delta(finish=self.ends[script.finish])]
        if script.usage:
            counts = {
                "prompt_tokens": script.tokens_in,
                "completion_tokens": script.tokens_out,
                "total_tokens": script.tokens_in + script.tokens_out,
            }
            events.append(self._chunk([], usage=counts))
        return [*events, b"data: [DONE]\n\n"]

    def mid_error(self, script: Script) -> bytes:
        problem = {"message": "The server had an error", "type": "server_error", "code": None}
        return sse({"error": script.mid_error or problem})


class AnthropicServer(ProviderServer):
    """The messages stream."""

    ends: ClassVar = {"complete": "end_turn", "length": "max_tokens", "filtered": "refusal"}

    def is_chat(self, request: ReceivedRequest) -> bool:
        return request.method == "POST" and request.path == "/v1/messages"

    def accepts(self, request: ReceivedRequest) -> bool:
        return self.key is None or request.headers.get("x-api-key") == self.key

    def describe(self, request: ReceivedRequest) -> object | None:
        if not request.path.startswith("/v1/models"):
            return None
        listed: list[dict[str, Any]] = []
        for card in self.models:
            entry: dict[str, Any] = {"type": "model", "id": card.name, "display_name": card.name}
            if card.context is not None:
                entry["max_input_tokens"] = card.context
            listed.append(entry | card.extra)
        return {"data": listed, "has_more": False}

    def opening(self, script: Script) -> list[bytes]:
        message = {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": "test-model",
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
        }
        if script.usage:
            message["usage"] = {"input_tokens": script.tokens_in, "output_tokens": 1}
        block = {"type": "text", "text": ""}
        return [
            sse({"type": "message_start", "message": message}, "message_start"),
            sse(
                {"type": "content_block_start", "index": 0, "content_block": block},
                "content_block_start",
            ),
            sse({"type": "ping"}, "ping"),
        ]

    def thought(self, text: str) -> list[bytes]:
        delta = {"type": "thinking_delta", "thinking": text}
        return [
            sse({"type": "content_block_delta", "index": 0, "delta": delta}, "content_block_delta")
        ]

    def event(self, text: str) -> bytes:
        delta = {"type": "text_delta", "text": text}
        return sse(
            {"type": "content_block_delta", "index": 0, "delta": delta}, "content_block_delta"
        )

    def ending(self, script: Script) -> list[bytes]:
        last: dict[str, object] = {
            "type": "message_delta",
            "delta": {"stop_reason": self.ends[script.finish], "stop_sequence": None},
        }
        if script.usage:
            last["usage"] = {"output_tokens": script.tokens_out}
        return [
            sse({"type": "content_block_stop", "index": 0}, "content_block_stop"),
            sse(last, "message_delta"),
            sse({"type": "message_stop"}, "message_stop"),
        ]

    def mid_error(self, script: Script) -> bytes:
        problem = script.mid_error or {"type": "overloaded_error", "message": "Overloaded"}
        return sse({"type": "error", "error": problem}, "error")

    def status_body(self, script: Script) -> object:
        problem = {"type": "test_error", "message": f"status {script.status}"}
        return {"type": "error", "error": problem}


class GeminiServer(ProviderServer):
    """streamGenerateContent with `alt=sse`. The finish reason comes with the last text."""

    ends: ClassVar = {"complete": "STOP", "length": "MAX_TOKENS", "filtered": "SAFETY"}

    def is_chat(self, request: ReceivedRequest) -> bool:
        return request.path.endswith(":streamGenerateContent?alt=sse")

    def accepts(self, request: ReceivedRequest) -> bool:
        return self.key is None or request.headers.get("x-goog-api-key") == self.key

    def describe(self, request: ReceivedRequest) -> object | None:
        if not request.path.startswith("/v1beta/models"):
            return None
        listed: list[dict[str, Any]] = []
        for card in self.models:
            entry: dict[str, Any] = {
                "name": f"models/{card.name}",
                "supportedGenerationMethods": ["generateContent", "countTokens"],
            }
            if card.context is not None:
                entry["inputTokenLimit"] = card.context
            listed.append(entry | card.extra)
        if request.path.startswith("/v1beta/models/"):
            name = request.path.removeprefix("/v1beta/")
            return next((entry for entry in listed if entry["name"] == name), None)
        return {"models": listed}

    def _chunk(self, candidate: dict[str, object], **more: object) -> bytes:
        return sse({"candidates": [candidate], "modelVersion": "test-model", **more})

    def _content(self, **part: object) -> dict[str, object]:
        return {"content": {"parts": [part], "role": "model"}, "index": 0}

    def thought(self, text: str) -> list[bytes]:
        return [self._chunk(self._content(text=text, thought=True))]

    def event(self, text: str) -> bytes:
        return self._chunk(self._content(text=text))

    def ending(self, script: Script) -> list[bytes]:
        more: dict[str, object] = {}
        if script.usage:
            more["usageMetadata"] = {
                "promptTokenCount": script.tokens_in,
                "candidatesTokenCount": script.tokens_out,
                "totalTokenCount": script.tokens_in + script.tokens_out,
            }
        last = self._content(text="") | {"finishReason": self.ends[script.finish]}
        return [self._chunk(last, **more)]

    def mid_error(self, script: Script) -> bytes:
        problem = {"code": 503, "message": "The model is overloaded.", "status": "UNAVAILABLE"}
        return sse({"error": script.mid_error or problem})

    def status_body(self, script: Script) -> object:
        return {"error": {"code": script.status, "message": f"status {script.status}"}}


class OllamaServer(ProviderServer):
    """Ollama's chat: a JSON object a line."""

    content_type = "application/x-ndjson"
    parameters = ""
    """What `/api/show` says of the Modelfile, for example `num_ctx 4096`."""

    def is_chat(self, request: ReceivedRequest) -> bool:
        return request.method == "POST" and request.path == "/api/chat"

    def describe(self, request: ReceivedRequest) -> object | None:
        if request.path == "/api/version":
            return {"version": "0.12.3"}
        if request.path == "/api/tags":
            return {
                "models": [
                    {"name": card.name, "model": card.name, "details": {"family": "llama"}}
                    | card.extra
                    for card in self.models
                ]
            }
        if request.path == "/api/show":
            card = next((c for c in self.models if c.name == request.body["model"]), None)
            if card is None:
                return None
            sizes = {} if card.context is None else {"llama.context_length": card.context}
            return {
                "parameters": self.parameters,
                "model_info": {"general.architecture": "llama", **sizes},
            }
        return None

    def _line(self, **fields: object) -> bytes:
        value = {"model": "test-model", "created_at": "2026-11-22T09:30:00.000000Z", **fields}
        return json.dumps(value, ensure_ascii=False).encode() + b"\n"

    def thought(self, text: str) -> list[bytes]:
        message = {"role": "assistant", "content": "", "thinking": text}
        return [self._line(message=message, done=False)]

    def event(self, text: str) -> bytes:
        return self._line(message={"role": "assistant", "content": text}, done=False)

    def ending(self, script: Script) -> list[bytes]:
        counts: dict[str, object] = {}
        if script.usage:
            counts = {"prompt_eval_count": script.tokens_in, "eval_count": script.tokens_out}
        reason = "length" if script.finish == "length" else "stop"
        message = {"role": "assistant", "content": ""}
        return [self._line(message=message, done=True, done_reason=reason, **counts)]

    def mid_error(self, script: Script) -> bytes:
        problem = script.mid_error or "an error was encountered while running the model"
        return json.dumps({"error": problem}).encode() + b"\n"

    def bad_json(self) -> bytes:
        return b'{"half a \n'

    def comment(self) -> bytes:
        return b"\n"

    def status_body(self, script: Script) -> object:
        return {"error": f"status {script.status}"}
