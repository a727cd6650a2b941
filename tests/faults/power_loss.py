"""What a power cut leaves: a model that keeps only the bytes that were fsynced.

`kill -9` cannot show a missing fsync, because the kernel keeps what was written. So every
write, truncation and fsync of a process is recorded by strace, and played back into a copy
in which a write counts only from the next successful fsync of its file on. That is the
worst a disk that keeps its promises may do.
"""

from __future__ import annotations

import codecs
import os
import random
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import psutil

CALLS = "pwrite64,write,fsync,fdatasync,ftruncate,unlink,rename"
NO_STRACE = "NO POWER LOSS: strace is not here or may not trace (apt-get install strace, as root)"


@cache
def can_trace() -> bool:
    """Whether strace is here and allowed."""
    if shutil.which("strace") is None:
        return False
    tried = subprocess.run(["strace", "-f", "-o", os.devnull, "true"], capture_output=True)
    return tried.returncode == 0


def tracing(log: Path) -> list[str]:
    """The command in front of a program that records its file calls in `log`."""
    return [
        *("strace", "-f", "--seccomp-bpf", "-ttt", "-y", "-xx", "-s", "20000000"),
        *("-e", f"trace={CALLS}", "-e", "signal=none", "-o", str(log)),
    ]


def kill_traced(strace_pid: int) -> None:
    """SIGKILL what is traced; strace writes its log to the end and goes by itself."""
    end = time.monotonic() + 30
    with suppress(psutil.NoSuchProcess):
        tracer = psutil.Process(strace_pid)
        # Again, because it may only now be starting the program.
        while tracer.status() != psutil.STATUS_ZOMBIE and time.monotonic() < end:
            for process in tracer.children(recursive=True):
                with suppress(psutil.Error):
                    process.kill()
            time.sleep(0.02)


@dataclass(frozen=True)
class Call:
    """One finished call on a file."""

    t: float
    name: str
    """write, truncate, sync, rename or unlink."""
    path: str
    data: bytes = b""
    """What is written, or the new name."""
    offset: int = 0
    """Where it writes or truncates; -1 at the end of the file."""


_LINE = re.compile(r"^(\d+) +(\d+\.\d+) (.*)$")
_RESUMED = re.compile(r"^<\.\.\. (\w+) resumed>(.*)$")
_RESULT = re.compile(r"\) += (-?\d+)")
_HANDLE = re.compile(r"^(\w+)\((\d+)<([^>]*)>(?:, (.*))?", re.DOTALL)
_NAMED = re.compile(r'^(rename|unlink)\("([^"]*)"(?:, "([^"]*)")?')
_BYTES = re.compile(r'^"((?:\\x[0-9a-f]{2})*)", \d+(?:, (\d+))?')


def read_calls(log: Path, folder: Path) -> Iterator[Call]:
    """The successful calls on files under the folder, in order of their end."""
    begun: dict[str, str] = {}
    with log.open(encoding="latin-1") as lines:
        for line in lines:
            found = _LINE.match(line.rstrip("\n"))
            if found is None:
                continue
            pid, t, text = found.groups()
            if text.endswith("<unfinished ...>"):
                begun[pid] = text.removesuffix("<unfinished ...>").rstrip()
                continue
            if resumed := _RESUMED.match(text):
                text = begun.pop(pid, "") + resumed.group(2)
            call = _read_call(float(t), text, str(folder))
            if call is not None:
                yield call


def _read_call(t: float, text: str, folder: str) -> Call | None:
    ended = _RESULT.search(text)
    if ended is None or int(ended.group(1)) < 0:
        return None
    if named := _NAMED.match(text):
        name, path, new = (_unescape(part or "").decode() for part in named.groups())
        return Call(t, name, path, new.encode()) if path.startswith(folder) else None
    found = _HANDLE.match(text)
    if found is None:
        return None
    name, _, raw_path, rest = found.groups()
    path = _unescape(raw_path).decode(errors="replace")
    if not path.startswith(folder):
        return None
    if name in ("fsync", "fdatasync"):
        return Call(t, "sync", path)
    if name == "ftruncate":
        return Call(t, "truncate", path, offset=int(re.match(r"\d+", rest or "0").group()))  # type: ignore[union-attr]
    if name in ("pwrite64", "write"):
        said = _BYTES.match((rest or "").replace("NULL, 0", '"", 0', 1))
        assert said is not None, text[:200]
        written = int(ended.group(1))
        offset = int(said.group(2)) if name == "pwrite64" else -1
        return Call(t, "write", path, _unescape(said.group(1))[:written], offset)
    return None


def _unescape(text: str) -> bytes:
    return codecs.escape_decode(text)[0] if "\\" in text else text.encode()  # type: ignore[attr-defined,no-any-return]


@dataclass
class Disk:
    """Files as they are, and as they would be after a power cut now."""

    durable: dict[str, bytearray] = field(default_factory=dict)
    pending: dict[str, list[Call]] = field(default_factory=dict)

    @classmethod
    def of(cls, paths: Sequence[Path]) -> Disk:
        """The files as they are on disk, all of it flushed."""
        return cls({str(path): bytearray(path.read_bytes()) for path in paths if path.exists()})

    def apply(self, call: Call) -> None:
        """Go on by one call. Names are taken to be durable at once."""
        if call.name == "unlink":
            self.durable.pop(call.path, None)
            self.pending.pop(call.path, None)
            return
        if call.name == "rename":
            for files in (self.durable, self.pending):
                if call.path in files:
                    files[call.data.decode()] = files.pop(call.path)  # type: ignore[attr-defined]
            return
        if call.name != "sync":
            self.pending.setdefault(call.path, []).append(call)
            return
        if call.path not in self.durable and call.path not in self.pending:
            return  # a folder: what is in it is taken to be there
        for write in self.pending.pop(call.path, ()):
            self._flush(write)

    def cut_power(self, chance: random.Random | None = None) -> None:
        """Lose what was not flushed; with `chance`, each of those writes may have reached the disk
        all the same, in any order, as a disk is free to do."""
        for writes in self.pending.values():
            for write in writes:
                if chance is not None and chance.random() < 0.5:
                    self._flush(write)
        self.pending.clear()

    def _flush(self, write: Call) -> None:
        content = self.durable.setdefault(write.path, bytearray())
        if write.name == "truncate":
            del content[write.offset :]
            content.extend(b"\0" * (write.offset - len(content)))
        else:
            at = len(content) if write.offset < 0 else write.offset
            content.extend(b"\0" * (at - len(content)))
            content[at : at + len(write.data)] = write.data

    def save(self, folder: Path, root: Path) -> None:
        """Write what a power cut would leave into an empty folder."""
        for name, content in self.durable.items():
            target = folder / Path(name).relative_to(root)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
