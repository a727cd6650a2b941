"""The checker itself: it is silent over a good run and names every broken promise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.faults.checker import MARK, Evidence, Stored, TurnRow, View, check
from tests.faults.recorder import Event, digest_of


def event(t: float, actor: str, op: str, type: str, text: str = "", **more: object) -> Event:
    facts = {k: v for k, v in more.items() if k not in ("id", "seq", "conversation")}
    return Event(
        t,
        actor,
        op,
        type,  # type: ignore[arg-type]
        str(more.get("id", "")),
        str(more.get("conversation", "")),
        digest_of(text) if text else "",
        more.get("seq"),  # type: ignore[arg-type]
        facts,
    )


def user(name: str, seq: int, parent: str | None = None) -> Stored:
    return Stored(name, "c", "user", f"text {name}", "complete", seq, parent)


def reply(name: str, seq: int, parent: str, content: str, status: str = "complete") -> Stored:
    return Stored(name, "c", "assistant", content, status, seq, parent)


def said(content: str) -> str:
    return f"An answer to {content}."


ROWS = (
    user("u1", 1),
    reply("a1", 2, "u1", said("text u1")),
    user("u2", 3, "a1"),
    reply("a2", 4, "u2", f"An answer\n\n{MARK}", "interrupted"),
)

GOOD = Evidence(
    events=(
        event(1, "api", "send", "invoke", "text u1", id="u1"),
        event(2, "api", "send", "ok", "text u1", id="u1", conversation="c", seq=1),
        event(3, "tab", "accept", "invoke", "text u2"),
        event(4, "tab", "accept", "ok", "text u2"),
        event(5, "chaos", "kill", "ok", sent={"text u2": 20}),
        event(6, "watch", "status", "ok", id="a1", status="streaming"),
        event(7, "watch", "status", "ok", id="a1", status="complete"),
    ),
    sql=View("sql", ROWS),
    others=(View("api", ROWS), View("page", ROWS[2:], whole=False)),
    turns=(TurnRow("c", "u1", "complete"), TurnRow("c", "u2", "interrupted")),
    calls={"text u1": 1, "text u2": 1},
    answer=said,
    transcripts=("abc", "abc"),
)


def test_a_good_run_is_not_complained_about() -> None:
    assert check(GOOD) == []
    assert check(replace(GOOD, written_at_kills=frozenset({"u2"}))) == []


def with_rows(*rows: Stored) -> Evidence:
    return replace(GOOD, sql=View("sql", rows), others=())


BROKEN: dict[str, tuple[str, Callable[[], Evidence]]] = {
    "an acknowledged message is gone": ("I1", lambda: with_rows(*ROWS[2:])),
    "a view misses an acknowledged message": (
        "I1",
        lambda: replace(GOOD, others=(View("api", ROWS[1:]),)),
    ),
    "an accepted message is gone": ("I2", lambda: with_rows(*ROWS[:2])),
    "an accepted message waits unseen": (
        "I2",
        lambda: replace(with_rows(*ROWS[:2]), waiting={"u2": "text u2"}),
    ),
    "an id is stored twice": ("I3", lambda: with_rows(*ROWS, replace(ROWS[0], seq=9))),
    "a text is stored under two ids": ("I3", lambda: with_rows(*ROWS, replace(ROWS[0], id="u9"))),
    "a page shows a message twice": (
        "I3",
        lambda: replace(GOOD, others=(View("page", (*ROWS[2:], ROWS[2]), whole=False),)),
    ),
    "a text nobody sent is stored": ("I4", lambda: with_rows(*ROWS, user("u9", 9))),
    "two texts were swapped": (
        "I4",
        lambda: with_rows(replace(ROWS[0], content="text u2"), *ROWS[1:]),
    ),
    "a sender's order is turned round": (
        "I5",
        lambda: replace(
            GOOD,
            events=(
                event(1, "tab", "accept", "invoke", "text u2"),
                event(2, "tab", "accept", "invoke", "text u1"),
            ),
        ),
    ),
    "a page shows another order": (
        "I5",
        lambda: replace(GOOD, others=(View("page", (ROWS[3], ROWS[2]), whole=False),)),
    ),
    "what was sent later comes earlier": (
        "I5",
        lambda: replace(
            GOOD,
            events=(
                event(1, "api", "send", "ok", "text u2", id="u2", conversation="c", seq=3),
                event(2, "tab", "accept", "invoke", "text u1"),
            ),
        ),
    ),
    "a reply hangs on nothing": ("I6", lambda: with_rows(*ROWS[1:])),
    "a reply comes before its question": (
        "I6",
        lambda: with_rows(ROWS[0], replace(ROWS[1], seq=0), *ROWS[2:]),
    ),
    "a message was answered twice": ("I7", lambda: replace(GOOD, calls={"text u1": 2})),
    "two replies are written at once": (
        "I7",
        lambda: replace(GOOD, turns=(TurnRow("c", "u1", "running"), TurnRow("c", "u2", "running"))),
    ),
    "a reply holds another's words": (
        "I8",
        lambda: with_rows(ROWS[0], replace(ROWS[1], content=said("text u2")), *ROWS[2:]),
    ),
    "half a reply is called complete": (
        "I8",
        lambda: with_rows(ROWS[0], replace(ROWS[1], content="An answer"), *ROWS[2:]),
    ),
    "an ended reply went on": (
        "I9",
        lambda: replace(
            GOOD,
            events=(
                *GOOD.events,
                event(8, "watch", "status", "ok", id="a1", status="interrupted"),
            ),
        ),
    ),
    "a reply never ended": (
        "I9",
        lambda: with_rows(*ROWS[:3], replace(ROWS[3], status="streaming")),
    ),
    "an interruption is told twice": (
        "I10",
        lambda: with_rows(*ROWS[:3], replace(ROWS[3], content=f"An {MARK} {MARK}")),
    ),
    "too much of a reply was lost": (
        "I11",
        lambda: replace(
            GOOD, events=(*GOOD.events, event(9, "chaos", "kill", "ok", sent={"text u2": 9000}))
        ),
    ),
    "a cut changed a reply": ("I12", lambda: replace(GOOD, transcripts=("abc", "abbc"))),
    "a page calls saved what is not": (
        "I13",
        lambda: replace(
            GOOD,
            others=(View("page", (Stored("u9", "c", "user", "text u9", "saved"),), whole=False),),
        ),
    ),
    "a failed write is told late": (
        "I13",
        lambda: replace(
            GOOD,
            events=(
                *GOOD.events,
                event(10, "tab", "failed_write", "ok"),
                event(13, "tab", "banner", "ok", kind="degraded"),
            ),
        ),
    ),
    "a banner goes before anything was saved": (
        "I13",
        lambda: replace(
            GOOD,
            events=(
                *GOOD.events,
                event(10, "tab", "banner", "ok", kind="degraded"),
                event(11, "tab", "banner", "ok", kind=""),
            ),
        ),
    ),
    "a message waits for ever": (
        "I14",
        lambda: replace(GOOD, waiting={"u9": "text u9"}, seen_waiting=frozenset({"text u9"})),
    ),
    "a turn waits for ever": ("I14", lambda: replace(GOOD, turns=(TurnRow("c", "u1", "queued"),))),
    "a question only waited and was given up": (
        "I16",
        lambda: replace(GOOD, written_at_kills=frozenset({"u1"})),
    ),
    "a question was answered before its turn": (
        "I16",
        lambda: replace(
            GOOD, written_at_kills=frozenset({"u2"}), calls={"text u2": 1, "text u1": 1}
        ),
    ),
    "the file is damaged": ("I15", lambda: replace(GOOD, integrity="row 7 missing from index")),
    "a backup differs": ("I15", lambda: replace(GOOD, round_trip_equal=False)),
}


@pytest.mark.parametrize("case", BROKEN)
def test_every_broken_promise_is_named(case: str) -> None:
    invariant, evidence = BROKEN[case]
    assert invariant in {violation.invariant for violation in check(evidence())}, case


def test_every_invariant_has_a_case() -> None:
    assert {invariant for invariant, _ in BROKEN.values()} == {f"I{n}" for n in range(1, 17)}
