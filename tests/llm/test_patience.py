import pytest

from ttrpg_assistant.llm.wire import HOME_IDLE_SECONDS, IDLE_SECONDS, patience_with


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:11434", "http://localhost:1234/v1", "http://192.168.1.9:11434"]
)
def test_a_model_at_home_may_think_for_minutes(address: str) -> None:
    assert patience_with(address) == HOME_IDLE_SECONDS > 300


@pytest.mark.parametrize("address", ["https://api.openai.com/v1", "https://8.8.8.8"])
def test_a_provider_far_away_may_not(address: str) -> None:
    assert patience_with(address) == IDLE_SECONDS
