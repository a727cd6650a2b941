"""The state of a synced folder as JSON, for the page and for the command line. Pure."""

from __future__ import annotations

from typing import Any

from ttrpg_assistant.vaults.vaults import VaultStatus


def tell_status(status: VaultStatus) -> dict[str, Any]:
    """The state of a folder as plain JSON."""
    link = status.link
    report = {"state": "new", "questions": [], "faults": [], **link.report}
    state = "paused" if link.state == "paused" else report["state"]
    return {
        "campaign_id": link.campaign_id,
        "folder": link.folder,
        "state": state,
        "is_looking": status.is_looking,
        "synced_at": link.synced_at,
        "looked_at": report.get("looked_at"),
        "sentence": report.get("sentence", ""),
        "cure": report.get("cure", ""),
        "notes": report.get("notes", 0),
        "questions": report["questions"],
        "question_count": report.get("question_count", 0),
        "faults": report["faults"],
        "fault_count": report.get("fault_count", 0),
    }
