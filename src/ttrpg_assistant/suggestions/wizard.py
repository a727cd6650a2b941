"""The wizard: a campaign in eight steps, saved as it is typed, finished in one go.

Every save is one small patch, so two tabs do not overwrite each other's fields, and a crash
loses at most the words not saved yet. Nothing here needs a model; with one, a thread of
purpose `campaign_creation` stands beside it and its proposals fill the same answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection

from ttrpg_assistant.campaigns.kinds.campaign import KIND as CAMPAIGN
from ttrpg_assistant.campaigns.model import Campaign
from ttrpg_assistant.campaigns.registry import KINDS, describe_kinds
from ttrpg_assistant.campaigns.store.edits import add_entity
from ttrpg_assistant.campaigns.store.entities import find_entity
from ttrpg_assistant.campaigns.store.game_sessions import add_game_session
from ttrpg_assistant.conversations.store.conversations import (
    find_conversation,
    get_conversation,
    update_conversation,
)
from ttrpg_assistant.conversations.store.messages import get_message
from ttrpg_assistant.errors import Conflict
from ttrpg_assistant.failpoints import hit
from ttrpg_assistant.ids import check_id, utc_now
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.prompts.facts import FormFacts
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.suggestions.campaign_plan import plan_campaign
from ttrpg_assistant.suggestions.parse import parse_reply
from ttrpg_assistant.suggestions.patch import changes_of
from ttrpg_assistant.suggestions.reader import resolve_suggestion
from ttrpg_assistant.suggestions.store import proposals, wizards
from ttrpg_assistant.suggestions.store.wizards import Wizard, WizardStatus
from ttrpg_assistant.suggestions.wizard_form import list_filled
from ttrpg_assistant.suggestions.wizard_steps import (
    STEPS,
    ClarifyingQuestion,
    check_answers,
    check_step,
    list_open_questions,
)


@dataclass(frozen=True, slots=True)
class Finished:
    """What finishing made. `already`: it had been finished before, and nothing was made now."""

    wizard: Wizard
    campaign: Campaign
    already: bool = False


class Wizards:
    """Campaigns in the making."""

    def __init__(self, database: Database, changes: Changes) -> None:
        self._database = database
        self._changes = changes

    async def create(self, *, id: str | None = None) -> Wizard:
        """A new wizard at its first step. A client's own `id` makes a retry harmless."""
        own_id = None if id is None else check_id(id)
        return await self._write(lambda tx: wizards.add_wizard(tx, STEPS[0], own_id))

    async def get(self, wizard_id: str) -> Wizard:
        """Raises `NotFound`."""
        return await self._database.read(lambda tx: wizards.get_wizard(tx, wizard_id))

    async def list_all(
        self, status: WizardStatus = "active", limit: int = 50
    ) -> tuple[Wizard, ...]:
        """Wizards to resume (or finished, or discarded), the latest touched first."""
        return await self._database.read(lambda tx: wizards.list_wizards(tx, status, limit))

    async def save(
        self,
        wizard_id: str,
        changes: Mapping[str, object],
        *,
        step: str | None = None,
        thread_id: str | None = None,
    ) -> Wizard:
        """Save answers (`{"basics.name": …}`), where the person is, the thread beside it.

        Only the given answers are touched. Raises `NotFound`, `InvalidInput`, and `Conflict`
        when the wizard was finished or discarded.
        """
        checked = check_answers(changes)
        at = None if step is None else check_step(step)
        return await self._write(lambda tx: _save(tx, wizard_id, checked, at, thread_id))

    async def list_questions(
        self, wizard_id: str, step: str | None = None
    ) -> list[ClarifyingQuestion]:
        """What is still worth deciding, asked without any model. Raises `NotFound`."""
        wizard = await self.get(wizard_id)
        return list_open_questions(wizard.answers, None if step is None else check_step(step))

    async def discard(self, wizard_id: str) -> Wizard:
        """Put it away; its answers are kept. Raises `NotFound`, `Conflict` when finished."""
        return await self._write(lambda tx: _set_status(tx, wizard_id, "active", "discarded"))

    async def resume(self, wizard_id: str) -> Wizard:
        """Go on with a discarded one. Raises `NotFound`, `Conflict` when finished."""
        return await self._write(lambda tx: _set_status(tx, wizard_id, "discarded", "active"))

    async def finish(self, wizard_id: str) -> Finished:
        """Make the campaign of the answers, with everything in it, in one transaction.

        Finishing twice makes it once. Raises `NotFound`; `Conflict` when it was discarded, or
        when the campaign it made does not exist any more.
        """
        return await self._changes.write(
            self._database,
            lambda tx: finish_wizard(tx, wizard_id),
            lambda finished: [
                ("wizard", {"id": wizard_id}),
                ("campaign", {"id": finished.campaign.id}),
            ],
        )

    async def _write(self, work: Callable[[Connection], Wizard]) -> Wizard:
        return await self._changes.write(
            self._database, work, lambda wizard: [("wizard", {"id": wizard.id})]
        )


