"""A secret is never quoted without its mark, and a plan never told as what happened: whatever
the campaign holds, whatever is asked, whatever was answered before."""

from __future__ import annotations

import random
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.gm_questions.marks import cut_blocks
from ttrpg_assistant.builtin.offline import OfflineModel
from ttrpg_assistant.builtin.own_words import is_courtesy, without_own_quotes
from ttrpg_assistant.conversations.passages import passage_of_subject, passages_of_facts
from ttrpg_assistant.llm.types import ModelRequest, Passage, PromptMessage
from ttrpg_assistant.prompts.audience import GM_ONLY, PUBLIC
from ttrpg_assistant.prompts.entity_facts import EntityFact, FactLine
from ttrpg_assistant.prompts.facts import CampaignFacts, NpcSheet, Secret
from ttrpg_assistant.prompts.quotable import Quotable, StoredSession

_NAMES = ["Mira Vale", "Old Tom", "Captain Brandt", "Pip", "Ysolde Quill", "The Low Lantern",
          "Saint Orrin", "The Vault"]  # fmt: skip
_COMMON = ["bell", "door", "tide", "ledger", "key", "lantern", "ferry", "debt", "knows", "sold",
           "met", "found", "night", "inn", "guild"]  # fmt: skip

_SECRETS = ["xsecret0", "xsecret1", "xsecret2", "xsecret3"]
_PLANS = ["xplan0", "xplan1", "xplan2"]
_WORDS = st.lists(st.sampled_from([*_COMMON, *_NAMES]), min_size=1, max_size=8).map(" ".join)


def _holding(words: list[str]) -> st.SearchStrategy[str]:
    """A text with one of these words in it."""
    said = st.tuples(_WORDS, st.sampled_from(words), _WORDS)
    return said.map(lambda parts: f"{parts[0]} {parts[1]} {parts[2]}.".capitalize())


_OPEN = _WORDS.map(lambda text: f"{text.capitalize()}.")
_SECRET = _holding(_SECRETS)
_PLAN = _holding(_PLANS)


@st.composite
def _entity(draw: st.DrawFn) -> EntityFact:
    kind = draw(st.sampled_from(["npc", "location", "plot_point"]))
    lines = [FactLine(label, draw(_OPEN)) for label in ("Role", "Location", "Motivations")]
    if kind != "plot_point":
        lines += [FactLine("Secret", draw(_SECRET), GM_ONLY)]
    lines += [FactLine("GM notes", draw(_SECRET), GM_ONLY)]
    status = ""
    audience = GM_ONLY
    if kind == "plot_point":
        status = draw(st.sampled_from(["idea", "prepped", "happened", "retconned"]))
        audience = draw(st.sampled_from([GM_ONLY, PUBLIC]))
        if status in ("idea", "prepped"):
            lines.insert(0, FactLine("Description", draw(_PLAN)))
    name, id = draw(st.sampled_from(_NAMES)), str(draw(st.integers(1, 30)))
    return EntityFact(kind, id, name, tuple(lines), audience, status=status)


@st.composite
def _session(draw: st.DrawFn, number: int) -> StoredSession:
    status = draw(st.sampled_from(["planned", "running", "ended"]))
    played = status != "planned"
    note = EntityFact("note", f"n{number}", "Note", (FactLine("Note", draw(_OPEN)),), PUBLIC)
    hidden = EntityFact("note", f"h{number}", "Note", (FactLine("Note", draw(_SECRET)),), GM_ONLY)
    event = EntityFact("event", f"e{number}", "met", (FactLine("Event", draw(_OPEN)),), GM_ONLY)
    return StoredSession(
        f"s{number}", number, draw(st.sampled_from(["", "Low Water", "The Bell Rings"])), status,
        plan=draw(st.one_of(st.just(""), _PLAN)),
        recap_gm=draw(st.one_of(st.just(""), _SECRET)) if played else "",
        recap_players=draw(st.one_of(st.just(""), _OPEN)) if played else "",
        notes=(note, hidden) if played else (), events=(event,) if played else (),
    )  # fmt: skip


@st.composite
def _fact(draw: st.DrawFn) -> EntityFact:
    if draw(st.booleans()):
        lines = (FactLine("Fact", draw(_SECRET), GM_ONLY), FactLine("Known to", "the GM only"))
    else:
        lines = (FactLine("Fact", draw(_OPEN)), FactLine("Known to", "Mira Vale, Pip"))
    return EntityFact("note", f"f{draw(st.integers(1, 9))}", "Known fact", lines, GM_ONLY)


