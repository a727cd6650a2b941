"""Folders of notes are below the folder all programs use: those where a system keeps its own, as
the memory where other tests keep their files, may not be linked."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as made:
        yield Path(made).resolve()
