"""Nothing is left for the first request that others would have to wait for."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest
from fastapi import routing

from tests.running import TOKEN
from ttrpg_assistant import app as application
from ttrpg_assistant.app import create_app
from ttrpg_assistant.settings import Settings


async def test_a_first_stop_finds_its_route_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application, "ROUTES_SECONDS", 0)
    app = create_app(Settings(data_dir=tmp_path, token=TOKEN, token_is_fixed=True, port=8000))
    built: list[object] = []
    build = routing._IncludedRouter._build_effective_context

    def note(self: routing._IncludedRouter, route: object) -> object:
        built.append(route)
        return build(self, route)  # type: ignore[arg-type]

    monkeypatch.setattr(routing._IncludedRouter, "_build_effective_context", note)
    async with app.router.lifespan_context(app):
        await application._prepare_routes(app)
        assert built, "the framework builds its routes in another way now"
        built.clear()
        async with httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=app),
            base_url="http://127.0.0.1:8000",
            headers={"Authorization": f"Bearer {TOKEN}"},
        ) as client:
            assert (await client.post("/api/replies/none/stop")).status_code in (404, 422)
            assert (await client.get("/no-such-page.js")).status_code == 404
        assert built == []
