"""Builds whole prompts from facts, talk and a budget. Pure: nothing is called, read or timed.

    instructions (templates/*.md)
    CHARACTER DATA      the NPC, in talk about it or as it
    CAMPAIGN DATA       the campaign's summary and what the talk names
    CONVERSATION DATA   what older talk came to, and what of it bears on the new message
    closing words
    VOICE               how the assistant is to sound, in a thread that has one
    then the talk as messages, the new one last

Talk as an NPC takes a `VoiceSheet` and nothing else: there is no argument through which a
secret could come (DESIGN, "Need to know").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from ttrpg_assistant.llm.types import PromptMessage
from ttrpg_assistant.prompts.budget import MESSAGE_TOKENS, Budget, Request, Section, fit
from ttrpg_assistant.prompts.facts import CampaignFacts, History, Mode, NpcSheet, VoiceSheet
from ttrpg_assistant.prompts.fence import Fenced, fence
from ttrpg_assistant.prompts.guard import find_injection
from ttrpg_assistant.prompts.manifest import Manifest
from ttrpg_assistant.prompts.records import Outcome, make_manifest
from ttrpg_assistant.prompts.sanitise import sanitise
from ttrpg_assistant.prompts.sections import (
    campaign_sections,
    facts_section,
    mentioned_section,
    recalled_section,
    summary_section,
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

Purpose = Literal[
    "general",
    "campaign_creation",
    "session_planning",
    "npc_generation",
    "world_building",
    "character_background",
]
"""What a chat or a thread is for (seed, "ConversationPurpose Enum"; FR-104)."""

PURPOSES: tuple[Purpose, ...] = get_args(Purpose)

Task = Literal[
    "clarifying_questions",
    "older_history",
    "player_questions",
    "npc_traits",
    "recap_gm",
    "recap_players",
]
"""Things asked of a model beside the talk itself."""

_SPOKEN_NAME_LIMIT = 80
_ROOM_FOR_PROPOSALS = 2400
"""Prompt tokens; in a smaller prompt the model is not taught to propose."""
_ROOM_FOR_VOICE = 1200
"""In a smaller prompt the assistant sounds as it does: there is hardly room to talk."""
_UNNAMED = "the character described below"


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is sent, and the account of it. The last message is the one to answer."""

    system: str
    messages: tuple[PromptMessage, ...]
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class _Plan:
    purpose: str
    instructions: str
    closing: str
    nonce: str
    voice: Voice | None = None
    subject: Section | None = None
    mentioned: Section | None = None
    campaign: Sequence[Section] = ()


def compose_chat(
    *,
    facts: CampaignFacts | None,
    history: History,
    new_message: str,
    budget: Budget,
    nonce: str,
    purpose: Purpose = "general",
    voice: Voice | None = None,
) -> Prompt:
    """A prompt for a chat or a thread, with or without a campaign, in a voice if it has one.

    Raises ContextTooLong when the context cannot hold the instructions and a scrap of the
    message; ValueError for a nonce that is not one of `new_nonce`.
    """
    parts = {"base": load("base"), "proposals": _proposals(budget), "data_rules": _rules(nonce)}
    plan = _Plan(
        purpose,
        render(purpose, **parts).rstrip(),
        load("closing"),
        nonce,
        voice=voice if budget.prompt_tokens >= _ROOM_FOR_VOICE else None,
        mentioned=mentioned_section(facts.mentioned) if facts else None,
        campaign=campaign_sections(facts) if facts else (),
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
        render("npc_about", proposals=_proposals(budget), data_rules=_rules(nonce)).rstrip(),
        load("closing"),
        nonce,
        subject=about_section(sheet),
        mentioned=mentioned_section(facts.mentioned) if facts else None,
        campaign=campaign_sections(facts) if facts else (),
    )
    return _compose(plan, history, "about", new_message, budget)


