"""What a model is told for a turn: the talk so far and the facts that bear on it.

Everything is read in one view of the database; composing is pure and knows no database.
History is walked from the newest message backwards and only as far as the budget can
reach, so a conversation of ten thousand messages costs no more than one of a hundred.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from ttrpg_assistant.conversations.answerer import Answerer
from ttrpg_assistant.conversations.built_prompt import BuiltPrompt, Measured
from ttrpg_assistant.conversations.earlier import (
    history_of,
    list_surely_read,
    walk_back,
)
from ttrpg_assistant.conversations.model import AskedUnder, Conversation, Message, Turn
from ttrpg_assistant.conversations.npc.hearing import hear_scene, with_others
from ttrpg_assistant.conversations.passages import (
    passage_of_subject,
    passages_of_facts,
    passages_of_form,
    passages_of_recalled,
)
from ttrpg_assistant.conversations.ports import (
    Cast,
    FactSource,
    FormSource,
    GatheredFacts,
    Recall,
    TableRoller,
)
from ttrpg_assistant.conversations.prompt_settings import (
    find_whole_history,
    get_prompt_secret,
)
from ttrpg_assistant.conversations.rolled import chance_of, passage_of_roll, with_rolled
from ttrpg_assistant.conversations.store import (
    conversations,
    messages,
    scenes,
    turns,
    voices,
)
from ttrpg_assistant.conversations.summaries.model import Listener
from ttrpg_assistant.conversations.summaries.remembering import remember
from ttrpg_assistant.errors import Conflict, NotFound
from ttrpg_assistant.llm.types import BUILT_IN, Passage, PassageKind, Persona
from ttrpg_assistant.prompts.budget import Budget
from ttrpg_assistant.prompts.compose import (
    Prompt,
    compose_about,
    compose_chat,
    compose_voice,
)
from ttrpg_assistant.prompts.entity_facts import EntityFact
from ttrpg_assistant.prompts.facts import (
    FormFacts,
    History,
    VoiceSheet,
    persona_of,
)
from ttrpg_assistant.prompts.fence import derive_nonce, new_nonce
from ttrpg_assistant.prompts.voices import Voice
from ttrpg_assistant.storage.database import Database

RECENT_MESSAGES = 6
"""How much of the talk before the new message is searched for names (FR-108)."""

REMEMBERED_STARTS = 2_000
"""Conversations of which it is remembered where the talk of their last prompt began."""


@dataclass(frozen=True, slots=True)
class _SceneFacts:
    """Nothing but a voice."""

    voice: VoiceSheet
    campaign: None = None
    subject: None = None


@dataclass(frozen=True, slots=True)
class _Gathered:
    conversation: Conversation
    said: Message
    history: History
    facts: GatheredFacts | None
    start_key: tuple[str, ...]
    is_whole: bool = False
    new_message: str | None = None
    """What is to be answered, where that is more than what was said."""
    sounds: Voice | None = None
    """How the assistant is to sound, in a thread that says so."""
    form: FormFacts | None = None
    """The campaign that is being made beside the talk."""
    rolled: Sequence[EntityFact] = ()
    """What was rolled on random tables because the message asks for it."""


class ConversationContext:
    """Builds the prompts of turns. Remembers where the talk of each conversation's last prompt
    began: the next one begins there again, so that what a provider has read can be used once
    more."""

    def __init__(
        self,
        database: Database,
        facts: FactSource | None = None,
        cast: Cast | None = None,
        recall: Recall | None = None,
        forms: FormSource | None = None,
        roller: TableRoller | None = None,
    ) -> None:
        self._database = database
        self._recall = recall
        self._facts = facts
        self._cast = cast
        self._forms = forms
        self._roller = roller
        self._starts: OrderedDict[tuple[str, ...], int] = OrderedDict()
        self._secret: str | None = None

    async def build(self, turn: Turn, answerer: Answerer) -> BuiltPrompt:
        """The request for a turn, within what the model can read."""
        if self._secret is None:
            self._secret = await get_prompt_secret(self._database)
        budget = answerer.make_budget()
        nonce = derive_nonce(self._secret, turn.conversation_id)
        gathered, prompt = await self._make(turn, budget, nonce, None)
        talk = prompt.manifest.history
        if talk.dropped and talk.first_kept_seq not in (None, gathered.history.kept_from):
            # Only now it is known where the talk begins: what comes before is summed up.
            gathered, prompt = await self._make(turn, budget, nonce, talk.first_kept_seq)
        self._remember_start(gathered.start_key, prompt.manifest.history.first_kept_seq)
        voice = gathered.facts.voice if gathered.facts is not None else None
        request = replace(
            answerer.make_request(prompt, () if voice is not None else _passages(gathered)),
            persona=_persona(voice),
            counts=() if voice is not None else _counts(gathered),
        )
        manifest = prompt.manifest
        return BuiltPrompt(request, manifest.as_json(), manifest.total_tokens, voice)

    async def measure(
        self, conversation_id: str, content: str, answerer: Answerer
    ) -> Measured | None:
        """What asking this would send now, by composing it; nothing is stored, and nothing is
        recalled for it. None in a scene: it depends on who answers. Raises `NotFound`, and
        `ContextTooLong` where not even the instructions fit."""
        budget = answerer.make_budget()

        def work(tx: Connection) -> _Gathered | None:
            conversation = conversations.get_conversation(tx, conversation_id)
            if conversation.is_scene:
                return None
            said = _not_said(tx, conversation, content)
            under = AskedUnder(conversation.campaign_id, conversation.game_session_id)
            return self._gather_talk(tx, conversation, said, under, budget, None, recalls=False)

        gathered = await self._database.read(work)
        if gathered is None:
            return None
        budget = replace(budget, whole_history=gathered.is_whole)
        manifest = _compose(gathered, budget, new_nonce()).manifest
        return Measured(manifest.total_tokens, not manifest.is_new_message_cut)

    async def _make(
        self, turn: Turn, budget: Budget, nonce: str, start: int | None
    ) -> tuple[_Gathered, Prompt]:
        gathered = await self._database.read(lambda tx: self._gather(tx, turn, budget, start))
        budget = replace(budget, whole_history=gathered.is_whole)
        return gathered, _compose(gathered, budget, nonce)

    def _remember_start(self, key: tuple[str, ...], seq: int | None) -> None:
        if seq is not None:
            self._starts[key] = seq
            self._starts.move_to_end(key)
            while len(self._starts) > REMEMBERED_STARTS:
                self._starts.popitem(last=False)

    def _gather(self, tx: Connection, turn: Turn, budget: Budget, start: int | None) -> _Gathered:
        """All that the prompt is made of. `start` is where its talk begins; without one, where
        that of the prompt before began."""
        conversation = conversations.get_conversation(tx, turn.conversation_id)
        said = messages.get_message(tx, turn.user_message_id or "")
        if said.status == "unreadable":
            # Its mode is not known, so neither is what may be told.
            raise Conflict("This message is damaged and cannot be answered.", code="unreadable")
        if conversation.is_scene:
            return self._gather_scene(tx, turn, conversation, said, budget, start)
        under = turns.find_asked_under(tx, turn)
        if under is None or under.campaign_id != conversation.campaign_id:
            # Talk knows the campaign it belongs to, whatever was on a screen.
            under = AskedUnder(conversation.campaign_id, conversation.game_session_id)
        gathered = self._gather_talk(tx, conversation, said, under, budget, start)
        return replace(gathered, rolled=self._roll(tx, gathered, turn))

    def _roll(self, tx: Connection, gathered: _Gathered, turn: Turn) -> Sequence[EntityFact]:
        campaign = None if gathered.facts is None else gathered.facts.campaign
        if self._roller is None or campaign is None:
            return ()
        chance = chance_of(self._secret or "", turn.assistant_message_id)
        return self._roller.roll_asked(tx, campaign.campaign_id, gathered.said.content, chance)

    def _gather_talk(
        self,
        tx: Connection,
        conversation: Conversation,
        said: Message,
        under: AskedUnder,
        budget: Budget,
        start: int | None,
        *,
        recalls: bool = True,
    ) -> _Gathered:
        is_whole = find_whole_history(tx, conversation.id)
        if is_whole:
            budget = replace(budget, whole_history=True)
        key = (conversation.id, said.mode or "", budget.model, "whole" if is_whole else "")
        kept_from = start or self._starts.get(key)
        earlier = walk_back(tx, said.parent_id, budget, said.mode)
        history = history_of(earlier)
        recent = [message.content for message in earlier[:RECENT_MESSAGES]]
        if said.mode == "as":
            # Talk *about* an NPC may hold secrets: it does not even choose the facts.
            own = [message.content for message in earlier if message.mode == "as"]
            recent = own[:RECENT_MESSAGES]
        read = list_surely_read(earlier, budget, kept_from)
        mode = said.mode if conversation.kind == "npc" else None
        summary = remember(tx, earlier, read, Listener(mode))
        history = replace(history, summary=summary, kept_from=kept_from)
        if self._recall is not None and recalls:
            recalled = self._recall.recall(tx, conversation, said, recent, read)
            history = replace(history, recalled=recalled)
        if self._facts is None:
            facts = None
        else:
            facts = self._facts.gather(
                tx,
                under.campaign_id,
                under.game_session_id,
                [said.content, *recent],
                conversation.npc_id,
                said.mode,
                for_quotes=budget.model == BUILT_IN,
            )
        is_thread = conversation.kind == "thread"
        sounds = voices.find_spoken(tx, conversation.personality) if is_thread else None
        form = find_form(tx, self._forms, conversation)
        return _Gathered(
            conversation, said, history, facts, key, is_whole, sounds=sounds, form=form
        )

    def _gather_scene(
        self,
        tx: Connection,
        turn: Turn,
        conversation: Conversation,
        said: Message,
        budget: Budget,
        start: int | None,
    ) -> _Gathered:
        """One NPC's own view of a scene: what it heard, what it knows, who else is there."""
        speaker = messages.get_message(tx, turn.assistant_message_id).speaker_npc_id
        if speaker is None or self._facts is None or self._cast is None:
            raise NotFound("This NPC no longer exists.", code="npc_not_found")
        names = self._cast.name_npcs(tx, scenes.list_members(tx, conversation.id))
        earlier = walk_back(tx, said.parent_id, budget, "as")
        view = hear_scene([*earlier[::-1], said], speaker, names)
        key = (conversation.id, speaker, budget.model)
        kept_from = start or self._starts.get(key)
        read = list_surely_read(earlier, budget, kept_from)
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
        history = replace(view.history, summary=summary, kept_from=kept_from)
        return _Gathered(conversation, said, history, facts, key, new_message=view.new_message)


