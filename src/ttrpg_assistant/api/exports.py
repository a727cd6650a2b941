"""Campaigns as files for other programs and for people, over HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from fastapi import Query, Response

from ttrpg_assistant.api.bodies import PROBLEMS, PathId
from ttrpg_assistant.api.downloads import send_and_delete
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.archives.arriving import ArrivingFiles
from ttrpg_assistant.exports.card_fields import Spec
from ttrpg_assistant.exports.cards import Cards, Container
from ttrpg_assistant.exports.exports import Exported, Exports
from ttrpg_assistant.exports.lorebooks import LorebookSpec
from ttrpg_assistant.exports.model import Edition


def export_routes(exports: Exports, cards: Cards, arriving: ArrivingFiles) -> Routes:
    """Every operation that exports."""
    routes = Routes(tags=["files"], responses=dict(PROBLEMS))

    @routes.get("/api/campaigns/{campaign_id}/export", operation_id="export_campaign")
    async def export_campaign(
        campaign_id: PathId,
        spelled: Annotated[str, Query(alias="format", max_length=40)],
        edition: Edition | None = None,
    ) -> Response:
        """A campaign in the format of another program, or as a book."""
        target = arriving.new_file(".export")
        try:
            made = await exports.write(campaign_id, spelled, target, edition)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        return _send(target, made)

    @routes.get("/api/npcs/{npc_id}/card", operation_id="export_card")
    async def export_card(
        npc_id: PathId,
        spelled: Annotated[Spec, Query(alias="format")] = "v3",
        container: Container = "png",
        spelled_as: Annotated[Literal["edited", "received"], Query(alias="as")] = "edited",
        secrets: bool = False,
    ) -> Response:
        """An NPC as a character card."""
        target = arriving.new_file(".card")
        try:
            if spelled_as == "received":
                made = await cards.write_received(npc_id, target)
            else:
                made = await cards.write_card(
                    npc_id, target, spec=spelled, container=container, with_secrets=secrets
                )
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        return _send(target, made)

    @routes.get("/api/campaigns/{campaign_id}/lorebook", operation_id="export_lorebook")
    async def export_lorebook(
        campaign_id: PathId,
        spelled: Annotated[LorebookSpec, Query(alias="format")] = "v3",
        secrets: bool = False,
    ) -> Response:
        """What a campaign is made of, as a lorebook."""
        target = arriving.new_file(".lorebook")
        try:
            made = await cards.write_lorebook(
                campaign_id, target, spec=spelled, with_secrets=secrets
            )
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        return _send(target, made)

    return routes


def _send(target: Path, made: Exported) -> Response:
    return send_and_delete(target, made.title, made.ending, made.media_type)
