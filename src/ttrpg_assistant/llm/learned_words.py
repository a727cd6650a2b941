"""What refusals have taught about a model, in sentences for whoever may want it forgotten."""

from __future__ import annotations

from ttrpg_assistant.llm.memory import Learned


def describe_learned(learned: Learned, listed_tokens: int | None) -> tuple[str, ...]:
    """A sentence for each thing that is done differently for this model because it refused.

    `listed_tokens` is what its provider says of the window now: a window learned under another
    one is not used any more, and not named.
    """
    said: list[str] = []
    if learned.context_tokens is not None and learned.listed_tokens == listed_tokens:
        said.append(f"It reads at most {learned.context_tokens:,} tokens at once.")
    if learned.most_answer_tokens is not None:
        said.append(f"Its answer length is at most {learned.most_answer_tokens:,} tokens.")
    if learned.no_system:
        said.append("It has no system role: the instructions are sent with the first message.")
    if learned.no_streaming:
        said.append("It does not stream: an answer comes as a whole.")
    if learned.no_prefill:
        said.append("It does not continue a text automatically: it is asked in words to continue.")
    if learned.left_out:
        said.append(f"These parameters are not sent: {', '.join(learned.left_out)}.")
    return tuple(said)
