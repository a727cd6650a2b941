"""What a prompt is made of: the talk so far and the facts that bear on it, read in one view.

History is walked from the newest message backwards and only as far as the budget can
reach, so a conversation of ten thousand messages costs no more than one of a hundred.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from ttrpg_assistant.conversations.earlier import history_of, list_surely_read, walk_back
from ttrpg_assistant.conversations.gathered import Facts, Gathered
from ttrpg_assistant.conversations.model import (
    AskedUnder,
    Conversation,
    Message,
    Mode,
    Question,
    Turn,
)
from ttrpg_assistant.conversations.npc.hearing import hear_scene, with_others
from ttrpg_assistant.conversations.ports import (
    Cast,
    FactSource,
    FormSource,
    Recall,
    TableRoller,
)
from ttrpg_assistant.conversations.prompt_settings import find_whole_history
from ttrpg_assistant.conversations.rolled import chance_of
from ttrpg_assistant.conversations.store import (
    asked_under,
    conversations,
    messages,
    scenes,
    turns,
    voices,
)
from ttrpg_assistant.conversations.summaries.model import Listener
from ttrpg_assistant.conversations.summaries.remembering import remember
from ttrpg_assistant.errors import Conflict, NotFound
from ttrpg_assistant.llm.types import BUILT_IN
from ttrpg_assistant.prompts.budget import Budget
from ttrpg_assistant.prompts.entity_facts import EntityFact
from ttrpg_assistant.prompts.facts import FormFacts

RECENT_MESSAGES = 6
"""How much of the talk before the new message is searched for names (FR-108)."""

REMEMBERED_STARTS = 2_000
"""Conversations of which it is remembered where the talk of their last prompt began."""


class Gathering:
    """Reads what prompts are made of. Remembers where the talk of each conversation's last prompt
    began: the next one begins there again, so that what a provider has read can be used once
    more."""

    def __init__(
        self,
        facts: FactSource | None = None,
        cast: Cast | None = None,
        recall: Recall | None = None,
        forms: FormSource | None = None,
        roller: TableRoller | None = None,
    ) -> None:
        self._recall = recall
        self._facts = facts
        self._cast = cast
        self._forms = forms
        self._roller = roller
        self._starts: OrderedDict[tuple[str, ...], int] = OrderedDict()

    def remember_start(self, key: tuple[str, ...], seq: int | None) -> None:
        """The talk of a prompt began with this message; None: it has no talk."""
        if seq is not None:
            self._starts[key] = seq
            self._starts.move_to_end(key)
            while len(self._starts) > REMEMBERED_STARTS:
                self._starts.popitem(last=False)

    def gather_ahead(
        self, tx: Connection, question: Question, budget: Budget, secret: str
    ) -> Gathered | None:
        """What `gather` will give for the turn of a question that is about to be stored, if
        nothing else is said in between. None where that cannot be read before."""
        conversation = conversations.find_conversation(tx, question.conversation_id)
        if conversation is None or conversation.is_scene:
            return None
        if turns.is_busy(tx, conversation.id):
            turn = turns.find_turn(tx, question.answer_id)  # It may be stored by now.
            return None if turn is None else self.gather(tx, turn, budget, secret, None)
        if not _goes_on_from_newest(tx, conversation):
            return None  # Its path is known once it is there.
        said = _not_said(conversation, question.content, question.mode, question.message_id)
        under = question.asked_under
        if under is not None:
            under = asked_under.keep_existing(tx, under)
        gathered = self._gather_under(tx, conversation, said, under, budget, None)
        return replace(gathered, rolled=self._roll(tx, gathered, question.answer_id, secret))

    def gather_unsaid(
        self, tx: Connection, conversation: Conversation, content: str, budget: Budget
    ) -> Gathered:
        """As if this were said now, without what would be recalled for it."""
        said = _next_message(tx, conversation, content)
        under = AskedUnder(conversation.campaign_id, conversation.game_session_id)
        return self._gather_talk(tx, conversation, said, under, budget, None, recalls=False)

    def gather(
        self, tx: Connection, turn: Turn, budget: Budget, secret: str, start: int | None
    ) -> Gathered:
        """All that the prompt is made of. `start` is where its talk begins; without one, where
        that of the prompt before began."""
        conversation = conversations.get_conversation(tx, turn.conversation_id)
        said = messages.get_message(tx, turn.user_message_id or "")
        if said.status == "unreadable":
            # Its mode is not known, so neither is what may be told.
            raise Conflict("This message is damaged and cannot be answered.", code="unreadable")
        if conversation.is_scene:
            return self._gather_scene(tx, turn, conversation, said, budget, start)
        under = asked_under.find_asked_under(tx, turn)
        gathered = self._gather_under(tx, conversation, said, under, budget, start)
        rolled = self._roll(tx, gathered, turn.assistant_message_id, secret)
        return replace(gathered, rolled=rolled)

    def _roll(
        self, tx: Connection, gathered: Gathered, answer_id: str, secret: str
    ) -> Sequence[EntityFact]:
        campaign = None if gathered.facts is None else gathered.facts.campaign
        if self._roller is None or campaign is None:
            return ()
        chance = chance_of(secret, answer_id)
        return self._roller.roll_asked(tx, campaign.campaign_id, gathered.said.content, chance)

    def _gather_under(
        self,
        tx: Connection,
        conversation: Conversation,
        said: Message,
        under: AskedUnder | None,
        budget: Budget,
        start: int | None,
    ) -> Gathered:
        if under is None or under.campaign_id != conversation.campaign_id:
            # Talk knows the campaign it belongs to, whatever was on a screen.
            under = AskedUnder(conversation.campaign_id, conversation.game_session_id)
        return self._gather_talk(tx, conversation, said, under, budget, start)

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
    ) -> Gathered:
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
            found = self._facts.gather(
                tx,
                under.campaign_id,
                under.game_session_id,
                [said.content, *recent],
                conversation.npc_id,
                said.mode,
                for_quotes=budget.model == BUILT_IN,
            )
            facts = Facts(found.campaign, found.subject, found.voice)
        is_thread = conversation.kind == "thread"
        sounds = voices.find_spoken(tx, conversation.personality) if is_thread else None
        form = find_form(tx, self._forms, conversation)
        return Gathered(conversation, said, history, facts, key, is_whole, sounds=sounds, form=form)

    def _gather_scene(
        self,
        tx: Connection,
        turn: Turn,
        conversation: Conversation,
        said: Message,
        budget: Budget,
        start: int | None,
    ) -> Gathered:
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
        facts = Facts(voice=with_others(gathered.voice, names)) if gathered.voice else None
        history = replace(view.history, summary=summary, kept_from=kept_from)
        return Gathered(conversation, said, history, facts, key, new_message=view.new_message)


def _goes_on_from_newest(tx: Connection, conversation: Conversation) -> bool:
    """Whether what is said next follows the message numbered before it."""
    if conversation.tip_message_id is None:
        return True
    tip = messages.find_message(tx, conversation.tip_message_id)
    return (
        tip is not None
        and tip.conversation_id == conversation.id
        and tip.seq + 1 == conversation.next_seq
    )


def _next_message(tx: Connection, conversation: Conversation, content: str) -> Message:
    """A message as it would follow what is there. In talk with an NPC it goes on in the mode
    of the last one."""
    tip, mode = conversation.tip_message_id, None
    if conversation.kind == "npc":
        last = messages.get_message(tx, tip) if tip is not None else None
        mode = (last.mode if last is not None else None) or "about"
    return _not_said(conversation, content, mode)


def _not_said(
    conversation: Conversation, content: str, mode: Mode | None, message_id: str = ""
) -> Message:
    return Message(
        id=message_id,
        conversation_id=conversation.id,
        seq=conversation.next_seq,
        parent_id=conversation.tip_message_id,
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
