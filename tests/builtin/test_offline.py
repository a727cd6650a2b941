import asyncio
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builtin.scenes import HARROWGATE, MIRA
from ttrpg_assistant.builtin.offline import OfflineModel, cut_into_pieces
from ttrpg_assistant.llm.ports import Provider
from ttrpg_assistant.llm.types import (
    Finished,
    ModelRequest,
    Passage,
    PromptMessage,
    TextDelta,
)


def request(text, **more):
    return ModelRequest("offline", "Be brief.", (PromptMessage("user", text),), **more)


async def collect(model, asked):
    return [event async for event in model.stream(asked)]


async def test_an_answer_comes_in_words_then_the_end_and_no_tokens_are_counted():
    provider: Provider = OfflineModel(pace=0, rng=random.Random(1))
    *deltas, end = await collect(provider, request("Where is the crypt?", passages=HARROWGATE))
    assert len(deltas) > 10 and all(isinstance(d, TextDelta) and d.text for d in deltas)
    text = "".join(delta.text for delta in deltas)
    assert "The crypt door opens only at low water." in text
    assert end == Finished("stop")


async def test_the_same_chance_gives_the_same_stream():
    asked = request("three complications and a rumour", passages=HARROWGATE)
    first = await collect(OfflineModel(pace=0, rng=random.Random(5)), asked)
    assert first == await collect(OfflineModel(pace=0, rng=random.Random(5)), asked)


async def test_it_offers_one_model_and_one_size():
    model = OfflineModel()
    (only,) = await model.list_models()
    assert (model.name, only.choice, only.context_tokens) == ("offline", "offline", 32_000)
    assert (await model.describe_model("offline")).context_tokens == 32_000
    await model.aclose()


async def test_a_paced_answer_can_be_stopped_between_two_words():
    model = OfflineModel(pace=1, rng=random.Random(1))
    stream = model.stream(request("what can you do?"))
    assert isinstance(await anext(stream), TextDelta)
    waiting = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    with pytest.raises(StopAsyncIteration):
        await anext(stream)


@pytest.mark.parametrize(
    "question", ["Who are you?", "what are you", "Are you an AI?", "are you ChatGPT?",
                 "Which model are you?", "Are you a large language model?"],
)  # fmt: skip
async def test_asked_what_it_is_it_says_so(question):
    answer = OfflineModel(pace=0).answer(request(question))
    assert "I am the built-in model" in answer and "not a large language model" in answer


def test_who_are_you_to_somebody_in_the_story_is_a_persons_answer():
    assert "Mira" in OfflineModel(pace=0).answer(request("Who are you?", persona=MIRA))


@pytest.mark.parametrize("words", [1, 3, 266, 267, 5_000])
def test_pieces_are_the_text_and_never_too_many(words):
    text = "  \n" + " ".join(f"word{n}" for n in range(words)) + "\n"
    pieces = cut_into_pieces(text, 266)
    assert "".join(pieces) == text and len(pieces) <= 266 and all(pieces)


@given(st.text(min_size=1), st.integers(1, 50))
def test_any_text_is_cut_without_loss(text, most):
    pieces = cut_into_pieces(text, most)
    assert "".join(pieces) == text and 0 < len(pieces) <= most


_TEXT = st.text(max_size=120)
_VOCABULARY = """roll 2d6 d20 adv recap list npcs who what when did we say bell is likely name for
    a tavern three complications another plan session ( ) [ ] ? ! , : ` * _ < > | # é 鐘 💥"""
_WORDS = st.lists(st.sampled_from([*_VOCABULARY.split(), "\n", "\u202e", "\x00"]), max_size=14).map(
    " ".join
)
_KINDS = st.sampled_from(
    ["message", "campaign", "npc", "location", "plot_point", "game_session", "note", "house_rule"]
)


@settings(max_examples=300)
@given(
    text=_TEXT | _WORDS,
    system=_TEXT,
    earlier=st.lists(
        st.builds(PromptMessage, st.sampled_from(["user", "assistant"]), _TEXT | _WORDS), max_size=4
    ),
    passages=st.lists(st.builds(Passage, _KINDS, _TEXT, _TEXT, _TEXT | _WORDS), max_size=5),
    persona=st.sampled_from([None, MIRA]),
    seed=st.integers(0, 99),
)  # fmt: skip
def test_nothing_that_can_be_typed_makes_it_fail(text, system, earlier, passages, persona, seed):
    asked = ModelRequest(
        "offline", system, (*earlier, PromptMessage("user", text)),
        passages=tuple(passages), persona=persona,
    )  # fmt: skip
    assert OfflineModel(pace=0, rng=random.Random(seed)).answer(asked).strip()


def test_a_request_without_messages_is_greeted():
    assert "Roll" in OfflineModel(pace=0).answer(ModelRequest("offline", "", ()))
