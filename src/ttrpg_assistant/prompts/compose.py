"""Builds whole prompts from facts, talk and a budget. Pure: nothing is called, read or timed.

    system   instructions (templates/*.md)
             CHARACTER DATA      the NPC, in talk about it or as it
             CAMPAIGN DATA       the campaign; for an NPC, the world as everybody knows it
             CONVERSATION DATA   the summary of older talk
             closing words
             VOICE               how the assistant is to sound, in a thread that has one
    messages the talk, the words of each as they were said
             CURRENT DATA        in the last message, above its words: what belongs to it alone

What stays the same comes first, and is byte for byte the same from turn to turn, so that
providers and local servers can reuse what they have read.

Talk as an NPC takes a `VoiceSheet` and nothing else: there is no argument through which a
secret could come (DESIGN, "Need to know").
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from typing import Literal, get_args

from ttrpg_assistant.llm.types import PromptMessage
from ttrpg_assistant.prompts.budget import (
    CAMPAIGN_SHARE,
    MESSAGE_TOKENS,
    Budget,
    FilledSection,
    Request,
    Section,
    fit,
)
from ttrpg_assistant.prompts.facts import (
    CampaignFacts,
    FormFacts,
    History,
    Mode,
    NpcSheet,
    VoiceSheet,
)
from ttrpg_assistant.prompts.fence import Fenced, fence, without_nonce
from ttrpg_assistant.prompts.guard import find_injection
from ttrpg_assistant.prompts.manifest import Manifest
from ttrpg_assistant.prompts.purposes import ABOUT, Purpose
from ttrpg_assistant.prompts.records import Outcome, make_manifest
from ttrpg_assistant.prompts.sanitise import sanitise
from ttrpg_assistant.prompts.sections import (
    campaign_sections,
    facts_section,
    form_section,
    latest_section,
    mentioned_section,
    recalled_section,
    sent_along_section,
    summary_section,
    world_section,
)
from ttrpg_assistant.prompts.sheets import about_section, voice_section
from ttrpg_assistant.prompts.talk import (
    clean_message,
    count_messages,
    find_recalled,
    find_summary,
    newest_first,
)
from ttrpg_assistant.prompts.templates import load, render
from ttrpg_assistant.prompts.voices import Voice, frame_voice, section_of

Task = Literal[
    "clarifying_questions",
    "older_history",
    "player_questions",
    "notes_part",
    "npc_traits",
    "recap_gm",
    "campaign_answer",
    "continuity_part",
    "recap_players",
    "title",
    "transcript_part",
    "transcript_recap",
]
"""Things asked of a model beside the talk itself."""

_SPOKEN_NAME_LIMIT = 80
_ROOM_FOR_PROPOSALS = 2400
"""Prompt tokens; in a smaller prompt the model is not taught to propose."""
_ROOM_FOR_VOICE = 1200
"""In a smaller prompt the assistant sounds as it does: there is hardly room to talk."""
_WHOLE_SHARE = 0.95
"""Where the sections are all that a task is about."""
_UNNAMED = "the character described below"


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is sent, and the account of it. The last message is the one to answer;
    `question` is its words alone, without the data above them."""

    system: str
    messages: tuple[PromptMessage, ...]
    manifest: Manifest
    question: str = ""


@dataclass(frozen=True, slots=True)
class _Plan:
    purpose: str
    instructions: str
    nonce: str
    closing: str = ""
    voice: Voice | None = None
    subject: Section | None = None
    campaign: Sequence[Section] = ()
    campaign_share: float = CAMPAIGN_SHARE
    mentioned: Callable[[Set[str]], Section | None] | None = None
    latest: Section | None = None


