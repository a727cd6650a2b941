"""What a model is told for a turn: the talk so far and the facts that bear on it.

Everything is read in one view of the database; composing is pure and knows no database.
History is walked from the newest message backwards and only as far as the budget can
reach, so a conversation of ten thousand messages costs no more than one of a hundred.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any, Protocol

from sqlalchemy import Connection

from ttrpg_assistant.conversations.answering import Answerer
from ttrpg_assistant.conversations.model import AskedUnder, Conversation, Message, Mode, Turn
from ttrpg_assistant.conversations.npc.hearing import hear_scene, with_others
from ttrpg_assistant.conversations.passages import (
    passage_of_subject,
    passages_of_facts,
    passages_of_recalled,
)
from ttrpg_assistant.conversations.store import (
    conversations,
    messages,
    paths,
    scenes,
    turns,
    voices,
)
from ttrpg_assistant.conversations.summaries.model import Listener
from ttrpg_assistant.conversations.summaries.remembering import remember
from ttrpg_assistant.errors import Conflict, NotFound
from ttrpg_assistant.llm.types import ModelRequest, Passage, PassageKind, Persona
from ttrpg_assistant.prompts.budget import Budget
from ttrpg_assistant.prompts.compose import (
    Prompt,
    compose_about,
    compose_chat,
    compose_voice,
)
from ttrpg_assistant.prompts.facts import (
    CampaignFacts,
    History,
    HistoryMessage,
    NpcSheet,
    RecalledMessage,
    VoiceSheet,
    persona_of,
)
from ttrpg_assistant.prompts.fence import new_nonce
from ttrpg_assistant.prompts.tokens import TokenEstimator
from ttrpg_assistant.prompts.voices import Voice
from ttrpg_assistant.storage.database import Database

WALK_MESSAGES = 100
"""Messages read at first, to learn how many the budget will hold."""

MOST_WALKED = 10_000
"""Messages read for one prompt, however little of them is of its mode."""

RECENT_MESSAGES = 6
"""How much of the talk before the new message is searched for names (FR-108)."""

SURELY_READ_CHARACTERS = 1.5
"""Characters of recent talk for each token of the prompt that surely go in, and so need not be
recalled."""


class GatheredFacts(Protocol):
    """What a fact source found. In voice mode only `voice` is set."""

    @property
    def campaign(self) -> CampaignFacts | None: ...
    @property
    def subject(self) -> NpcSheet | None: ...
    @property
    def voice(self) -> VoiceSheet | None: ...


class FactSource(Protocol):
    """Where the facts of a campaign come from; `app.py` hands in the campaigns room's."""

    def gather(
        self,
        tx: Connection,
        campaign_id: str | None,
        game_session_id: str | None,
        text_and_recent: Sequence[str],
        npc_id: str | None = None,
        mode: Mode | None = None,
    ) -> GatheredFacts:
        """The facts for one prompt; the texts are the new message, then recent talk."""
        ...


class Cast(Protocol):
    """Who takes part in a scene; `app.py` hands in the campaigns room's."""

    def name_npcs(self, tx: Connection, npc_ids: Sequence[str]) -> Mapping[str, str]:
        """The names of those that are there, in the order asked."""
        ...

    def find_addressed(self, tx: Connection, npc_ids: Sequence[str], text: str) -> list[str]:
        """Whom of these the text names, in the order of naming."""
        ...


@dataclass(frozen=True, slots=True)
class _SceneFacts:
    """Nothing but a voice."""

    voice: VoiceSheet
    campaign: None = None
    subject: None = None


class Recall(Protocol):
    """Finds what was said before and bears on what is said now; the search room's is handed in."""

    def recall(
        self,
        tx: Connection,
        conversation: Conversation,
        said: Message,
        recent: Sequence[str],
        already_read: Set[str],
    ) -> Sequence[RecalledMessage]:
        """Messages from anywhere in the campaign, most relevant first, none of `already_read`.

        For talk as an NPC, only what was said as that NPC.
        """
        ...


@dataclass(frozen=True, slots=True)
class BuiltPrompt:
    """A request, and the record of what went into it."""

    request: ModelRequest
    manifest: dict[str, Any]
    estimated_tokens: int
    voice: VoiceSheet | None = None
    """The NPC that speaks, in talk as one."""


