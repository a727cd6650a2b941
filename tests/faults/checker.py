"""The invariants of the promise, checked over what was recorded and what can be seen after.

`check` is a pure function: the record of a run and the views of it, when everything is
healed and quiet, in; the list of what is not as promised, out. Contents of a run are
unique, so that a text tells which attempt it came from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from tests.faults.recorder import Event, digest_of

MARK = "[Stream interrupted]"
TERMINAL = {"complete", "stopped", "interrupted", "failed"}
BANNER_SECONDS = 2.0


@dataclass(frozen=True)
class Stored:
    """One message as a view has it. A page shows no seq and no parent."""

    id: str
    conversation: str
    role: str
    content: str
    status: str = "complete"
    seq: int | None = None
    parent_id: str | None = None


@dataclass(frozen=True)
class View:
    """The messages of one place, in the order in which it has them.

    `whole` is False for a page, which shows the newest part of one conversation.
    """

    name: str
    messages: tuple[Stored, ...]
    whole: bool = True


@dataclass(frozen=True)
class TurnRow:
    """One model call as stored."""

    conversation: str
    user_message_id: str
    state: str
    attempt: int = 0


@dataclass(frozen=True)
class Evidence:
    """All that is known after a run."""

    events: Sequence[Event]
    sql: View
    others: Sequence[View] = ()
    turns: Sequence[TurnRow] = ()
    waiting: Mapping[str, str] = field(default_factory=dict)
    """What is still in the outbox: id → text."""
    seen_waiting: frozenset[str] = frozenset()
    """Texts that a page shows as not saved."""
    calls: Mapping[str, int] = field(default_factory=dict)
    """How often the model was asked to answer a text."""
    answer: Callable[[str], str] | None = None
    transcripts: Sequence[str] = ()
    """The same reply as followed with and without cuts."""
    integrity: str = "ok"
    foreign_key_faults: int = 0
    round_trip_equal: bool = True
    checkpoint_characters: int = 1500
    written_at_kills: frozenset[str] | None = None
    """Questions whose answer was being written when a server was killed, if that was looked at."""


@dataclass(frozen=True)
class Violation:
    """What is not as promised."""

    invariant: str
    words: str

    def __str__(self) -> str:
        return f"{self.invariant}: {self.words}"


Found = Iterator[Violation]


def check(evidence: Evidence) -> list[Violation]:
    """Everything that is not as promised, in the order of the invariants."""
    checks = (
        *(no_lost_ack, no_lost_acceptance, no_duplicates, no_phantoms, order, causality),
        *(one_generation, prefix, monotone_state, one_mark, checkpoint_bound, resume_equality),
        *(honest_state, liveness, answered, storage),
    )
    return [violation for each in checks for violation in each(evidence)]


def no_lost_ack(e: Evidence) -> Found:
    """I1: what was acknowledged is in every view that reaches so far."""
    views = [(v.name, {m.id for m in v.messages}) for v in (e.sql, *e.others) if v.whole]
    for event in _of(e, "send", "ok"):
        for name, ids in views:
            if event.id not in ids:
                yield Violation("I1", f"{event.id} was acknowledged and is not in {name}")


def no_lost_acceptance(e: Evidence) -> Found:
    """I2: what a page took is stored, or still there to be seen with its text."""
    stored = {digest_of(m.content) for m in _own(e.sql)}
    waiting = {digest_of(text) for text in e.waiting.values() if text in e.seen_waiting}
    for event in _of(e, "accept", "ok"):
        if event.digest not in stored | waiting:
            yield Violation("I2", f"{event.actor} took a message that is nowhere: {event.facts}")


def no_duplicates(e: Evidence) -> Found:
    """I3: one row, one line, for each id and for each text."""
    for view in (e.sql, *e.others):
        for message_id, count in Counter(m.id for m in view.messages).items():
            if count > 1:
                yield Violation("I3", f"{view.name} has {message_id} {count} times")
        for text, count in Counter(m.content for m in _own(view)).items():
            if count > 1:
                yield Violation("I3", f"{view.name} has the text {text!r} {count} times")


def no_phantoms(e: Evidence) -> Found:
    """I4: every stored text was sent, and nothing was changed or mixed on the way."""
    tried = {event.digest for event in e.events if event.type == "invoke"}
    by_id = {event.id: event.digest for event in e.events if event.type == "invoke" and event.id}
    for message in _own(e.sql):
        if digest_of(message.content) not in tried:
            yield Violation("I4", f"nobody sent {message.content!r}")
        if by_id.get(message.id, digest_of(message.content)) != digest_of(message.content):
            yield Violation("I4", f"{message.id} holds another text than was sent")


def order(e: Evidence) -> Found:
    """I5: each sender's order, one order everywhere, and later means later."""
    where = {digest_of(m.content): (m.conversation, m.seq or 0) for m in _own(e.sql)}
    for actor in {event.actor for event in e.events}:
        sent = [v.digest for v in e.events if v.actor == actor and v.type == "invoke"]
        places: dict[str, list[int]] = {}
        for digest in dict.fromkeys(sent):
            if digest in where:
                places.setdefault(where[digest][0], []).append(where[digest][1])
        for conversation, numbers in places.items():
            if numbers != sorted(numbers):
                yield Violation("I5", f"{actor} sent in another order to {conversation}: {numbers}")
    yield from _happened_before(e, where)
    stored = {
        conversation: [m.id for m in sorted(own, key=lambda m: m.seq or 0)]
        for conversation, own in _by_conversation(e.sql).items()
    }
    for view in e.others:
        for conversation, own in _by_conversation(view).items():
            ids = [m.id for m in own if m.id not in e.waiting]
            expected = stored.get(conversation, [])
            if not view.whole:
                expected = expected[len(expected) - len(ids) :] if ids else []
            if ids != expected:
                at = next(
                    (i for i, (a, b) in enumerate(zip(ids, expected, strict=False)) if a != b), -1
                )
                yield Violation(
                    "I5",
                    f"{view.name} shows {len(ids)} of {conversation}, expected {len(expected)}, "
                    f"first other at {at}",
                )


