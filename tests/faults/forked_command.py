"""A command of the program in a fork of a process that has imported it: see `server_forks.py`."""

from __future__ import annotations

import os
import select
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from typing import IO

from tests.faults.forked_process import find_forks


def run_forked(
    arguments: Sequence[str], environment: Mapping[str, str], seconds: float
) -> subprocess.CompletedProcess[str]:
    """What `python -m ttrpg_assistant ARGUMENTS` prints and ends with. Linux only."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        forks = find_forks()
        request = {"arguments": list(arguments), "environment": dict(environment)}
        pid: int = forks.ask(request, output.fileno(), errors.fileno())["pid"]
        ended = os.pidfd_open(pid)
        try:
            assert select.select([ended], [], [], seconds)[0], f"{arguments} did not end"
        finally:
            os.close(ended)
        code: int = forks.ask({"wait": pid})["exit"]
        return subprocess.CompletedProcess(arguments, code, _read(output), _read(errors))


def _read(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()
