"""Whether somebody says yes to a promise that was asked for. Reads what `spell_plainly` gives.
Pure; English."""

from __future__ import annotations

from ttrpg_assistant.continuity.phrases import Phrases

_ASSENTS = Phrases(
    r"""
    \A(?:WHO: ?)?(?:\w+, )?(?:i|we) (?:swear|promise|vow|will|shall|agree|accept|do)(?: it
        | that)?\W*\Z
    """
)
_ASKS_FOR_BOND = Phrases(
    r"""
    swear|promise|vow|all (?:i|we) ask|please|will you|would you|can you|could you|begs?|asks?
    if you
    """
)


def assents(plain: str) -> bool:
    """Whether somebody says yes and no more."""
    return _ASSENTS.is_in(plain)


def asks_for_bond(plain: str) -> bool:
    """Whether somebody is asked for a promise or a deed."""
    return _ASKS_FOR_BOND.is_in(plain)
