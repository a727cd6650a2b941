"""The clock of a machine is set, forward and back: no duration may be taken from it by chance.

Every place that reads the clock, subtracts two moments or compares them is listed here with its
rule. A new one fails until it has one. What the rules mean for a game master is shown, with the
clock set a day forward, a day back and much further, in `tests/test_clock_set.py`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.house.source_tree import PACKAGE, list_modules

STEADY = "on a clock that nobody sets: the loop's, `monotonic`, `perf_counter`, `steady_seconds`"
CLAMPED = "between nothing and a stated bound, whatever the clock shows"
LIST_LIMIT = "limits what is listed or looked through; nothing is deleted or refused by it"
ORDER = "says which comes first, not how long ago it was"
THEIRS = "both moments are of the provider's own clock"
NO_MOMENT = "these are no moments"

RULES: dict[str, dict[str, str]] = {
    "api/attempts.py": {
        "known.until - now": STEADY,
        "known.until - time.monotonic()": STEADY,
        "now - known.last": STEADY,
    },
    "api/watching.py": {"perf_counter() - begun": STEADY},
    "storage/idle_connections.py": {"since <= before": STEADY},
    "storage/prepared.py": {"perf_counter() - begun": STEADY},
    "storage/slow_statements.py": {"perf_counter() - begun": STEADY},
    "api/start_codes.py": {"kept[0] > now": STEADY},
    "campaigns/evenings.py": {
        "roll.at >= game.started_at": ORDER,
        "roll.at <= game.ended_at": ORDER,
    },
    "clock.py": {
        "steady - begun": STEADY,
        "wall_seconds() - epoch_of(since)": CLAMPED,
        "wall_seconds() - moment": CLAMPED,
        "wall_seconds() - epoch_of(moment or '')": CLAMPED,
        "moment - now": THEIRS,
    },
    "continuity/dead_sheets.py": {"line.at < sheet.changed_at": ORDER},
    "continuity/store/said.py": {"at <= ended_at": ORDER},
    "conversations/checkpoints.py": {
        "now - kept.stored_at": STEADY,
        "now - kept.thought_at": STEADY,
    },
    "conversations/npc/voice.py": {"now - usual": NO_MOMENT},
    "conversations/npc_conversations.py": {"MODE_COOLDOWN_SECONDS - since": STEADY},
    "conversations/recovery.py": {
        "database_seconds - steady": CLAMPED,
        "steady >= self._judges_from": STEADY,
    },
    "conversations/store/conversations.py": {
        "_c.updated_at < moment": ORDER,
    },
    "conversations/store/evening_talk.py": {
        "_c.updated_at >= since": LIST_LIMIT,
        "_m.created_at >= since": LIST_LIMIT,
        "_m.created_at <= until": LIST_LIMIT,
    },
    "conversations/store/leases.py": {
        "_c.lease_expires_at > now + 2 * LEASE_SECONDS": CLAMPED,
        "_c.lease_expires_at < now": CLAMPED,
    },
    "vaults/store.py": {
        "_l.held_until < clock": CLAMPED,
        "_l.held_until > clock + 2 * LEASE_SECONDS": CLAMPED,
    },
    "conversations/store/listing.py": {"_touched < moment": ORDER, "_touched <= moment": ORDER},
    "conversations/store/npc_talk.py": {"func.max(_c.last_message_at)": ORDER},
    "conversations/store/removals.py": {
        "min(created_at, utc_now())": CLAMPED,
        "_c.created_at > oldest": LIST_LIMIT,
    },
    "conversations/store/spending.py": {
        "_t.created_at >= spell_moment(since)": LIST_LIMIT,
        "c.month >= spell_moment(since)[:7]": LIST_LIMIT,
    },
    "conversations/summaries/remembering.py": {"oldest - 1": NO_MOMENT},
    "doors/store/tokens.py": {"last < moment": ORDER, "last > latest": CLAMPED},
    "doors/tokens.py": {"now - self._noted.get(token_id, -NOTED_SECONDS)": STEADY},
    "credentials.py": {
        "steady_seconds() - self.used_at": STEADY,
        "steady_seconds() - noted": STEADY,
        "steady_seconds() - max(0.0, age)": STEADY,
        "wall_seconds() - seen": CLAMPED,
        "moment >= began": STEADY,
        "one.stored_at <= began": STEADY,
        "seen > known.seen_at": ORDER,
        "max(known.used_at, used_at)": STEADY,
    },
    "listening.py": {"self.loop.time() - self._body_begun": STEADY},
    "live/shared_changes.py": {
        "now - since": STEADY,
        "time.monotonic() - self._looked_at": STEADY,
    },
    "live/replies.py": {
        "now - self._phase_since": STEADY,
        "time.monotonic() - self._phase_since": STEADY,
        "wait.until - now": STEADY,
        "tick - now": STEADY,
    },
    "llm/pace.py": {"now >= tick - _NEAR": STEADY},
    "llm/answers.py": {"clock() - quiet_since": STEADY},
    "builtin/dice_syntax.py": {
        "self._at < len(self._tokens)": NO_MOMENT,
        "self._at >= len(self._tokens)": NO_MOMENT,
    },
    "llm/catalogue.py": {"now - kept[0]": STEADY},
    "llm/connection.py": {
        "now - self._handed_on_at": STEADY,
        "self._timer.when() > self._deadline": STEADY,
        "self._deadline - 0.001": STEADY,
    },
    "llm/dialect.py": {"now < self._ask_again_at": STEADY},
    "llm/error_bodies.py": {"moment - now.timestamp()": THEIRS},
    "llm/openai.py": {"now - kept[0]": STEADY},
    "llm/transport.py": {"clock() - began": STEADY, "now - connection.idle_since": STEADY},
    "search/meaning/installation.py": {"loop.time() - moved_at": STEADY},
    "search/store/evidence.py": {"start <= said_at <= end": ORDER},
    "search/store/languages.py": {"steady_seconds() - self._looked_at": STEADY},
    "search/in_conversation.py": {"since <= place[1] < end": LIST_LIMIT},
    "other_servers.py": {"now - self._known_at": STEADY, "until > now": STEADY},
    "storage/credential_rows.py": {"last < moment": ORDER, "last > latest": CLAMPED},
    "storage/server_rows.py": {
        "_s.seen_at < _CLOCK - FORGOTTEN_SECONDS": CLAMPED,
        "_s.seen_at > _CLOCK - SEEN_SECONDS": LIST_LIMIT,
    },
    "storage/sqlite/files.py": {"now < self._next_look": STEADY},
    "suggestions/store/proposals.py": {"_s.created_at > last[0]": ORDER},
}

NAMED = re.compile(
    r"(_at|_since|^since|until|moment|oldest|latest|expires|lease|now|deadline|begun|began|mtime"
    r"|_seconds|judges_from|epoch_of|fromisoformat)$"
)
"""How whatever holds a moment is named."""

COUNTED = {"MODE_COOLDOWN_SECONDS", "database_seconds", "wall_seconds", "steady_seconds"}
"""Of the names that end in `_seconds`, those that are, or are set against, a moment."""

READS_CLOCK = re.compile(
    r"\b(time\.time|time_ns|datetime\.now|datetime\.today|datetime\.utcnow|date\.today|"
    r"utcfromtimestamp|total_seconds|timedelta|localtime|gmtime)\b"
)
MAY_READ_CLOCK = {
    "clock.py": "the only one that reads it",
    "search/store/asking.py": "counts days of the calendar, which are marks in an index",
}

PAGE_READS_CLOCK = re.compile(r"Date\.now\(|Date\.parse\(|\.getTime\(|\.valueOf\(")
PAGE_MAY = {
    "monotonic.js": "clamps it at first sight; counts on with the steady clock",
    "identity.js": "an id holds its moment; nothing is counted from it",
    "components/archive/archive_preview.js": "asks whether it is a moment at all",
    "components/talk/go_to_date.js": "asks whether it is a day at all",
    "components/workspace/table_log.js": "order: which line comes first",
    "models/play_days.js": "days of the calendar, for their words",
    "models/printable.js": "order: which line comes first",
}


def _name(node: ast.AST) -> str:
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case ast.Subscript(value=inner) | ast.Call(func=inner):
            return _name(inner)
    return ""


def _operands(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Compare):
        ordering = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
        return [node.left, *node.comparators] if isinstance(node.ops[0], ordering) else []
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        return [node.left, node.right]
    if isinstance(node, ast.Call) and _name(node) in ("min", "max"):
        first = node.args[0] if node.args else None
        return [first.elt] if isinstance(first, ast.GeneratorExp) else list(node.args)
    return []


def _is_moment(node: ast.expr) -> bool:
    name = _name(node)
    if name.endswith("_seconds") or name.endswith("_SECONDS"):
        return name in COUNTED
    return NAMED.search(name) is not None


def list_places() -> Iterator[tuple[str, int, str]]:
    """File, line and source of everything that looks like moments set against each other."""
    for module in list_modules():
        file = module.path.relative_to(PACKAGE).as_posix()
        if "migrations/" in file:
            continue
        for node in ast.walk(module.tree):
            if any(map(_is_moment, _operands(node))):
                assert isinstance(node, ast.expr)
                yield file, node.lineno, ast.unparse(node)


def test_every_place_that_sets_moments_against_each_other_has_a_rule() -> None:
    found = list(list_places())
    new = [
        f"{file}:{line}: {text}" for file, line, text in found if text not in RULES.get(file, {})
    ]
    assert not new, (
        "A clock can be set at any time. Count with clock.elapsed_seconds or on the steady clock, "
        "or say in this test which rule holds:\n" + "\n".join(new)
    )
    there = {(file, text) for file, _, text in found}
    gone = [(file, text) for file in RULES for text in RULES[file] if (file, text) not in there]
    assert not gone, f"These are not there any more: {gone}"


def test_the_clock_is_read_in_one_module() -> None:
    wrong = [
        f"{file}:{line}"
        for module in list_modules()
        if (file := module.path.relative_to(PACKAGE).as_posix()) not in MAY_READ_CLOCK
        and "migrations/" not in file
        for line, text in enumerate(module.path.read_text(encoding="utf-8").splitlines(), 1)
        if READS_CLOCK.search(text.partition("#")[0])
    ]
    assert not wrong, "Read the clock through clock.py, which tests can set:\n" + "\n".join(wrong)


def test_the_page_counts_on_its_steady_clock() -> None:
    app = PACKAGE / "web" / "app"
    found = {
        path.relative_to(app).as_posix()
        for path in app.rglob("*.js")
        if PAGE_READS_CLOCK.search(path.read_text(encoding="utf-8"))
    }
    assert found - PAGE_MAY.keys() == set(), (
        "Count with monotonicNow() and ageOf() of monotonic.js."
    )
    assert PAGE_MAY.keys() - found == set(), "These do not read the clock any more."
