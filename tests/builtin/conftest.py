import random

import pytest

from ttrpg_assistant.builtin.offline import OfflineModel
from ttrpg_assistant.llm.types import ModelRequest, PromptMessage


@pytest.fixture
def rng() -> random.Random:
    return random.Random(7)


@pytest.fixture
def offline(rng) -> OfflineModel:
    return OfflineModel(pace=0, rng=rng)


@pytest.fixture
def request_to():
    def make(text, persona):
        return ModelRequest("offline", "", (PromptMessage("user", text),), persona=persona)

    return make