@dataclass(frozen=True, slots=True)
class _Gathered:
    conversation: Conversation
    said: Message
    history: History
    facts: GatheredFacts | None
    new_message: str | None = None
    """What is to be answered, where that is more than what was said."""
    sounds: Voice | None = None
    """How the assistant is to sound, in a thread that says so."""


class ConversationContext:
    """Builds the prompts of turns. Learns each model's real token counts as it goes."""

    def __init__(
        self,
        database: Database,
        facts: FactSource | None = None,
        cast: Cast | None = None,
        recall: Recall | None = None,
    ) -> None:
        self._database = database
        self._recall = recall
        self._facts = facts
        self._cast = cast
        self._estimators: dict[str, TokenEstimator] = {}

    async def build(self, turn: Turn, answerer: Answerer) -> BuiltPrompt:
        """The request for a turn, within what the model can read."""
        budget = answerer.make_budget(self._estimators.get(answerer.choice))
        gathered = await self._database.read(lambda tx: self._gather(tx, turn, budget))
        prompt = _compose(gathered, budget)
        voice = gathered.facts.voice if gathered.facts is not None else None
        request = ModelRequest(
            model=answerer.name,
            system=prompt.system,
            messages=prompt.messages,
            max_tokens=answerer.limit_answer(prompt.manifest.total_tokens),
            context_tokens=answerer.context_tokens,
            effort=answerer.effort,
            passages=() if voice is not None else _passages(gathered),
            persona=_persona(voice),
            counts=() if voice is not None else _counts(gathered),
        )
        manifest = prompt.manifest
        return BuiltPrompt(request, manifest.as_json(), manifest.total_tokens, voice)

    def learn(self, choice: str, estimated: int, reported: int | None) -> None:
        """Correct the estimates for a model by what its provider really counted."""
        estimator = self._estimators.get(choice) or TokenEstimator.for_provider(
            choice.partition(":")[0]
        )
        self._estimators[choice] = TokenEstimator(estimator.corrected(estimated, reported))

    def _gather(self, tx: Connection, turn: Turn, budget: Budget) -> _Gathered:
        conversation = conversations.get_conversation(tx, turn.conversation_id)
        said = messages.get_message(tx, turn.user_message_id)
        if said.status == "unreadable":
            # Its mode is not known, so neither is what may be told.
            raise Conflict("This message is damaged and cannot be answered.", code="unreadable")
        if conversation.is_scene:
            return self._gather_scene(tx, turn, conversation, said, budget)
        earlier = _walk_back(tx, said.parent_id, budget, said.mode)
        history = _history(earlier)
        recent = [message.content for message in earlier[:RECENT_MESSAGES]]
        if said.mode == "as":
            # Talk *about* an NPC may hold secrets: it does not even choose the facts.
            own = [message.content for message in earlier if message.mode == "as"]
            recent = own[:RECENT_MESSAGES]
        read = _surely_read(earlier, budget)
        mode = said.mode if conversation.kind == "npc" else None
        history = replace(history, summary=remember(tx, earlier, read, Listener(mode)))
        if self._recall is not None:
            recalled = self._recall.recall(tx, conversation, said, recent, read)
            history = replace(history, recalled=recalled)
        if self._facts is None:
            facts = None
        else:
            under = turns.find_asked_under(tx, turn) or AskedUnder(
                conversation.campaign_id, conversation.game_session_id
            )
            facts = self._facts.gather(
                tx,
                under.campaign_id,
                under.game_session_id,
                [said.content, *recent],
                conversation.npc_id,
                said.mode,
            )
        is_thread = conversation.kind == "thread"
        sounds = voices.find_spoken(tx, conversation.personality) if is_thread else None
        return _Gathered(conversation, said, history, facts, sounds=sounds)

    def _gather_scene(
        self, tx: Connection, turn: Turn, conversation: Conversation, said: Message, budget: Budget
    ) -> _Gathered:
        """One NPC's own view of a scene: what it heard, what it knows, who else is there."""
        speaker = messages.get_message(tx, turn.assistant_message_id).speaker_npc_id
        if speaker is None or self._facts is None or self._cast is None:
            raise NotFound("This NPC does not exist any more.", code="npc_not_found")
        names = self._cast.name_npcs(tx, scenes.list_members(tx, conversation.id))
        earlier = _walk_back(tx, said.parent_id, budget, "as")
        view = hear_scene([*earlier[::-1], said], speaker, names)
        read = _surely_read(earlier, budget)
        summary = remember(tx, earlier, read, Listener("as", speaker))
        gathered = self._facts.gather(
            tx,
            conversation.campaign_id,
            conversation.game_session_id,
            [view.new_message, *view.recent(RECENT_MESSAGES)],
            speaker,
            "as",
        )
        facts = _SceneFacts(with_others(gathered.voice, names)) if gathered.voice else None
        history = replace(view.history, summary=summary)
        return _Gathered(conversation, said, history, facts, new_message=view.new_message)