@dataclass(frozen=True)
class Story:
    passages: tuple[Passage, ...]
    questions: tuple[str, ...]


_QUESTIONS = (
    "who is {name}?", "what happened last time?", "what's planned for tonight?", "recap",
    "what is {name}'s secret?", "what is {name} really up to", "did {name} {word} yet?",
    "who knows about the {word}?", "tell me about {name}", "and where is she now?",
    "{word} {word}", "what happened with {name}", "what do we know about the {word}",
    "{secret}?", "list the npcs", "what did they do with {plan}?", "any loose ends?",
    "which npcs know the {word}", "is {name} {word}?", "what is {secret} to {name}",
    "list the sessions", "plan the next session", "what should happen?",
    "how would {name} react to the {word}?", "what happened in session {n}",
    "tonight's secrets?", "are {name} and {name} related", "what did {name} do",
    "who is at {name}", "a rumour about {name}", "what did we say about {word}",
    "where is the party", "summarise this chat", "what's the plan", "anything about {plan}",
    "remember the {word}. {secret} is near", "was {plan} played?",
)  # fmt: skip


@st.composite
def _story(draw: st.DrawFn) -> Story:
    sheet = NpcSheet("9", draw(st.sampled_from(_NAMES)), role=draw(_OPEN),
                     secrets=(Secret(draw(_SECRET)),), gm_notes=draw(_SECRET))  # fmt: skip
    count = draw(st.integers(0, 4))
    facts = CampaignFacts(
        "c", "The Tide", gm_notes=draw(st.one_of(st.just(""), _SECRET)),
        house_rules=(FactLine("Oil", draw(_OPEN)),),
        quotable=Quotable(
            draw(st.lists(_entity(), max_size=5)),
            [draw(_session(number)) for number in range(1, count + 1)],
            draw(st.lists(_fact(), max_size=3)),
        ),
    )  # fmt: skip
    passages = passages_of_facts(facts)
    if draw(st.booleans()):
        passages.insert(0, passage_of_subject(sheet))
    if draw(st.booleans()):
        passages.append(
            Passage("message", "m", "The assistant, thread Planning, 2026", draw(_PLAN),
                    is_planned=True)
        )  # fmt: skip
    asked = []
    for template in draw(st.lists(st.sampled_from(_QUESTIONS), min_size=1, max_size=4)):
        asked.append(
            template.format(
                name=draw(st.sampled_from(_NAMES)),
                word=draw(st.sampled_from(_COMMON)),
                secret=draw(st.sampled_from(_SECRETS)),
                plan=draw(st.sampled_from(_PLANS)),
                n=draw(st.integers(1, 4)),
            )
        )
    return Story(tuple(passages), tuple(asked))


@settings(deadline=None, max_examples=150)
@given(_story(), st.integers(0, 50))
def test_a_secret_has_its_mark_and_a_plan_is_no_event(story: Story, seed: int) -> None:
    model = OfflineModel(pace=0, rng=random.Random(seed))
    earlier: tuple[PromptMessage, ...] = ()
    told: list[Passage] = []
    typed = ""
    for text in story.questions:
        said = (*earlier, PromptMessage("user", text))
        answer = model.answer(ModelRequest("offline", "", said, passages=(*story.passages, *told)))
        typed = f"{typed} {text}"
        for block in cut_blocks(answer):
            for word in _SECRETS:
                if word in block and word not in typed:
                    assert "gm only" in block, (text, answer)
            for word in _PLANS:
                if word in block and word not in typed:
                    assert "plann" in block, (text, answer)
        earlier = (*said, PromptMessage("assistant", answer))
        told.append(Passage("message", f"a{len(told)}", "The assistant, a chat, 2026", answer))


@settings(deadline=None, max_examples=80)
@given(_story(), st.integers(0, 50))
def test_an_answer_out_of_the_record_is_no_source_for_another(story: Story, seed: int) -> None:
    for text in story.questions:
        request = ModelRequest(
            "offline", "", (PromptMessage("user", text),), passages=story.passages
        )
        answer = OfflineModel(pace=0, rng=random.Random(seed)).answer(request)
        left = without_own_quotes(answer)
        assert not any(word in left for word in (*_SECRETS, *_PLANS) if word not in text), answer
        if answer.startswith("This is recorded:"):
            assert is_courtesy(answer)
