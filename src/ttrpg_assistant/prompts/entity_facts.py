"""What is said of one thing of a campaign, and who at the table knows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ttrpg_assistant.prompts.audience import GM_ONLY, Audience

EntityKind = str
"""The name of a kind of thing, or ``note``, ``event``, ``house_rule``, ``message``, ``summary``."""

Why = Literal["subject", "mentioned", "present", "recent", "summary", "recalled"]
"""Why a fact is in the prompt: the talk is about it; it is named in the new message or in
recent talk; it takes part in the running game session; it was used lately; it is part of
the campaign's summary; it was said long ago and bears on the new message."""


@dataclass(frozen=True, slots=True)
class FactLine:
    """One labelled value: ``FactLine("Disposition", "wary of strangers")``.

    `audience` narrows the audience of the thing the line belongs to; None keeps it.
    """

    label: str
    value: str
    audience: Audience | None = None


@dataclass(frozen=True, slots=True)
class EntityFact:
    """What is said of one thing: a short summary line or its fuller sheet.

    The audience is GM only unless said otherwise, so that forgetting it leaks nothing.
    """

    kind: EntityKind
    id: str
    name: str
    lines: tuple[FactLine, ...] = ()
    audience: Audience = GM_ONLY
    why: Why = "summary"
    is_lasting: bool = True
    """False where only the question brought it in: it then goes with the question."""
    status: str = ""
    """How far it is part of the story: `idea`, `prepped`, `happened` or `retconned`."""
    noun: str = ""
    """What such a thing is called, where the kind alone does not say it."""