def compose_chat(
    *,
    facts: CampaignFacts | None,
    history: History,
    new_message: str,
    budget: Budget,
    nonce: str,
    purpose: Purpose = "general",
    voice: Voice | None = None,
    form: FormFacts | None = None,
    sent_along: str = "",
) -> Prompt:
    """A prompt for a chat or a thread, with or without a campaign, in a voice if it has one.

    `form` is the campaign that is being made in a wizard beside the talk, `sent_along` what
    another program that asks sends as its own instructions: here it is data. Raises
    ContextTooLong when the context cannot hold the instructions and a scrap of the message;
    ValueError for a nonce that is not one of ours.
    """
    rules = _rules(nonce, budget, facts, form)
    plan = _Plan(
        purpose,
        render(purpose, base=load("base"), rules=rules).rstrip(),
        nonce,
        voice=voice if budget.prompt_tokens >= _ROOM_FOR_VOICE else None,
        campaign=[*_campaign(facts, form), *_sent_along(sent_along)],
        mentioned=_mentioned(facts),
        latest=latest_section(facts) if facts else None,
    )
    return _compose(plan, history, None, new_message, budget)


def compose_about(
    *,
    sheet: NpcSheet,
    facts: CampaignFacts | None,
    history: History,
    new_message: str,
    budget: Budget,
    nonce: str,
) -> Prompt:
    """A prompt to develop an NPC: the full sheet, secrets included. Raises as `compose_chat`."""
    plan = _Plan(
        "npc_about",
        render("npc_about", rules=_rules(nonce, budget, facts, is_about_npc=True)).rstrip(),
        nonce,
        subject=about_section(sheet),
        campaign=_campaign(facts, None),
        mentioned=_mentioned(facts),
        latest=latest_section(facts) if facts else None,
    )
    return _compose(plan, history, "about", new_message, budget)


def compose_voice(
    *,
    sheet: VoiceSheet,
    history: History,
    new_message: str,
    budget: Budget,
    nonce: str,
    sent_along: str = "",
) -> Prompt:
    """A prompt to speak as an NPC. Only as-mode talk goes in, and what another program sends
    along. Raises as `compose_chat`.

    What it knows is kept in the order given; what finds no room there and bears on the
    message goes with the message.
    """
    rules = render("data_rules_voice", nonce=nonce)
    named = [fact for fact in sheet.knows if fact.why == "mentioned"]
    world, known = (
        world_section(sheet.world, sheet.npc_id),
        facts_section("known", "What you know", [one for one in sheet.knows if one.is_lasting]),
    )
    plan = _Plan(
        "npc_voice",
        render("npc_voice", name=_spoken_name(sheet.name, nonce), rules=rules),
        nonce,
        load("closing_voice"),
        subject=voice_section(sheet),
        campaign=[
            *(section for section in (world, known) if section.count),
            *_sent_along(sent_along),
        ],
        mentioned=lambda shown: mentioned_section([one for one in named if one.id not in shown]),
    )
    return _compose(plan, history, "as", new_message, budget)


def compose_task(
    task: Task,
    *,
    history: History,
    request: str,
    budget: Budget,
    nonce: str,
    facts: CampaignFacts | None = None,
    form: FormFacts | None = None,
    purpose: Purpose = "general",
    sheet: NpcSheet | VoiceSheet | None = None,
    mode: Mode | None = None,
    sections: Sequence[Section] = (),
) -> Prompt:
    """A prompt for something beside the talk: questions to ask the game master, the summary of
    a conversation, a player's next question to an NPC, the traits a rehearsal showed, the recap
    of a game session. `sections`, most wanted first, take the place of `facts` and `form`.

    `request` is the last message. `mode` says which talk with an NPC is read, `purpose`
    what the conversation is for. A `player_questions` prompt should be given a `VoiceSheet`:
    players know no secrets. Raises as `compose_chat`.
    """
    rules = render("data_rules_task", nonce=nonce)
    values = {"rules": rules}
    if task == "clarifying_questions":
        values |= {"base": load("base"), "purpose": ABOUT[purpose]}
    if task == "npc_traits":
        values["name"] = _spoken_name(sheet.name if sheet else "", nonce)
    subject = None
    if isinstance(sheet, NpcSheet):
        subject = about_section(sheet)
    elif sheet is not None:
        subject = voice_section(sheet)
    plan = _Plan(
        task,
        render(task, **values),
        nonce,
        load("closing_task"),
        subject=subject,
        campaign=[*_campaign(facts, form), *sections],
        campaign_share=_WHOLE_SHARE if sections else CAMPAIGN_SHARE,
        mentioned=_mentioned(facts),
    )
    return _compose(plan, history, mode, request, budget)


