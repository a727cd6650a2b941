"""A promise, a debt and a secret are known by how a sentence is made, and so is their end."""

from __future__ import annotations

import pytest

from ttrpg_assistant.campaigns.mentions import EntityRef, NameIndex
from ttrpg_assistant.continuity.loose_threads import find_loose_threads
from ttrpg_assistant.continuity.model import Evidence, Source
from ttrpg_assistant.continuity.plain_words import spell_plainly
from ttrpg_assistant.continuity.store.evidence import Raw
from ttrpg_assistant.continuity.weighing import weigh

INDEX = NameIndex(
    [
        (EntityRef("npc", "mira"), "Mira"),
        (EntityRef("npc", "tomas"), "Tomas"),
        (EntityRef("character", "rook"), "Rook"),
        (EntityRef("location", "ford"), "Saltford"),
        (EntityRef("item", "crown"), "Grey Crown"),
    ]
)


def _weigh(*lines: str) -> Evidence:
    """Lines of one evening after the other; what begins with "note: " is a note."""
    said = [
        (
            Source("note" if line.startswith("note: ") else "message", str(at)),
            line.removeprefix("note: "),
            at,
            f"{at:03}",
        )
        for at, line in enumerate(lines, start=1)
    ]
    return weigh(Raw(said, {}, (), (), tuple(range(1, len(lines) + 1))), INDEX)


def _find(*lines: str) -> list[tuple[str, str]]:
    """What is found and sure."""
    found = find_loose_threads(_weigh(*lines), INDEX)
    return [(one.kind, one.text) for one in found if one.kind != "not_seen" and one.is_sure]


def _kinds_at_all(*lines: str) -> list[str]:
    """The same with impressions."""
    return [one.kind for one in find_loose_threads(_weigh(*lines), INDEX)]


def _kinds(*lines: str) -> list[str]:
    return [kind for kind, _ in _find(*lines)]


@pytest.mark.parametrize(
    "line",
    [
        # A word for the bond, and a deed to come.
        "Rook: You have my word, Mira, the gate will hold.",
        "note: Rook made Mira a solemn promise to bury her son at Saltford.",
        "note: They struck a deal with Mira: her silence for a horse.",
        # A task that was taken on, a request that was agreed to.
        "note: Took the job from Mira: guard the salt to Saltford.",
        "Mira begs Rook to look in on her mother, and he could not say no to that.",
        "Mira: Swear you won't tell my mother, Rook. Rook: I swear.",
        # One thing for another.
        "Mira: Bring me the Grey Crown and I'll tell you who burned Saltford.",
        "Mira: If you feed my cats every day, I'll turn you back into a boy.",
        # A deed for somebody, later.
        "Rook: I'll rebuild your mill when this war is over, Mira.",
        "Mira says she will hold the ferry for you until moonrise.",
        "Mira: I'll fix your armour, Rook. Come Tuesday.",
        # What somebody forswears, what somebody is to do.
        "Rook told Mira that nobody will hear about the goat.",
        "note: Mira is to be landed at Saltford on the homeward leg.",
        # In haste.
        "note: told Mira theyll bring back her kid b4 winter",
    ],
)
def test_who_binds_themselves_to_a_deed_has_promised_it(line: str) -> None:
    assert _kinds_at_all(line) == ["promised"]


@pytest.mark.parametrize(
    "line",
    [
        # The next moment of the game.
        "Rook: I'll take the left door, Mira, you take the right.",
        "Mira: I'll be in my room if you need me.",
        "Rook: Hold on, Mira, I'll help you up.",
        # Told, denied, supposed, asked.
        "In the song that Mira sang, a knight vows to bring his lady the moon.",
        "note: Mira has not promised anything to the group.",
        "Rook: What if we just promised Mira the gold and ran?",
        "note: If Rook refuses, Mira will ask Tomas instead.",
        "They told Mira that they would not help her.",
        "note: Mira might betray them.",
        # No deed of anybody.
        "Mira tells you that the pass will be snowed in until spring.",
        "Dawn promised a clear day, and Mira opened the shop early.",
        "The wind swore among the gables as Mira barred the shutters.",
        # Kept in the same breath.
        "note: As promised, Mira had the horses ready.",
        "Mira gave her word, and she kept it.",
        # Of the people at the table.
        "Ana: I'm going to try and persuade Mira next week.",
        "Ben: Sorry I'm late, I promised my sister a lift.",
        "Ben: I'll use my bonus action when Mira moves.",
    ],
)
def test_what_only_sounds_like_a_promise_is_none(line: str) -> None:
    assert _find(line) == []


@pytest.mark.parametrize(
    "line",
    [
        "note: Mira lent Rook the grey mare.",
        "note: Raise dead on Rook, 500 gp on credit from the temple of Mira.",
        "note: Mira's wages three weeks behind.",
        "Tomas: Mira still hasn't paid me for those shields, you know.",
        "note: Rook has yet to hand over the dagger to Mira.",
        "note: They left the inn without paying Mira.",
        "Mira: You killed my horse, Rook, you replace it.",
        "note: Mira has been calling in that favour for weeks.",
    ],
)
def test_what_was_had_and_not_given_back_is_owed(line: str) -> None:
    assert _kinds_at_all(line) == ["owed"]