def _not_said(tx: Connection, conversation: Conversation, content: str) -> Message:
    """A message as it would follow what is there. In talk with an NPC it goes on in the mode
    of the last one."""
    tip, mode = conversation.tip_message_id, None
    if conversation.kind == "npc":
        last = messages.get_message(tx, tip) if tip is not None else None
        mode = (last.mode if last is not None else None) or "about"
    return Message(
        id="",
        conversation_id=conversation.id,
        seq=0,
        parent_id=tip,
        role="user",
        content=content,
        mode=mode,
        status="complete",
        tokens_in=None,
        tokens_out=None,
        model=None,
        error_code=None,
        origin=None,
        created_at="",
        updated_at="",
    )


def find_form(
    tx: Connection, forms: FormSource | None, conversation: Conversation
) -> FormFacts | None:
    """The form beside a conversation that no campaign has come out of yet, or None."""
    if forms is None or conversation.wizard_id is None or conversation.campaign_id is not None:
        return None
    return forms.find_form(tx, conversation.wizard_id)


def _compose(gathered: _Gathered, budget: Budget, nonce: str) -> Prompt:
    facts, said = gathered.facts, gathered.said
    if gathered.conversation.kind == "npc":
        if facts is None or (facts.voice is None and facts.subject is None):
            raise NotFound("This NPC no longer exists.", code="npc_not_found")
        if said.mode == "as":
            if facts.voice is None:
                raise NotFound("This NPC no longer exists.", code="npc_not_found")
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
            facts=with_rolled(facts.campaign, gathered.rolled),
            history=gathered.history,
            new_message=said.content,
            budget=budget,
            nonce=nonce,
        )
    return compose_chat(
        facts=with_rolled(facts.campaign, gathered.rolled) if facts is not None else None,
        history=gathered.history,
        new_message=said.content,
        budget=budget,
        nonce=nonce,
        purpose=gathered.conversation.thread_purpose,
        voice=gathered.sounds,
        form=gathered.form,
    )


def _passages(gathered: _Gathered) -> tuple[Passage, ...]:
    campaign = gathered.facts.campaign if gathered.facts is not None else None
    known = passages_of_facts(campaign) if campaign is not None else []
    subject = gathered.facts.subject if gathered.facts is not None else None
    if subject is not None:
        others = [passage for passage in known if passage.ref != subject.npc_id]
        known = [passage_of_subject(subject), *others]
    if gathered.form is not None:
        known += passages_of_form(gathered.form)
    known += map(passage_of_roll, gathered.rolled)
    return (*known, *passages_of_recalled(gathered.history.recalled))


def _counts(gathered: _Gathered) -> tuple[tuple[PassageKind, int], ...]:
    campaign = gathered.facts.campaign if gathered.facts is not None else None
    if campaign is None:
        return ()
    return (("npc", campaign.npc_count or 0), ("location", campaign.location_count or 0))


def _persona(voice: VoiceSheet | None) -> Persona | None:
    return None if voice is None else persona_of(voice)