def _surely_read(earlier: Sequence[Message], budget: Budget) -> set[str]:
    """The newest messages, those that stand in the prompt anyway."""
    left = budget.prompt_tokens * SURELY_READ_CHARACTERS
    read: set[str] = set()
    for message in earlier:
        left -= len(message.content)
        if left < 0:
            break
        read.add(message.id)
    return read


def _walk_back(
    tx: Connection, start_id: str | None, budget: Budget, mode: Mode | None = None
) -> list[Message]:
    """Messages from `start_id` towards the root, newest first, until they fill the budget.

    Only those of the prompt's own mode fill it: much talk about an NPC must not push out
    what the NPC said.
    """
    found: list[Message] = []
    tokens, limit = 0, WALK_MESSAGES
    while start_id is not None and len(found) < MOST_WALKED:
        page = paths.list_newest(tx, start_id, limit)
        found += page
        # Estimated as one text: that is never more than what its messages cost one by one.
        talk = "".join(m.content for m in page if _is_talk(m) and mode in (None, m.mode))
        tokens += budget.estimator.estimate(talk)
        left = budget.prompt_tokens - tokens
        if len(page) < limit or left < 0:
            break
        # As many more as are likely to fill what is left, by what these took.
        likely = WALK_MESSAGES // 5 + len(found) * left // max(tokens, 1)
        limit = min(likely, 3 * len(found))
        start_id = page[-1].parent_id
    return found


def _is_talk(message: Message) -> bool:
    is_whole = message.status not in ("failed", "unreadable")
    return message.role != "system" and message.content != "" and is_whole


def _history(earlier: Sequence[Message]) -> History:
    """What was really said, oldest first: no failed answers, no empty ones."""
    kept = [
        HistoryMessage(message.seq, message.role, message.content, message.mode)
        for message in reversed(earlier)
        if message.role != "system" and _is_talk(message)
    ]
    older = max(0, earlier[-1].seq - 1) if earlier and earlier[-1].parent_id is not None else 0
    return History(kept, older_count=older)


def _compose(gathered: _Gathered, budget: Budget) -> Prompt:
    facts, said = gathered.facts, gathered.said
    nonce = new_nonce()
    if gathered.conversation.kind == "npc":
        if facts is None or (facts.voice is None and facts.subject is None):
            raise NotFound("This NPC does not exist any more.", code="npc_not_found")
        if said.mode == "as":
            if facts.voice is None:
                raise NotFound("This NPC does not exist any more.", code="npc_not_found")
            return compose_voice(
                sheet=facts.voice,
                history=gathered.history,
                new_message=gathered.new_message or said.content,
                budget=budget,
                nonce=nonce,
            )
        assert facts.subject is not None
        return compose_about(
            sheet=facts.subject,
            facts=facts.campaign,
            history=gathered.history,
            new_message=said.content,
            budget=budget,
            nonce=nonce,
        )
    return compose_chat(
        facts=facts.campaign if facts is not None else None,
        history=gathered.history,
        new_message=said.content,
        budget=budget,
        nonce=nonce,
        purpose=gathered.conversation.thread_purpose,
        voice=gathered.sounds,
    )


def _passages(gathered: _Gathered) -> tuple[Passage, ...]:
    campaign = gathered.facts.campaign if gathered.facts is not None else None
    known = passages_of_facts(campaign) if campaign is not None else []
    subject = gathered.facts.subject if gathered.facts is not None else None
    if subject is not None:
        others = [passage for passage in known if passage.ref != subject.npc_id]
        known = [passage_of_subject(subject), *others]
    return (*known, *passages_of_recalled(gathered.history.recalled))


def _counts(gathered: _Gathered) -> tuple[tuple[PassageKind, int], ...]:
    campaign = gathered.facts.campaign if gathered.facts is not None else None
    if campaign is None:
        return ()
    return (("npc", campaign.npc_count or 0), ("location", campaign.location_count or 0))


def _persona(voice: VoiceSheet | None) -> Persona | None:
    return None if voice is None else persona_of(voice)