@pytest.mark.parametrize(
    "line",
    [
        "Mira owed her beauty to moonlight and her temper to her father.",
        "note: Mira owes nobody a farthing.",
        "note: They have already given back to Mira the borrowed cloak.",
        "note: Paid Mira the twenty crowns we owed her.",
        "Rook: I'd sooner kiss a snake than owe you, Mira.",
        "note: Mira lent her voice to the choir.",
        "A debt is a rope, as they say in Saltford, and Mira laughed.",
        "Ana: I owe Cleo a fiver for parking.",
    ],
)
def test_what_only_sounds_like_a_debt_is_none(line: str) -> None:
    assert _find(line) == []


@pytest.mark.parametrize(
    "line",
    [
        "note: PCs don't know yet that Mira and Tomas are sisters.",
        "note: Third lever in Mira's vault never pulled.",
        "note: nobody caught that Mira has the same tattoo as the cultist",
        "note: Who sent Mira the black envelope?",
        "note: Secret: Mira opened the postern.",
        "note: What Mira was doing in the cellar is anyone's guess.",
        "note: Mira turned pale, and would not say why.",
        "note: Rook pocketed Mira's letter without reading it.",
    ],
)
def test_what_did_not_come_out_is_kept_for_later(line: str) -> None:
    assert _kinds_at_all(line) == ["planted"]


@pytest.mark.parametrize(
    "line",
    [
        "note: Nobody was hurt, and Mira made soup.",
        "note: They did not see Mira until the evening.",
        "note: They searched Mira's house and found nothing but dust.",
        "note: Mira told a joke nobody understood.",
        "note: Should I kill Mira?",
        "note: Mira did not come to Saltford.",
        "note: They know now who hired Mira.",
    ],
)
def test_what_is_merely_not_so_is_no_secret(line: str) -> None:
    assert _find(line) == []


@pytest.mark.parametrize(
    ("first", "then"),
    [
        # The same matter, told as done: in like words, in like deeds, as come to its end.
        ("note: Rook swore to find Mira's daughter.", "note: Mira's daughter is home."),
        ("note: Rook promised Mira to free her son.", "note: Rook rescued the boy; Mira wept."),
        (
            "note: Rook vowed to Mira that the usurper will die.",
            "note: Mira heard the usurper fell.",
        ),
        (
            "note: Contract with Mira: move the pods, 40k on arrival.",
            "note: Mira paid: pods unloaded.",
        ),
        ("Rook: I owe you my life, Mira.", "Mira: Then we are even, Rook."),
        ("note: Mira lent Rook the grey mare.", "note: Grey mare back in Mira's stable."),
        ("note: Tab at Mira's inn: 14 sp, unpaid.", "note: Tab at Mira's inn cleared."),
        ("note: Who sent Mira the envelope?", "note: Tomas admitted to sending Mira the envelope."),
        ("note: nobody looked at the seal on Mira's letter", "note: Mira's seal is from Saltford."),
    ],
)
def test_what_a_later_line_tells_as_done_is_settled(first: str, then: str) -> None:
    assert _kinds_at_all(first) != []
    assert _find(first, then) == []


@pytest.mark.parametrize(
    "then",
    [
        "note: Mira asked whether her daughter had been found.",
        "note: Mira still waits for her daughter.",
        "note: They set out to look for Mira's daughter.",
        "Rook: Should we find her daughter at last, Mira?",
        "note: Mira pours wine for everybody.",
    ],
)
def test_what_is_asked_or_hoped_or_begun_settles_nothing(then: str) -> None:
    assert _kinds("note: Rook swore to find Mira's daughter.", then) == ["promised"]


def test_sentences_next_to_each_other_are_one_thread() -> None:
    line = "Rook: I swear it, Mira: I will free your son. You have my word, I'll bring him home."
    assert len(_find(line)) == 1


def test_who_sits_at_the_table_promises_only_by_name() -> None:
    said = "Ana: I'll bring the cure back before winter, I promise, Mira."
    assert _kinds_at_all(said) == ["promised"]
    assert _find("Mira smiles.", "Ana: I'll bring it back before winter, I promise.") == []


def test_a_phone_or_a_weekday_is_of_the_story_where_it_names_somebody_of_it() -> None:
    assert _kinds("Rook: I promise, Mira, the phone will be yours on Friday.") == ["promised"]
    assert _find("Rook: I promise, my phone will be off on Friday.") == []


def test_short_forms_and_names_are_spelled_out() -> None:
    said = "I’ll tell Mira we're at Saltford, didn't we?"
    plain = spell_plainly(said, INDEX.find_mentions(said))
    assert plain == "i will tell WHO we are at PLACE."
