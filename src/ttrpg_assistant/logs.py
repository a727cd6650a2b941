"""Logs: one line an event to stderr, as text or JSON, with nothing secret in it.

Two things never get into a log. *Secrets*: known ones are told to `hide_in_logs`,
unknown ones are recognised by their field name or their shape. *What is said at the
table*: fields that carry message text are dropped at info level and above. The last
look is at the finished line, so a traceback or a library's own message is covered too.

Library loggers (uvicorn, alembic, …) go through the same door.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterable, MutableMapping
from typing import TYPE_CHECKING, Any, Final, TextIO

from ttrpg_assistant.missing_packages import as_if_missing
from ttrpg_assistant.setting_values import LogFormat

with as_if_missing("rich"):
    # It would colour tracebacks, which these logs never do, for a twelfth of the whole start.
    import structlog

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor, WrappedLogger

HIDDEN: Final = "[hidden]"

_SECRET_FIELDS: Final = re.compile(
    r"(?:^|[_-])(?:key|token|secret|password|credential|authorization|cookie)s?$", re.IGNORECASE
)
_COUNT_FIELDS: Final = frozenset({"context_tokens", "max_tokens"})
"""Sizes in tokens, which are not tokens of access."""

_TALK_FIELDS: Final = frozenset(
    {"content", "text", "prompt", "messages", "system", "body", "personality", "note", "parameters"}
)

_SECRET_SHAPES: Final = (
    re.compile(r"\bsk-[A-Za-z0-9_-]{12,}"),
    re.compile(r"\bAIza[A-Za-z0-9_-]{20,}"),
    re.compile(r"(?i)(?<=\bbearer )[A-Za-z0-9._~+/=-]{6,}"),
    re.compile(r"(?i)(?<=[?&]key=)[^&\s\"'\\]+"),
    re.compile(r"(?i)(?<=[?&]token=)[^&\s\"'\\]+"),
    re.compile(r"(?i)(?<=\bx-api-key[:=] )\S+"),
    re.compile(r"(?<=://)[^\s/:@]+:[^\s/@]+(?=@)"),
)

SHORTEST_SECRET: Final = 6
"""Hiding every occurrence of a shorter text would spoil ordinary words and protect nothing."""

_known_secrets: set[str] = set()


def hide_in_logs(secrets: Iterable[str]) -> None:
    """From now on these texts are replaced wherever they would appear in a log.

    Called with the launch token and the keys at the start, and with each key entered
    on the settings page later.
    """
    for secret in secrets:
        if len(secret) >= SHORTEST_SECRET:
            _known_secrets.update({secret, json.dumps(secret)[1:-1], repr(secret)[1:-1]})


def hide_secrets(line: str) -> str:
    """The line without any known secret and without anything that looks like one."""
    for secret in sorted(_known_secrets, key=len, reverse=True):
        line = line.replace(secret, HIDDEN)
    for shape in _SECRET_SHAPES:
        line = shape.sub(HIDDEN, line)
    return line


def set_up_logs(
    log_format: LogFormat, *, secrets: Iterable[str] = (), stream: TextIO | None = None
) -> None:
    """Send every log of this process to stderr (or `stream`), in the one format."""
    hide_in_logs(secrets)
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        _drop_talk,
        _hide_secret_fields,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=False,
    )
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0, timestamp_key="at")
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                renderer,
                _hide_in_line,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    # These announce every request, statement or step at info level, with addresses in them.
    for chatty in ("httpx2", "httpcore2", "alembic", "uvicorn", "sqlalchemy.engine"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _drop_talk(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """What people and models say is not for logs; only its length is kept."""
    if method == "debug":
        return event
    for name in _TALK_FIELDS & event.keys():
        value = event.pop(name)
        if isinstance(value, str):
            event[f"{name}_characters"] = len(value)
    return event


def _hide_secret_fields(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    return _without_secret_fields(event)


def _without_secret_fields(fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in fields.items():
        if isinstance(value, MutableMapping):
            fields[name] = _without_secret_fields(dict(value))
        elif name not in _COUNT_FIELDS and _SECRET_FIELDS.search(name) and isinstance(value, str):
            fields[name] = HIDDEN
    return fields


def _hide_in_line(logger: WrappedLogger, method: str, line: EventDict) -> Any:
    # By the time this runs the renderer has made one text of the event.
    return hide_secrets(str(line))
