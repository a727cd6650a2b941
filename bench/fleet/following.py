"""A reply that somebody follows while servers are killed, and what of it was stored."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ttrpg_assistant.conversations.marks import without_mark


@dataclass
class Followed:
    """What a follower was sent. `longest` is all that was ever said to it."""

    text: str = ""
    longest: str = ""
    begun: float = field(default_factory=time.perf_counter)
    arrivals: list[tuple[int, float]] = field(default_factory=list)
    """How long `longest` was, and when it became so long."""

    def take(self, name: str, content: Any) -> None:
        """One event of the stream."""
        if name == "snapshot":
            self.text = without_mark(content["content"])
        elif name == "text":
            self.text += content["text"]
        if len(self.text) > len(self.longest):
            self.longest = self.text
            self.arrivals.append((len(self.text), time.perf_counter()))

    def find_arrival(self, offset: int) -> float:
        """When the character at this offset came."""
        return next(moment for length, moment in self.arrivals if length > offset)


@dataclass
class Endings:
    """How the replies ended. Seconds."""

    whole: int = 0
    cut: int = 0
    failed: int = 0
    other_text: list[str] = field(default_factory=list)
    """Stored texts that are not the beginning of what was said: a fault."""
    missing: list[float] = field(default_factory=list)
    """For each reply that was stored with less than somebody had followed, how long before the
    kill the first missing character had come. Less than nothing: this program read it later."""
    missing_unkilled: int = 0
    """The same where no server was killed since the question: a fault."""

    def note(self, seen: Followed, message: Any, kills: Sequence[float], answer: str) -> None:
        """A reply has ended; `answer` is all that the model says."""
        content = without_mark(message["content"])
        if message["status"] == "complete":
            self.whole += content.strip() == answer.strip()
        elif message["status"] == "interrupted":
            self.cut += 1
        else:
            self.failed += 1
        said = answer if message["status"] != "failed" else seen.longest
        if not said.startswith(content.rstrip()) or not seen_fits(seen.longest, answer):
            self.other_text.append(f"{message['id']}: {content[:60]!r} of {seen.longest[:60]!r}")
        elif len(content.rstrip()) < len(seen.longest.rstrip()):
            came = seen.find_arrival(len(content.rstrip()))
            after = [kill for kill in kills if kill >= seen.begun]
            if after:
                self.missing.append(after[0] - came)
            else:
                self.missing_unkilled += 1


def seen_fits(seen: str, answer: str) -> bool:
    """Whether a follower was only ever sent what the model says."""
    return answer.startswith(seen.rstrip())