def _rules(
    nonce: str,
    budget: Budget,
    facts: CampaignFacts | None,
    form: FormFacts | None = None,
    *,
    is_about_npc: bool = False,
) -> str:
    """How to read the data and, where a campaign is there to be changed, how to propose."""
    parts = [render("data_rules", nonce=nonce)]
    if facts is not None or form is not None or is_about_npc:
        parts.append(load("campaign_rules"))
        taught = facts.taught if facts is not None else form.taught if form is not None else ""
        if taught and budget.prompt_tokens >= _ROOM_FOR_PROPOSALS:
            # Left out where it would crowd out what is talked about.
            parts.append(render("proposals", kinds=taught))
    return "\n\n".join(parts)


def _campaign(facts: CampaignFacts | None, form: FormFacts | None) -> list[Section]:
    sections = campaign_sections(facts) if facts is not None else []
    if form is not None and form.lines:
        sections.append(form_section(form))
    return sections


def _sent_along(text: str) -> list[Section]:
    return [sent_along_section(text)] if text.strip() else []


def _mentioned(facts: CampaignFacts | None) -> Callable[[Set[str]], Section | None] | None:
    if facts is None or not facts.mentioned:
        return None
    others = (fact for _, of_kind in facts.others for fact in of_kind)
    listed = (*facts.npcs, *facts.locations, *others, *facts.plot_points)
    return lambda shown: mentioned_section(facts.mentioned, shown, lambda: listed)


def _spoken_name(name: str, nonce: str) -> str:
    """The name as it may stand in the instructions, outside any fence."""
    plain = sanitise(name, _SPOKEN_NAME_LIMIT)
    is_fit = plain and nonce not in plain.lower() and find_injection(plain) is None
    return plain if is_fit else _UNNAMED


def _compose(
    plan: _Plan, history: History, mode: Mode | None, new_message: str, budget: Budget
) -> Prompt:
    nonce = plan.nonce
    empty_fences = [fence(what, "", nonce) for what in get_args(Fenced)]
    frame = [frame_voice("", nonce)] if plan.voice else []
    fitted = fit(
        Request(
            fixed="\n\n".join([plan.instructions, *empty_fences, plan.closing, *frame, ""]),
            new_message=without_nonce(clean_message(new_message), nonce),
            voice=section_of(plan.voice) if plan.voice else None,
            subject=plan.subject,
            campaign=plan.campaign,
            campaign_share=plan.campaign_share,
            summary=summary_section(find_summary(history, mode)),
            mentioned=plan.mentioned,
            latest=plan.latest,
            recalled=recalled_section(find_recalled(history, mode)),
            history=newest_first(history, mode, nonce),
            kept_from=history.kept_from,
        ),
        budget,
    )
    spoken = "\n".join(item.text for item in fitted.voice.items) if fitted.voice else ""
    blocks: list[tuple[Fenced, list[FilledSection | None]]] = [
        ("CHARACTER", [fitted.subject]),
        ("CAMPAIGN", [*fitted.campaign]),
        ("CONVERSATION", [fitted.summary]),
    ]
    parts = [
        plan.instructions,
        *(_fenced(what, filled, nonce) for what, filled in blocks),
        plan.closing,
        frame_voice(spoken, nonce) if spoken else "",
    ]
    system = "\n\n".join(filter(None, parts))
    current = _fenced("CURRENT", [fitted.mentioned, fitted.latest, fitted.recalled], nonce)
    last = "\n\n".join(filter(None, [current, fitted.new_message]))
    estimate = budget.estimator.estimate
    outcome = Outcome(
        purpose=plan.purpose,
        instructions_tokens=estimate(plan.instructions),
        total_tokens=estimate(system) + fitted.history_tokens + estimate(last) + MESSAGE_TOKENS,
        earlier_messages=count_messages(history, mode),
    )
    messages = (*fitted.history, PromptMessage("user", last))
    manifest = make_manifest(outcome, fitted, budget)
    return Prompt(system, messages, manifest, fitted.new_message)


def _fenced(what: Fenced, filled: Sequence[FilledSection | None], nonce: str) -> str:
    """The sections in their block, or nothing when nothing of them went in."""
    content = "\n\n".join(filter(None, (one.render() for one in filled if one is not None)))
    return fence(what, content, nonce) if content else ""