def compose_voice(
    *, sheet: VoiceSheet, history: History, new_message: str, budget: Budget, nonce: str
) -> Prompt:
    """A prompt to speak as an NPC. Only as-mode talk goes in. Raises as `compose_chat`."""
    named = [fact for fact in sheet.knows if fact.why == "mentioned"]
    known = [fact for fact in sheet.knows if fact.why != "mentioned"]
    plan = _Plan(
        "npc_voice",
        render("npc_voice", name=_spoken_name(sheet.name, nonce), data_rules=_rules(nonce)),
        load("closing_voice"),
        nonce,
        subject=voice_section(sheet),
        mentioned=mentioned_section(named),
        campaign=(facts_section("known", "What you know", known),) if known else (),
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
    sheet: NpcSheet | VoiceSheet | None = None,
    mode: Mode | None = None,
    foremost: Section | None = None,
    sections: Sequence[Section] = (),
) -> Prompt:
    """A prompt for something beside the talk: questions to ask the game master, what a
    conversation came to, a player's next question to an NPC, the traits a rehearsal showed,
    the recap of a game session. `foremost` and `sections` take the place of `facts`.

    `request` stands as the last message. `mode` says which talk with an NPC is read. A
    `player_questions` prompt should be given a `VoiceSheet`: players know no secrets.
    Raises as `compose_chat`.
    """
    values = {"data_rules": _rules(nonce)}
    if task == "clarifying_questions":
        values["base"] = load("base")
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
        load("closing_task"),
        nonce,
        subject=subject,
        mentioned=mentioned_section(facts.mentioned) if facts else foremost,
        campaign=campaign_sections(facts) if facts else sections,
    )
    return _compose(plan, history, mode, request, budget)


def _rules(nonce: str) -> str:
    return render("data_rules", nonce=nonce)


def _proposals(budget: Budget) -> str:
    """How to propose; left out where it would crowd out what is talked about."""
    return load("proposals") if budget.prompt_tokens >= _ROOM_FOR_PROPOSALS else ""


def _spoken_name(name: str, nonce: str) -> str:
    """The name as it may stand in the instructions, outside any fence."""
    plain = sanitise(name, _SPOKEN_NAME_LIMIT)
    is_fit = plain and nonce not in plain and find_injection(plain) is None
    return plain if is_fit else _UNNAMED


def _compose(
    plan: _Plan, history: History, mode: Mode | None, new_message: str, budget: Budget
) -> Prompt:
    empty_fences = [fence(what, "", plan.nonce) for what in get_args(Fenced)]
    frame = [frame_voice("", plan.nonce)] if plan.voice else []
    fixed = "\n\n".join([plan.instructions, *empty_fences, plan.closing, *frame, ""])
    message = clean_message(new_message)
    fitted = fit(
        Request(
            fixed=fixed,
            new_message=message,
            voice=section_of(plan.voice) if plan.voice else None,
            subject=plan.subject,
            mentioned=plan.mentioned,
            summary=summary_section(find_summary(history, mode)),
            recalled=recalled_section(find_recalled(history, mode)),
            campaign=plan.campaign,
            history=newest_first(history, mode),
        ),
        budget,
    )
    in_talk = [part.render() for part in (fitted.summary, fitted.recalled) if part]
    in_campaign = [*fitted.campaign, *([fitted.mentioned] if fitted.mentioned else [])]
    blocks: list[tuple[Fenced, str]] = [
        ("CHARACTER", fitted.subject.render() if fitted.subject else ""),
        ("CAMPAIGN", "\n\n".join(filter(None, (part.render() for part in in_campaign)))),
        ("CONVERSATION", "\n\n".join(filter(None, in_talk))),
    ]
    fenced = [fence(what, content, plan.nonce) for what, content in blocks if content]
    closing = [plan.closing] if fenced else []
    spoken = "\n".join(item.text for item in fitted.voice.items) if fitted.voice else ""
    voice = [frame_voice(spoken, plan.nonce)] if spoken else []
    system = "\n\n".join([plan.instructions, *fenced, *closing, *voice])
    messages = (*fitted.history, PromptMessage("user", fitted.new_message))
    estimate = budget.estimator.estimate
    total = estimate(system) + fitted.history_tokens + estimate(fitted.new_message) + MESSAGE_TOKENS
    outcome = Outcome(
        purpose=plan.purpose,
        instructions_tokens=estimate(plan.instructions),
        total_tokens=total,
        earlier_messages=count_messages(history, mode),
    )
    return Prompt(system, messages, make_manifest(outcome, fitted, budget))
