"""Choosing a model over HTTP: sizes with their source, limits, prices, and a test of one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.providers import ModelCard, OpenAIServer, Script
from tests.providers.http import ReceivedRequest
from tests.running import Running, running
from ttrpg_assistant.settings import ProviderAccess


def reach(server: OpenAIServer) -> dict[str, Any]:
    """Settings under which this server answers."""
    access = ProviderAccess(base_url=server.base_url)
    return {"access": {"openai-compatible": access}, "model": "openai-compatible:test-model"}


async def read_model(app: Running, choice: str = "openai-compatible:test-model") -> Any:
    catalogue = await app.get("/api/models")
    found = [m for p in catalogue["providers"] for m in p["models"] if m["choice"] == choice]
    assert len(found) == 1
    return found[0]


async def put(app: Running, path: str, body: object, *, status: int = 200) -> Any:
    answer = await app.client.put(path, json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_a_model_is_listed_with_all_that_is_known_of_it(tmp_path: Path) -> None:
    pricing = {"prompt": "0.000001", "completion": "0.000004"}
    card = ModelCard("qwen3-32b", 40_960, {"max_completion_tokens": 8_192, "pricing": pricing})
    async with OpenAIServer(models=[card]) as server, running(tmp_path, **reach(server)) as app:
        assert await read_model(app, "openai-compatible:qwen3-32b") == {
            "choice": "openai-compatible:qwen3-32b",
            "name": "qwen3-32b",
            "context_tokens": 40_960,
            "context_source": "listed",
            "answer_tokens": 8_192,
            "effort": None,
            "efforts": ["off", "low", "high"],
            "price": {"in": 1.0, "cached": 1.0, "out": 4.0, "source": "listed"},
            "recommended": False,
            "learned": [],
        }


async def test_limits_that_were_set_are_used_and_can_be_taken_back(tmp_path: Path) -> None:
    async with OpenAIServer() as server:
        async with running(tmp_path, **reach(server)) as app:
            choice = "openai-compatible:test-model"
            limits = {"choice": choice, "context_tokens": 65_536, "answer_tokens": 700}
            model = await put(app, "/api/models/limits", limits)
            assert (model["context_tokens"], model["context_source"]) == (65_536, "set")
            await put(app, "/api/models/limits", {"choice": choice, "effort": "off"})
            chat = await app.open_chat()
            turn = await app.say(chat, "Who keeps the mill?")
            await app.read_reply(turn["assistant_message"]["id"])
            body = server.requests[0].body
            assert body["max_tokens"] == 700
            assert body["chat_template_kwargs"] == {"enable_thinking": False}
        async with running(tmp_path, **reach(server)) as app:
            model = await read_model(app)
            assert (model["context_tokens"], model["answer_tokens"]) == (65_536, 700)
            assert model["effort"] == "off"
            automatic = {"choice": choice, "context_tokens": None, "answer_tokens": None}
            model = await put(app, "/api/models/limits", automatic)
            assert (model["context_tokens"], model["context_source"]) == (32_768, "listed")
            assert (model["answer_tokens"], model["effort"]) == (None, "off")


async def test_limits_that_cannot_be_meant_change_nothing(tmp_path: Path) -> None:
    async with OpenAIServer() as server, running(tmp_path, **reach(server)) as app:
        choice = "openai-compatible:test-model"
        for body in (
            {"choice": choice, "context_tokens": 5},
            {"choice": choice, "answer_tokens": -1},
            {"choice": choice, "effort": "enormous"},
            {"choice": "nobody", "context_tokens": 9_000},
            {"choice": choice, "window": 9_000},
        ):
            await put(app, "/api/models/limits", body, status=422)
        for body in ({"choice": choice, "in": -1, "out": 2}, {"choice": choice, "in": 1}):
            await put(app, "/api/models/price", body, status=422)
        assert (await read_model(app))["context_source"] == "listed"


async def test_a_price_that_was_set_counts_and_can_be_taken_back(tmp_path: Path) -> None:
    async with OpenAIServer() as server, running(tmp_path, **reach(server)) as app:
        choice = "openai-compatible:test-model"
        model = await put(app, "/api/models/price", {"choice": choice, "in": 3, "out": 15})
        assert model["price"] == {"in": 3, "cached": 3, "out": 15, "source": "set"}
        chat = await app.open_chat()
        turn = await app.say(chat, "Who keeps the mill?")
        reply = await app.read_reply(turn["assistant_message"]["id"])
        assert reply["cost"] == (21 * 3 + 8 * 15) / 1_000_000
        model = await put(app, "/api/models/price", {"choice": choice, "price": None})
        assert model["price"]["source"] == "table"


async def test_one_press_says_whether_a_model_answers_and_thinks(tmp_path: Path) -> None:
    thinking = OpenAIServer(Script(thinking=True))
    async with thinking as server, running(tmp_path, **reach(server)) as app:
        choice = {"choice": "openai-compatible:test-model"}
        trial = await app.post("/api/models/test", choice)
        assert (trial["ok"], trial["thinks"], trial["fault"]) == (True, True, None)
        assert trial["seconds"] >= 0
        server.enqueue(Script(status=401))
        trial = await app.post("/api/models/test", choice)
        assert (trial["ok"], trial["seconds"]) == (False, None)
        assert trial["fault"]["code"] == "model_bad_key"
        trial = await app.post("/api/models/test", {"choice": "anthropic:claude-x"})
        assert trial["fault"]["code"] == "model_not_configured"


class SmallServer(OpenAIServer):
    """Lists what its model was made for, and refuses what its window of 2,048 does not hold."""

    refused = 0

    async def _answer(self, request: ReceivedRequest, *streams: Any) -> bool:
        length = sum(len(message["content"]) for message in request.body["messages"])
        script = Script()
        if length > 7_000:
            self.refused += 1
            said = (
                f"request ({length // 4} tokens) exceeds the available context size (2048 tokens),"
                " try increasing it"
            )
            facts = {"n_prompt_tokens": length // 4, "n_ctx": 2_048}
            script = Script(status=400, error={"error": {"code": 400, "message": said, **facts}})
        self.enqueue(script)
        return await super()._answer(request, *streams)


class AskedServer(OpenAIServer):
    """A llama.cpp whose list names no size; its own page does."""

    def describe(self, request: ReceivedRequest) -> object | None:
        if request.path == "/props":
            return {"default_generation_settings": {"n_ctx": 2_048}, "build_info": "b1"}
        return super().describe(request)


async def test_a_window_that_only_the_server_tells_is_shown_for_the_model_in_use(
    tmp_path: Path,
) -> None:
    cards = [ModelCard("test-model", None), ModelCard("other", None)]
    async with AskedServer(models=cards) as server, running(tmp_path, **reach(server)) as app:
        model = await read_model(app)
        assert (model["context_tokens"], model["context_source"]) == (2_048, "asked")
        other = await read_model(app, "openai-compatible:other")
        assert other["context_source"] == "assumed"


async def test_a_model_chosen_by_its_name_is_shown_with_what_is_known_and_set_of_it(
    tmp_path: Path,
) -> None:
    choice = "openai-compatible:test-model"
    other = ModelCard("other")
    async with AskedServer(models=[other]) as server, running(tmp_path, **reach(server)) as app:
        model = await read_model(app)
        assert (model["context_tokens"], model["context_source"]) == (2_048, "asked")
        await put(app, "/api/models/limits", {"choice": choice, "context_tokens": 4_096})
        model = await read_model(app)
        assert (model["context_tokens"], model["context_source"]) == (4_096, "set")
    async with running(tmp_path, **reach(server)) as app:
        assert (await read_model(app))["context_tokens"] == 4_096, "also while it cannot be reached"


async def test_a_window_smaller_than_listed_costs_one_refused_call_ever(tmp_path: Path) -> None:
    trained = ModelCard(context=None, extra={"meta": {"n_ctx_train": 131_072}})
    async with SmallServer(models=[trained]) as server:
        async with running(tmp_path, **reach(server)) as app:
            chat = await app.open_chat()
            for number in range(6):
                body = {"role": "user", "content": f"Note {number}: " + "the mill turns. " * 250}
                await app.post(f"/api/chat-sessions/{chat}/messages", body, status=201)
            turn = await app.say(chat, "Who keeps the mill?")
            reply = await app.read_reply(turn["assistant_message"]["id"])
            assert (reply["status"], reply["content"]) == ("complete", Script().text)
            assert server.refused == 1
            model = await read_model(app)
            assert (model["context_tokens"], model["context_source"]) == (2_048, "learned")
        async with running(tmp_path, **reach(server)) as app:
            turn = await app.say(chat, "And who owns it?")
            reply = await app.read_reply(turn["assistant_message"]["id"])
            assert reply["status"] == "complete"
            assert server.refused == 1, "it is still known after a restart"


class OddRefusals(OpenAIServer):
    """Refuses the system role, and once a window that no prompt fits into."""

    def __init__(self) -> None:
        super().__init__(models=[ModelCard(context=None)])
        self.windows = ["maximum context length is 300 tokens"]

    async def _answer(self, request: ReceivedRequest, *streams: Any) -> bool:
        said = ""
        if request.body["messages"][0]["role"] == "system":
            said = "System role not supported"
        elif self.windows and len(request.body["messages"]) > 1:
            said = self.windows.pop()
        script = Script(status=400, error={"error": {"message": said}}) if said else Script()
        self.enqueue(script)
        return await super()._answer(request, *streams)


async def test_one_odd_refusal_does_not_end_a_models_use(tmp_path: Path) -> None:
    async with OddRefusals() as server, running(tmp_path, **reach(server)) as app:
        chat = await app.open_chat()
        statuses = []
        for number in range(3):
            turn = await app.say(chat, f"Who keeps the mill, and since when? {number}")
            statuses.append((await app.read_reply(turn["assistant_message"]["id"]))["status"])
        assert not server.windows, "the odd refusal never came"
        assert statuses[0] == statuses[2] == "complete"
        model = await read_model(app)
        assert (model["context_tokens"], model["context_source"]) == (8_192, "assumed")


async def test_what_a_model_refused_is_shown_and_can_be_forgotten(tmp_path: Path) -> None:
    async with OddRefusals() as server:
        server.windows.clear()
        async with running(tmp_path, **reach(server)) as app:
            chat = await app.open_chat()
            turn = await app.say(chat, "Who keeps the mill?")
            await app.read_reply(turn["assistant_message"]["id"])
            said = "It has no system role: the instructions are sent with the first message."
            assert (await read_model(app))["learned"] == [said]
        async with running(tmp_path, **reach(server)) as app:
            assert (await read_model(app))["learned"] == [said]
            choice = {"choice": "openai-compatible:test-model"}
            assert (await app.post("/api/models/forget", choice))["learned"] == []
            calls = len(server.requests)
            turn = await app.say(chat, "Who keeps the mill?")
            await app.read_reply(turn["assistant_message"]["id"])
            roles = [request.body["messages"][0]["role"] for request in server.requests[calls:]]
            assert roles == ["system", "user"], "it was found out again"
            assert (await read_model(app))["learned"] == [said]
            await app.post("/api/models/forget", {"choice": "anthropic:x"}, status=502)
            await app.post("/api/models/forget", {"choice": "nobody"}, status=422)


async def test_numbers_for_a_provider_that_cannot_be_asked_are_not_kept(tmp_path: Path) -> None:
    choice = "anthropic:claude-x"
    async with OpenAIServer() as server, running(tmp_path, **reach(server)) as app:
        limits = {"choice": choice, "context_tokens": 9_000}
        assert (await put(app, "/api/models/limits", limits, status=502))["code"]
        price = {"choice": choice, "in": 1, "out": 2}
        assert (await put(app, "/api/models/price", price, status=502))["code"]
    claude = ProviderAccess(base_url=server.base_url, key="sk-canary-0123456789")
    async with running(tmp_path, access={"anthropic": claude}, model=choice) as app:
        provider, name = app.services.models.get_provider(choice)
        model = app.services.answering.with_settings(choice, await provider.describe_model(name))
        assert model.context_source != "set"
        assert model.price is None or model.price.source != "set"


async def test_a_model_named_as_its_provider_is_chosen_and_listed_by_one_name(
    tmp_path: Path,
) -> None:
    named = "openai-compatible:openai-compatible"
    card = ModelCard("openai-compatible", 40_960)
    async with (
        OpenAIServer(models=[card]) as server,
        running(tmp_path, access=reach(server)["access"], model=named) as app,
    ):
        assert (await read_model(app, named))["choice"] == named
        assert (await put(app, "/api/models/current", {"model": named}))["current"] == named
        assert (await app.get("/api/models"))["current"] == named
        turn = await app.say(await app.open_chat(), "Who keeps the mill?")
        said = await app.read_reply(turn["assistant_message"]["id"])
        assert (said["status"], said["model"]) == ("complete", named)


async def test_a_model_is_chosen_by_its_tidied_name(tmp_path: Path) -> None:
    async with OpenAIServer() as server, running(tmp_path, **reach(server)) as app:
        for said in ("offline", "offline:offline"):
            await put(app, "/api/models/current", {"model": said})
            assert (await app.get("/api/models"))["current"] == "offline"
