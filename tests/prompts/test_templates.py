"""Instructions are files, filled strictly."""

from __future__ import annotations

import json
import re
from importlib.resources import files

import pytest

from tests.prompts.samples import CAMPAIGN, NONCE
from ttrpg_assistant.campaigns.registry import KINDS, describe_kinds
from ttrpg_assistant.prompts.budget import Budget
from ttrpg_assistant.prompts.compose import compose_chat
from ttrpg_assistant.prompts.facts import CampaignFacts, History
from ttrpg_assistant.prompts.purposes import PURPOSES
from ttrpg_assistant.prompts.templates import TemplateMistake, load, render
from ttrpg_assistant.suggestions.examples import list_example_names
from ttrpg_assistant.suggestions.fields import shape_value
from ttrpg_assistant.suggestions.kinds import list_kind_words, list_targets
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
def test_every_thread_has_a_place_for_the_rules(purpose: str) -> None:
    assert load(purpose).endswith("{{rules}}")


def test_every_field_that_is_taught_is_one_that_can_be_proposed() -> None:
    kinds = dict(re.findall(r"(\w+) \(([^)]*)\)", describe_kinds()))
    things = [kind.name for kind in KINDS.values() if kind.is_thing]
    assert list(kinds) == [*things, "session_plan", "house_rule", "campaign"]
    for kind, said in kinds.items():
        if kind == "house_rule":
            continue  # one entry of the campaign's, under a name of its own
        target = list_targets()[list_kind_words()[kind]]
        for word in said.split(", "):
            word, _, values = word.partition(": ")
            field = target.find_field(word)
            assert field is not None, (kind, word)
            for value in filter(None, values.split("/")):
                assert shape_value(target.fields[field].shape, value) == value


@pytest.mark.parametrize(
    ("reply", "target", "fields"),
    [
        (
            {"kind": "npc", "name": "Orla", "role": "smuggler", "secrets": ["She drowned once."]},
            None,
            {
                "name": "Orla",
                "role": "smuggler",
                "secrets": [{"text": "She drowned once.", "may_hint": False}],
            },
        ),
        ({"kind": "npc", "target": "Orla", "personality": "Dry."}, "Orla", {"personality": "Dry."}),
        (
            {"kind": "location", "target": "The Ford", "location_type": "bridge"},
            "The Ford",
            {"kind": "bridge"},
        ),
        (
            {"kind": "plot_point", "target": "The vault", "status": "happened", "is_open": False},
            "The vault",
            {"status": "happened", "is_open": False},
        ),
        ({"kind": "session_plan", "plan": "A bell."}, None, {"plan": "A bell."}),
        (
            {"kind": "house_rule", "name": "Flanking", "text": "Gives +1."},
            None,
            {"house_rules.Flanking": "Gives +1."},
        ),
        (
            {"kind": "campaign", "setting": "A coast.", "world_state": {"Season": "autumn"}},
            None,
            {"setting": "A coast.", "world_state.Season": "autumn"},
        ),
    ],
)
def test_what_the_instructions_teach_is_read_as_it_is_meant(
    reply: dict[str, object], target: str | None, fields: dict[str, object]
) -> None:
    read = parse_reply(f"```suggestion\n{json.dumps(reply)}\n```\n")
    [proposal] = read.suggestions
    assert (proposal.target, proposal.fields, read.notes) == (target, fields, ())


@pytest.mark.parametrize("template", ["proposals", "npc_traits"])
def test_a_model_that_copies_the_examples_proposes_nothing(template: str) -> None:
    reply = parse_reply(load(template).replace("{{name}}", "Mira"))
    assert reply.suggestions == ()
    assert reply.notes == ("The model repeated the example of its instructions; it was left out.",)
    assert len(list_example_names()) == 2


@pytest.mark.parametrize(
    "copied",
    [
        {"kind": "npc_trait", "target": "Name of the NPC", "value": "what it should say"},
        {"kind": "npc", "name": "<name>", "role": "innkeeper"},
        {"kind": "npc", "target": "Mira", "personality": "..."},
        {"kind": "location", "fields": {"name": "[Name]", "description": "text"}},
        {"kind": "npc", "name": "hesper example", "role": "queen"},
    ],
)
def test_placeholders_are_no_proposals(copied: dict[str, object]) -> None:
    reply = parse_reply(f"So.\n\n```suggestion\n{json.dumps(copied)}\n```\n")
    assert reply.suggestions == () and len(reply.notes) == 1


def test_without_a_campaign_nothing_is_taught_that_needs_one() -> None:
    def instructions(facts: CampaignFacts | None) -> tuple[str, int]:
        prompt = compose_chat(
            facts=facts,
            history=History(),
            new_message="?",
            budget=Budget.for_context(32_000),
            nonce=NONCE,
        )
        return prompt.system, prompt.manifest.sections[0].tokens

    without, few = instructions(None)
    within, more = instructions(CAMPAIGN)
    assert "```suggestion" not in without and "[[" not in without
    assert within.count("```suggestion") == 2 and "[[" in within
    assert few <= 200 and more <= 550