def _happened_before(e: Evidence, where: Mapping[str, tuple[str, int]]) -> Found:
    """What was acknowledged before another was sent has the smaller number."""
    highest: dict[str, int] = {}
    for event in e.events:
        if event.op == "send" and event.type == "ok" and event.seq is not None:
            known = highest.get(event.conversation, 0)
            highest[event.conversation] = max(known, event.seq)
        elif event.type == "invoke" and event.digest in where and not event.facts.get("again"):
            conversation, seq = where[event.digest]
            floor = highest.get(conversation, 0)
            if seq <= floor:
                yield Violation("I5", f"{event.digest} got {seq} after {floor} was acknowledged")


def causality(e: Evidence) -> Found:
    """I6: a reply follows its question, in the same conversation."""
    by_id = {m.id: m for m in e.sql.messages}
    for message in e.sql.messages:
        if message.parent_id is None:
            continue
        parent = by_id.get(message.parent_id)
        if parent is None or parent.conversation != message.conversation:
            yield Violation("I6", f"{message.id} hangs on {message.parent_id}, which is not there")
        elif (message.seq or 0) <= (parent.seq or 0):
            yield Violation("I6", f"{message.id} comes before what it answers")
        elif message.role == "assistant" and parent.role != "user":
            yield Violation("I6", f"{message.id} answers no question")


def one_generation(e: Evidence) -> Found:
    """I7: a message is answered by one call, and a conversation has one call at a time."""
    for text, count in e.calls.items():
        if count > 1:
            yield Violation("I7", f"the model was asked {count} times to answer {text!r}")
    attempts = Counter((turn.user_message_id, turn.attempt) for turn in e.turns)
    for (message_id, _), count in attempts.items():
        if count > 1:
            yield Violation("I7", f"{message_id} has {count} first turns")
    running = Counter(turn.conversation for turn in e.turns if turn.state == "running")
    for conversation, count in running.items():
        if count > 1:
            yield Violation("I7", f"{conversation} has {count} running turns")


def prefix(e: Evidence) -> Found:
    """I8: a reply is the beginning of what the model said, and all of it when complete."""
    if e.answer is None:
        return
    by_id = {m.id: m for m in e.sql.messages}
    for message in e.sql.messages:
        parent = by_id.get(message.parent_id or "")
        if message.role != "assistant" or parent is None:
            continue
        said, text = e.answer(parent.content), _without_mark(message.content)
        if not said.startswith(text):
            yield Violation(
                "I8", f"the reply to {parent.content!r} is not what was said: {text[:80]!r}"
            )
        elif message.status == "complete" and text != said:
            yield Violation("I8", f"the reply to {parent.content!r} is called complete and is not")


def monotone_state(e: Evidence) -> Found:
    """I9: a reply that has ended stays as it ended, and none is left unended."""
    last: dict[str, str] = {}
    for event in _of(e, "status", "ok"):
        status = str(event.facts["status"])
        before = last.get(event.id)
        if before in TERMINAL and status != before:
            yield Violation("I9", f"{event.id} went from {before} to {status}")
        last[event.id] = status
    for message in e.sql.messages:
        if message.status == "streaming":
            yield Violation("I9", f"{message.id} is still being written by nobody")
        elif last.get(message.id, message.status) not in (message.status, "streaming"):
            yield Violation("I9", f"{message.id} was {last[message.id]} and is {message.status}")


