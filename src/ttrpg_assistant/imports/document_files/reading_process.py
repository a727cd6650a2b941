"""The process that reads documents, so that no document can stop or bring down the server.

It takes jobs as lines of JSON and answers each with one. Its memory and its time on a processor
are limited by the system: what takes more ends this process, and nothing else. It opens the file
it is given and nothing besides, and it fetches nothing.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, TextIO
from zipfile import ZipFile

from ttrpg_assistant.imports.document_files.limits import (
    CPU_SECONDS,
    MEMORY_BYTES,
    TEXT_CHARACTERS,
    UNPACKED_BYTES,
)
from ttrpg_assistant.imports.document_files.parsed import Parsed, Refusal
from ttrpg_assistant.process_limits import limit_memory, limit_time

_READERS = {
    "docx": "docx_reader",
    "odt": "odt_reader",
    "rtf": "rtf_reader",
    "pdf": "pdf_reader",
    "html": "html_reader",
}


def main() -> None:
    """Do one job after another until there are no more."""
    limit_memory(MEMORY_BYTES)
    os.umask(0o077)
    # What a library prints must not be taken for an answer.
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin.buffer:
        limit_time(CPU_SECONDS)
        answer = do_job(json.loads(line))
        limit_time(0)
        _write(answers, answer)


def do_job(job: dict[str, Any]) -> dict[str, Any]:
    """Read one document: its text, or why there is none."""
    path = Path(job["path"])
    try:
        parsed = _find_reader(job["type"])(path)
        if len(parsed.text) > TEXT_CHARACTERS:
            raise Refusal("too_much")
    except Refusal as refusal:
        return {"refused": str(refusal)}
    except ImportError:
        return {"refused": "missing"}
    except (MemoryError, RecursionError):
        return {"refused": "too_much"}
    except Exception:  # noqa: BLE001 (a damaged file makes a library raise nearly everything)
        return {"refused": "unreadable"}
    return {
        "text": parsed.text.encode("utf-8", "replace").decode(),
        "title": parsed.title.encode("utf-8", "replace").decode(),
        "left_out": dict(parsed.left_out),
        "warnings": parsed.warnings,
    }


def _find_reader(kind: str) -> Callable[[Path], Parsed]:
    reader: Callable[[Path], Parsed] = import_module(
        f"ttrpg_assistant.imports.document_files.{_READERS[kind]}"
    ).read

    def read(path: Path) -> Parsed:
        if kind in ("docx", "odt"):
            with ZipFile(path) as zipped:
                if sum(one.file_size for one in zipped.infolist()) > UNPACKED_BYTES:
                    raise Refusal("too_much")
        return reader(path)

    return read


def _write(answers: TextIO, answer: dict[str, Any]) -> None:
    answers.write(json.dumps(answer) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
