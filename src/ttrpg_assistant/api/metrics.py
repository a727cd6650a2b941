"""`/metrics`: how the server is, in Prometheus' text format, for who shows the token set for it.

Numbers and names of routes and tasks, never what anybody said, an id or an address.
"""

from __future__ import annotations

import hmac
import importlib.util
from collections.abc import Callable, Iterator
from typing import Any

from fastapi import Request, Response

from ttrpg_assistant.api.attempts import Attempts
from ttrpg_assistant.api.errors import problem
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.background import BackgroundTasks
from ttrpg_assistant.clock import epoch_of
from ttrpg_assistant.credentials import hash_secret
from ttrpg_assistant.daily_backups import DailyBackups
from ttrpg_assistant.errors import StartupRefused
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage import slow_statements
from ttrpg_assistant.storage.database import Database

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    """What is counted as it happens, and what is looked up when somebody asks."""

    def __init__(self, version: str) -> None:
        """Raises `StartupRefused` when the library for it is not installed."""
        if importlib.util.find_spec("prometheus_client") is None:
            raise StartupRefused(
                "TTRPG_METRICS_TOKEN is set, and what makes metrics is not installed.",
                code="metrics_missing",
                cure="Install ttrpg-assistant[metrics], or leave TTRPG_METRICS_TOKEN out.",
            )
        import prometheus_client as prometheus
        from prometheus_client import core

        self._prometheus = prometheus
        self._core = core
        self._looks: list[Callable[[], Iterator[Any]]] = []
        self.registry = prometheus.CollectorRegistry()
        prometheus.ProcessCollector(registry=self.registry)
        prometheus.PlatformCollector(registry=self.registry)
        prometheus.Info("ttrpg", "This program.", registry=self.registry).info({"version": version})
        self._requests = prometheus.Counter(
            "ttrpg_http_requests",
            "Requests that were answered.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = prometheus.Histogram(
            "ttrpg_http_request_seconds",
            "How long answers took, without streams.",
            ("route",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.registry.register(self)

    def count_request(
        self, method: str, route: str, status: int, seconds: float, *, is_stream: bool
    ) -> None:
        """Count one answer."""
        known = method if method in _METHODS else "other"
        self._requests.labels(known, route, str(status)).inc()
        if not is_stream:
            self._seconds.labels(route).observe(seconds)

    def look_at(
        self,
        database: Database,
        background: BackgroundTasks,
        changes: Changes,
        backups: DailyBackups,
        running_turns: Callable[[], int],
    ) -> None:
        """From now on these are looked at whenever somebody asks."""
        gauge, counter = self._core.GaugeMetricFamily, self._core.CounterMetricFamily

        def look() -> Iterator[Any]:
            saving = database.health.state != "unavailable"
            yield gauge("ttrpg_saving", "1 while what is said is saved.", value=saving)
            yield gauge(
                "ttrpg_pages_open", "Pages that follow changes.", value=changes.follower_count
            )
            yield gauge("ttrpg_answers_running", "Answers being written.", value=running_turns())
            yield counter(
                "ttrpg_slow_statements",
                "Statements that took half a second or more.",
                value=slow_statements.Counted.slow,
            )
            failures = counter(
                "ttrpg_background_failures", "How often a task failed.", labels=["task"]
            )
            for task in background.list_states():
                failures.add_metric([task.name], task.failures)
            yield failures
            found = backups.list_now()
            if found:
                yield gauge(
                    "ttrpg_last_backup_timestamp_seconds",
                    "When the last good backup was made.",
                    value=epoch_of(found[0].made_at),
                )
            failed = backups.failure is not None
            yield gauge("ttrpg_backup_failing", "1 after a backup failed.", value=failed)

        self._looks.append(look)

    def collect(self) -> Iterator[Any]:
        """What is looked up, for the library."""
        for look in self._looks:
            yield from look()

    def spell(self) -> bytes:
        """Everything, in the text format."""
        text: bytes = self._prometheus.generate_latest(self.registry)
        return text


def metrics_routes(metrics: Metrics, token: str) -> Routes:
    """The one page for programs that watch."""
    routes = Routes()
    attempts = Attempts()

    @routes.get("/metrics", include_in_schema=False)
    def get_metrics(request: Request) -> Response:
        scheme, _, shown = request.headers.get("authorization", "").partition(" ")
        shown = shown.strip() if scheme.lower() == "bearer" else ""
        address = request.client.host if request.client else ""
        if hmac.compare_digest(shown.encode("utf-8", "replace"), token.encode()):
            return Response(metrics.spell(), media_type="text/plain; version=0.0.4; charset=utf-8")
        attempts.check_pause(address)
        if shown:
            attempts.note_wrong(address, hash_secret(shown))
        answer = problem(
            401,
            "not_let_in",
            "This page wants the token of TTRPG_METRICS_TOKEN.",
            cure="Send it as Authorization: Bearer.",
        )
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer

    return routes
