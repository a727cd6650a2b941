"""Everything that can be read about a campaign, found in the description of the API."""

from __future__ import annotations

import json
from typing import Any

from tests.archives.test_campaign_archive import read_all
from tests.running import Running


async def read_everything(
    app: Running, campaign_id: str, paths: list[str], *, unless: str
) -> list[str]:
    """Ask for all that these paths of the API say about a campaign; what could not be read. No
    fault may hold the word `unless`."""
    rows = await read_all(app.services.database, campaign_id)
    ids = {
        "campaign_id": [campaign_id],
        "thread_id": [row["id"] for row in rows["conversations"]],
        "chat_session_id": [row["id"] for row in rows["conversations"]],
        "fact_id": [row["id"] for row in rows["known_facts"]],
        **{
            f"{table.removesuffix('s')}_id": [row["id"] for row in found if "id" in row]
            for table, found in rows.items()
        },
    }
    failed = []
    for path in paths:
        wanted = [part[1:-1] for part in path.split("/") if part.startswith("{")]
        if not all(ids.get(name) for name in wanted):
            continue
        for turn in range(max((len(ids[name]) for name in wanted), default=1)):
            filled = path
            for name in wanted:
                filled = filled.replace(f"{{{name}}}", ids[name][turn % len(ids[name])])
            answer = await app.client.get(filled, params={"campaign_id": campaign_id})
            if answer.status_code >= 500 or (unless and unless in _words_of_fault(answer)):
                failed.append(f"{path} {answer.status_code}")
    return failed


def _words_of_fault(answer: Any) -> str:
    return str(answer.text) if answer.status_code >= 400 else ""


async def list_readable(app: Running) -> list[str]:
    """Every path of the API that answers a question about a campaign or what is in one."""
    paths = (await app.get("/openapi.json"))["paths"]
    return [
        path
        for path, operations in paths.items()
        if "get" in operations
        and not path.endswith(("/stream", "/changes", "/events"))
        and "event-stream" not in json.dumps(operations["get"])
        and path.startswith("/api/")
        and "model" not in path
    ]
