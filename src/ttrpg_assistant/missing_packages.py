"""What a start leaves out: packages that others import where they are installed, and models that
others define for what is seldom asked for."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def as_if_missing(package: str) -> Iterator[None]:
    """Let what is imported here do without a package that it can do without."""
    if package in sys.modules:
        yield
        return
    sys.modules[package] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[package]


@contextmanager
def models_made_late() -> Iterator[None]:
    """Let pydantic make validators for the models that are defined here when they are first used.

    The models are all those of the packages that are imported here for the first time.
    """
    from pydantic import BaseModel

    BaseModel.model_config["defer_build"] = True
    try:
        yield
    finally:
        del BaseModel.model_config["defer_build"]
