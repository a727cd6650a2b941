from ttrpg_assistant.conversations.passages import passage_of_subject
from ttrpg_assistant.prompts.entity_facts import FactLine
from ttrpg_assistant.prompts.facts import NpcSheet, Secret


def test_the_npc_that_is_talked_about_can_be_quoted_whole() -> None:
    sheet = NpcSheet(
        npc_id="n1",
        name="Mira",
        role="smuggler",
        mannerisms=("turns a coin",),
        connections=(FactLine("Connection to Tam", "brother"),),
        secrets=(Secret("She sold the map.", False),),
    )
    passage = passage_of_subject(sheet)
    assert (passage.kind, passage.ref, passage.title) == ("npc", "n1", "Mira")
    assert passage.text.splitlines() == [
        "Role: smuggler",
        "Mannerism: turns a coin",
        "Connection to Tam: brother",
        "Secret: She sold the map.",
    ]