class WizardForms:
    """Hands the answers of a wizard to the talk beside it."""

    def find_form(self, tx: Connection, wizard_id: str) -> FormFacts | None:
        """The answers so far; None for a wizard that is finished, discarded or gone."""
        wizard = wizards.find_wizard(tx, wizard_id)
        if wizard is None or wizard.status != "active":
            return None
        return FormFacts(wizard_id, tuple(list_filled(wizard.answers)), describe_kinds())


def _lock_active(tx: Connection, wizard_id: str) -> Wizard:
    wizard = wizards.get_wizard(tx, wizard_id, lock=True)
    if wizard.status != "active":
        raise Conflict(
            f"This wizard was {wizard.status}.",
            code="wizard_closed",
            facts={"status": wizard.status, "campaign_id": wizard.campaign_id},
        )
    return wizard


def _save(
    tx: Connection,
    wizard_id: str,
    changes: Mapping[str, object],
    step: str | None,
    thread_id: str | None,
) -> Wizard:
    wizard = _lock_active(tx, wizard_id)
    answers = {**wizard.answers, **changes_of(wizard.answers, changes)}
    values = {"answers": answers, "step": step or wizard.step}
    if thread_id is not None and thread_id != wizard.thread_id:
        get_conversation(tx, thread_id, "thread")
        update_conversation(tx, thread_id, wizard_id=wizard_id)
        values["thread_id"] = thread_id
    if all(getattr(wizard, name) == value for name, value in values.items()):
        return wizard
    return wizards.update_wizard(tx, wizard, **values)


def _set_status(tx: Connection, wizard_id: str, old: WizardStatus, new: WizardStatus) -> Wizard:
    wizard = wizards.get_wizard(tx, wizard_id, lock=True)
    if wizard.status == new:
        return wizard
    if wizard.status != old:
        raise Conflict(f"This wizard was {wizard.status}.", code="wizard_closed")
    return wizards.update_wizard(tx, wizard, status=new)


def finish_wizard(tx: Connection, wizard_id: str) -> Finished:
    """`Wizards.finish`, in the caller's transaction."""
    wizard = wizards.get_wizard(tx, wizard_id, lock=True)
    if wizard.status == "finished" and wizard.campaign_id is not None:
        campaign = find_entity(tx, CAMPAIGN, wizard.campaign_id, even_removed=True)
        assert campaign is not None
        return Finished(wizard, campaign, already=True)
    _lock_active(tx, wizard_id)
    plan = plan_campaign(wizard.answers)
    campaign = add_entity(tx, CAMPAIGN, None, plan.campaign)
    hit("wizard_campaign")
    for kind, values in plan.entities:
        if kind == "game_session":
            add_game_session(tx, campaign.id, values)
        else:
            add_entity(tx, KINDS[kind], campaign.id, values)
        hit("wizard_entity")
    wizard = wizards.update_wizard(
        tx, wizard, status="finished", campaign_id=campaign.id, finished_at=utc_now()
    )
    hit("wizard_status")
    if wizard.thread_id is not None and find_conversation(tx, wizard.thread_id) is not None:
        update_conversation(tx, wizard.thread_id, campaign_id=campaign.id)
        hit("wizard_thread")
        _hand_over(tx, wizard.thread_id, campaign.id)
    hit("wizard_proposals")
    return Finished(wizard, campaign)


def _hand_over(tx: Connection, thread_id: str, campaign_id: str) -> None:
    """Proposals still open in the wizard's thread are now meant for the campaign itself.

    They are read again from their messages: what named an answer names a field now.
    """
    conversation = get_conversation(tx, thread_id)
    undecided = ("pending", "undone", "conflict")
    after: str | None = None
    while True:
        found, after = proposals.list_suggestions(
            tx, conversation_id=thread_id, statuses=undecided, after=after, limit=500
        )
        for old in found:
            said = parse_reply(get_message(tx, old.message_id).content).suggestions
            if old.ordinal > len(said):
                continue
            new = resolve_suggestion(
                tx, conversation, old.message_id, old.ordinal, said[old.ordinal - 1]
            )
            kept = {"id", "created_at", "updated_at", "reason", "decided_at"}
            values = {k: v for k, v in msgspec.to_builtins(new).items() if k not in kept}
            proposals.update_suggestion(tx, old.id, **values)
        if after is None:
            return
