"""Writes the manifest of a prompt that has been fitted."""

from __future__ import annotations

from dataclasses import dataclass

from ttrpg_assistant.prompts.budget import Budget, FilledSection, Fitted
from ttrpg_assistant.prompts.manifest import HistoryRecord, Manifest, SectionRecord


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the composer knows besides what was fitted."""

    purpose: str
    instructions_tokens: int
    total_tokens: int
    earlier_messages: int


def make_manifest(outcome: Outcome, fitted: Fitted, budget: Budget) -> Manifest:
    """The account of one prompt."""
    sections = [_record(one) for one in fitted.sections]
    kept = len(fitted.history)
    history = HistoryRecord(
        kept=kept,
        dropped=max(0, outcome.earlier_messages - kept),
        first_kept_seq=fitted.first_kept_seq,
        tokens=fitted.history_tokens,
        is_cut=fitted.is_history_cut,
        whole_history=budget.whole_history,
    )
    return Manifest(
        purpose=outcome.purpose,
        model=budget.model,
        context_tokens=budget.context_tokens,
        answer_tokens=budget.answer_tokens,
        prompt_tokens=budget.prompt_tokens,
        total_tokens=outcome.total_tokens,
        new_message_tokens=budget.estimator.estimate(fitted.new_message),
        is_new_message_cut=fitted.is_new_message_cut,
        sections=(
            SectionRecord("instructions", "Instructions", outcome.instructions_tokens),
            *sections,
        ),
        history=history,
        cut=_sentences(fitted, sections, history, budget),
    )


def _record(filled: FilledSection) -> SectionRecord:
    left_out, count = filled.left_out()
    uses = dict.fromkeys(item.use for item in filled.items if item.use is not None)
    title = filled.section.title.partition(" (")[0].removesuffix(":")
    return SectionRecord(
        name=filled.section.name,
        title=title or filled.section.name.capitalize(),
        tokens=filled.tokens,
        entities=tuple(uses),
        left_out=left_out,
        left_out_count=count,
    )


def _sentences(
    fitted: Fitted, sections: list[SectionRecord], history: HistoryRecord, budget: Budget
) -> tuple[str, ...]:
    said: list[str] = []
    if fitted.is_new_message_cut:
        said.append("The new message was longer than the model can read; its end was left out.")
    if history.dropped:
        said.append(f"Earlier messages left out: {history.dropped}.")
        if budget.talk_tokens < budget.prompt_tokens:
            said.append(f"Of the talk the newest {budget.talk_tokens:,} tokens are sent at most.")
    if history.is_cut:
        said.append("The newest earlier message was shortened.")
    for section in sections:
        if section.left_out_count:
            said.append(f"{section.title}: {section.left_out_count} left out.")
    return tuple(said)
