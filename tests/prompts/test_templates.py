"""Instructions are files, filled strictly."""

from __future__ import annotations

from importlib.resources import files

import pytest

from ttrpg_assistant.prompts.compose import PURPOSES
from ttrpg_assistant.prompts.templates import TemplateMistake, load, render
from ttrpg_assistant.suggestions.parse import parse_reply


def test_every_purpose_has_its_own_template() -> None:
    texts = {load(purpose) for purpose in PURPOSES}
    assert len(texts) == len(PURPOSES) == 6


def test_a_place_without_a_value_is_a_mistake() -> None:
    with pytest.raises(TemplateMistake, match="nonce"):
        render("data_rules")


def test_a_value_without_a_place_is_a_mistake() -> None:
    with pytest.raises(TemplateMistake, match="extra"):
        render("data_rules", nonce="x", extra="y")


def test_values_are_not_looked_into() -> None:
    assert "{{nonce}}" in render("data_rules", nonce="{{nonce}}")


def test_every_template_is_used_and_ends_in_one_line_end() -> None:
    folder = files("ttrpg_assistant.prompts") / "templates"
    for file in folder.iterdir():
        text = file.read_text(encoding="utf-8")
        assert text.endswith("\n"), file.name
        assert not text.endswith("\n\n"), file.name


@pytest.mark.parametrize("purpose", [*PURPOSES, "npc_about"])
def test_every_thread_is_taught_to_propose_and_to_cite(purpose: str) -> None:
    assert "{{proposals}}" in load(purpose)
    proposals = load("proposals")
    assert "```suggestion\n{" in proposals
    assert "```citation\n{" in proposals
    for kind in ("campaign_field", "npc", "npc_trait", "location", "plot_point"):
        assert f'"{kind}"' in proposals
    assert '"session_plan"' in proposals
    assert '"house_rule"' in proposals


@pytest.mark.parametrize("template", ["proposals", "npc_traits"])
def test_what_a_model_is_shown_as_a_proposal_is_read_as_one(template: str) -> None:
    reply = parse_reply(load(template).replace("{{name}}", "Mira"))
    assert [one.kind for one in reply.suggestions] == ["npc_trait"]
    assert reply.suggestions[0].fields == {"personality": "what it should say"}
    assert len(reply.citations) == (1 if template == "proposals" else 0)
    assert reply.notes == ()
