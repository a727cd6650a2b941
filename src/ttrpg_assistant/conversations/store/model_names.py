"""A model's name as a row keeps it: a choice may be longer than the column it is kept in."""

from __future__ import annotations

from typing import overload

STORED_CHARACTERS = 120
"""What `messages.model`, `turns.model` and `summaries.made_by` hold. Only PostgreSQL minds."""

_HEAD = 40
_CUT = "…"


@overload
def fit_model(choice: str) -> str: ...
@overload
def fit_model(choice: None) -> None: ...
def fit_model(choice: str | None) -> str | None:
    """The choice, without its middle when it is too long to be stored.

    Its beginning says the provider, its end the file: a path on one's own machine is long in
    between. It is for reading only; a model is never asked by what is stored here.
    """
    if choice is None or len(choice) <= STORED_CHARACTERS:
        return choice
    tail = STORED_CHARACTERS - _HEAD - len(_CUT)
    return choice[:_HEAD] + _CUT + choice[-tail:]