def one_mark(e: Evidence) -> Found:
    """I10: an interruption is told once."""
    for view in (e.sql, *e.others):
        for message in view.messages:
            if message.content.count(MARK) > 1:
                yield Violation("I10", f"{view.name} tells twice that {message.id} was interrupted")


def checkpoint_bound(e: Evidence) -> Found:
    """I11: a kill costs at most what was said since the last checkpoint."""
    for text, sent, kept in lost_at_kills(e):
        if sent - kept > e.checkpoint_characters:
            yield Violation("I11", f"of the {sent} characters said to {text!r} {kept} were kept")


def lost_at_kills(e: Evidence) -> Iterator[tuple[str, int, int]]:
    """Each reply that a kill cut: its question, characters said until then, characters kept."""
    questions = {m.id: m.content for m in _own(e.sql)}
    kept = {
        questions[m.parent_id]: len(_without_mark(m.content))
        for m in e.sql.messages
        if m.role == "assistant" and m.parent_id in questions
    }
    for event in _of(e, "kill", "ok"):
        for text, sent in dict(event.facts.get("sent", {})).items():
            if text in kept:
                yield text, int(sent), kept[text]


def resume_equality(e: Evidence) -> Found:
    """I12: however often it was cut, the same reply was read."""
    for transcript in e.transcripts[1:]:
        if transcript != e.transcripts[0]:
            yield Violation("I12", f"{transcript[-80:]!r} is not {e.transcripts[0][-80:]!r}")


def honest_state(e: Evidence) -> Found:
    """I13: "saved" is said of what is saved; a failed write is told soon and until one works."""
    stored = {m.id for m in e.sql.messages}
    for view in e.others:
        for message in view.messages:
            if message.status == "saved" and message.id not in stored:
                yield Violation("I13", f"{view.name} calls {message.id} saved, which it is not")
    for event in e.events:
        if event.op == "failed_write":
            told = [b for b in _of(e, "banner", "ok") if b.facts["kind"] and b.t >= event.t]
            if not told or told[0].t > event.t + BANNER_SECONDS:
                yield Violation("I13", "a failed write was not told within two seconds")
        if event.op == "banner" and not event.facts["kind"]:
            shown = [b.t for b in _of(e, "banner", "ok") if b.facts["kind"] and b.t < event.t]
            wrote = [w.t for w in e.events if w.op in ("send", "probed") and w.type == "ok"]
            if shown and not any(shown[-1] <= t <= event.t for t in wrote):
                yield Violation("I13", "the banner went before a write had succeeded")


def liveness(e: Evidence) -> Found:
    """I14: nothing waits for ever."""
    for message_id, text in e.waiting.items():
        yield Violation("I14", f"{message_id} ({text!r}) still waits in the outbox")
    for turn in e.turns:
        if turn.state in ("running", "queued"):
            yield Violation("I14", f"the turn of {turn.user_message_id} is {turn.state} for ever")


def answered(e: Evidence) -> Found:
    """I16: a question that waited is answered after a kill, and in its turn; only an answer that
    was being written may be cut."""
    if e.written_at_kills is None:
        return
    for turn in e.turns:
        if turn.state != "complete" and turn.user_message_id not in e.written_at_kills:
            yield Violation("I16", f"{turn.user_message_id} only waited, and ended {turn.state}")
    asked = {text: number for number, text in enumerate(e.calls)}
    for conversation, own in _by_conversation(e.sql).items():
        texts = [m.content for m in sorted(own, key=lambda m: m.seq or 0) if m.role == "user"]
        numbers = [asked[text] for text in texts if text in asked]
        if numbers != sorted(numbers):
            yield Violation("I16", f"the model was asked out of turn in {conversation}: {numbers}")


def storage(e: Evidence) -> Found:
    """I15: the file is sound and comes back from a backup as it was."""
    if e.integrity != "ok":
        yield Violation("I15", f"integrity_check says {e.integrity}")
    if e.foreign_key_faults:
        yield Violation("I15", f"{e.foreign_key_faults} references lead nowhere")
    if not e.round_trip_equal:
        yield Violation("I15", "a backup came back different")


def _of(e: Evidence, op: str, type: str) -> Iterator[Event]:
    return (event for event in e.events if event.op == op and event.type == type)


def _own(view: View) -> Iterator[Stored]:
    return (message for message in view.messages if message.role == "user")


def _by_conversation(view: View) -> dict[str, list[Stored]]:
    ordered = sorted(view.messages, key=lambda m: m.conversation)
    return {name: list(own) for name, own in groupby(ordered, key=lambda m: m.conversation)}


def _without_mark(text: str) -> str:
    """A reply as the model said it. Both forms of the mark are the server's own."""
    return text.removesuffix(MARK).removesuffix("\n\n") if text.endswith(MARK) else text
