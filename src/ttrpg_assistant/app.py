"""The composition root: services → routes → one ASGI application, and its life.

Collaborators are made in `services.py` and handed to the routes here; nothing is looked
up. These two modules are the only ones that may import every room.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import structlog
from fastapi import FastAPI
from sqlalchemy import Connection
from starlette.middleware import Middleware

from ttrpg_assistant import __version__
from ttrpg_assistant.api import declared_kinds
from ttrpg_assistant.api.access import Access, access_routes
from ttrpg_assistant.api.archives import archive_routes
from ttrpg_assistant.api.ask import ask_routes
from ttrpg_assistant.api.backups import backup_routes
from ttrpg_assistant.api.bulk_edits import bulk_edit_routes
from ttrpg_assistant.api.campaigns import campaign_routes
from ttrpg_assistant.api.chat_sessions import chat_session_routes
from ttrpg_assistant.api.continuity import continuity_routes
from ttrpg_assistant.api.conversations import conversation_routes
from ttrpg_assistant.api.dice import dice_routes
from ttrpg_assistant.api.door_access import TOKEN, DoorAccess
from ttrpg_assistant.api.errors import install_errors
from ttrpg_assistant.api.game_sessions import game_session_routes, table_log_routes
from ttrpg_assistant.api.health import health_routes
from ttrpg_assistant.api.kind_routes import kind_routes
from ttrpg_assistant.api.known_facts import known_fact_routes
from ttrpg_assistant.api.late_routes import Application, LateGroup, Routes, add_routes
from ttrpg_assistant.api.meaning import meaning_routes
from ttrpg_assistant.api.metrics import Metrics, metrics_routes
from ttrpg_assistant.api.models import model_routes
from ttrpg_assistant.api.npc_conversations import npc_conversation_routes
from ttrpg_assistant.api.npcs import npc_routes
from ttrpg_assistant.api.outside_proposals import outside_proposal_routes
from ttrpg_assistant.api.own_addresses import list_own_addresses
from ttrpg_assistant.api.page import (
    PAGE_FOLDERS,
    WEB,
    PageFiles,
    made_module_routes,
    page_routes,
)
from ttrpg_assistant.api.page_edition import PageEditions
from ttrpg_assistant.api.persistence import persistence_routes
from ttrpg_assistant.api.pictures import picture_routes
from ttrpg_assistant.api.random_tables import random_table_routes
from ttrpg_assistant.api.recaps import recap_routes
from ttrpg_assistant.api.reference import reference_routes
from ttrpg_assistant.api.rehearsal import rehearsal_routes
from ttrpg_assistant.api.relations import relation_routes
from ttrpg_assistant.api.replies import reply_routes
from ttrpg_assistant.api.scenes import scene_routes
from ttrpg_assistant.api.search import search_routes
from ttrpg_assistant.api.security import Guarded, content_security_policy
from ttrpg_assistant.api.spending import spending_routes
from ttrpg_assistant.api.streams import stream_routes
from ttrpg_assistant.api.suggestions import StoredProposals, suggestion_routes
from ttrpg_assistant.api.summaries import summary_routes
from ttrpg_assistant.api.things import thing_routes
from ttrpg_assistant.api.threads import thread_routes
from ttrpg_assistant.api.tokens import token_routes
from ttrpg_assistant.api.transcript_reviews import transcript_review_routes
from ttrpg_assistant.api.transcripts import transcript_routes
from ttrpg_assistant.api.unsaved import unsaved_routes
from ttrpg_assistant.api.vaults import vault_routes
from ttrpg_assistant.api.voices import voice_routes
from ttrpg_assistant.api.watching import Watched
from ttrpg_assistant.api.wizards import wizard_routes
from ttrpg_assistant.builtin import offline
from ttrpg_assistant.conversations.recovery import LeaseClock, recover_orphans
from ttrpg_assistant.conversations.store import leases
from ttrpg_assistant.errors import PersistenceUnavailable
from ttrpg_assistant.late_groups import LateGroups
from ttrpg_assistant.llm.ports import Provider
from ttrpg_assistant.llm.types import BUILT_IN
from ttrpg_assistant.prompts import guard
from ttrpg_assistant.services import Services, build_services
from ttrpg_assistant.settings import Settings, list_peer_names
from ttrpg_assistant.storage.health import PersistenceHealth

log = structlog.get_logger(__name__)

HEARTBEAT_SECONDS = 5.0
"""How often a server that shares its database says that its turns are alive."""

PREPARE_SECONDS = 2.0
"""The first page has been served by then."""


def create_app(settings: Settings, *, extra_providers: Sequence[Provider] = ()) -> FastAPI:
    """The application. `settings.port` is the port it will be reached at.

    `extra_providers` join the known ones under their own names: the scripted model of tests
    and demonstrations.
    """
    services = build_services(settings, extra_providers)
    access = Access(settings.token, services.credentials)
    late = LateGroups(services, __version__, TOKEN)
    editions = PageEditions(WEB, {declared_kinds.MODULE: declared_kinds.spell_module()})
    metrics = Metrics(__version__) if settings.metrics_token else None
    app = Application(
        title="TTRPG Assistant",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan(services, late),
        middleware=[
            Middleware(Watched, takes_ids=bool(settings.trusted_proxies), meter=metrics),
            Middleware(
                Guarded,
                access=access,
                doors=DoorAccess(services.tokens, settings.allowed_origins),
                addresses=list_own_addresses(
                    settings.host,
                    settings.port,
                    (*settings.allowed_hosts, *list_peer_names(settings)),
                    settings.public_url,
                ),
                policy=content_security_policy(editions.script_hashes()),
                others=services.others,
            ),
        ],
    )
    app.state.services = services
    app.state.start_codes = access.codes
    app.state.command_key = access.command_key
    app.state.stop_streams = _stopper(services)
    install_errors(app)
    is_file = settings.database_url is None
    arriving = services.arriving
    arriving.sweep()
    proposals = StoredProposals(services.suggestions)
    groups: list[Routes | LateGroup] = [
        stream_routes(
            services.database, services.live, services.changes, proposals, services.others
        ),
        chat_session_routes(services.chats, proposals),
        thread_routes(services.threads, services.questions, proposals),
        npc_conversation_routes(services.npc_conversations, services.npcs.list_every, proposals),
        access_routes(access, services.changes),
        token_routes(services.tokens),
        outside_proposal_routes(services.outside_proposals),
        *late.doors,
        health_routes(services.database, services.background),
        voice_routes(services.voices),
        rehearsal_routes(services.rehearsals, services.npcs, proposals),
        scene_routes(services.scenes, proposals),
        conversation_routes(services.titles),
        summary_routes(services.summaries),
        meaning_routes(services.meaning),
        campaign_routes(services.campaigns, services.sample),
        game_session_routes(services.game_sessions),
        table_log_routes(services.game_sessions),
        recap_routes(services.recaps),
        npc_routes(services.npcs),
        kind_routes(services.locations),
        kind_routes(services.plot_points),
        random_table_routes(services.random_tables),
        thing_routes(services.things),
        bulk_edit_routes(services.bulk_edits),
        relation_routes(services.relations),
        continuity_routes(services.continuity, services.model_looks),
        known_fact_routes(services.known_facts),
        suggestion_routes(services.suggestions),
        wizard_routes(services.wizards),
        reply_routes(
            services.database, services.runner, services.changes, services.removals, proposals
        ),
        search_routes(services.search, services.in_conversation, proposals),
        ask_routes(services.ask, services.answers),
        dice_routes(),
        archive_routes(services.archives, services.talk_files, arriving),
        transcript_routes(services.transcripts, arriving),
        *late.files,
        vault_routes(services.vaults),
        transcript_review_routes(services.transcript_reviews),
        picture_routes(services.pictures, arriving),
        spending_routes(services.spending),
        unsaved_routes(services.answering, services.live),
        model_routes(
            services.models,
            services.choice,
            services.answering,
            services.memory,
            services.set_models,
            services.changes,
        ),
        backup_routes(services.backups),
        persistence_routes(services.database, settings.database_path if is_file else None),
    ]
    if metrics is not None and settings.metrics_token is not None:
        metrics.look_at(
            services.database,
            services.background,
            services.changes,
            services.backups,
            lambda: services.runner.running_count,
        )
        groups.append(metrics_routes(metrics, settings.metrics_token))
    add_routes(app, [*groups, made_module_routes(editions)])
    for folder in PAGE_FOLDERS:
        app.mount(f"/{folder}", PageFiles(directory=WEB / folder, check_dir=False), name=folder)
    add_routes(app, [late.mcp, reference_routes(app), page_routes(editions)])
    return app


def _stopper(services: Services) -> Callable[[], None]:
    def stop_streams() -> None:
        services.changes.close()
        services.runner.begin_closing()

    return stop_streams


def _lifespan(
    services: Services, late: LateGroups
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        database = services.database
        await database.open()
        database.health.subscribe(lambda health: _tell_health(services, health))
        alone = database.engine_name == "sqlite"
        # Before the recovery: it starts the questions that still wait for their answers.
        await services.memory.load()
        await services.set_models.load()
        await services.choice.load()
        await services.credentials.load()
        if services.shared_changes is not None:
            await services.shared_changes.begin()
        if services.others is not None:
            await services.others.join()
        await _recover(services, only_expired=not alone)
        _start_background(services, app, shared=not alone)
        try:
            yield
        finally:
            services.changes.close()
            await late.close()
            await services.runner.close()
            await services.imports.close()
            await services.vaults.close()
            await services.continuity.close()
            await services.meaning.close()
            await services.background.close()
            await services.backups.close()
            await services.credentials.close()
            await services.models.aclose()
            if services.others is not None:
                await services.others.leave()
            await database.close()

    return lifespan


async def _read_what_was_missed(services: Services) -> None:
    """Read the answers that a dead server had stored, but not yet read for proposals."""
    try:
        await services.reader.catch_up()
    except PersistenceUnavailable as fault:
        log.warning("reading.postponed", code=fault.code)


async def _prepare_answers(services: Services) -> None:
    """After the first page, and before the first message: build what guards talk as an NPC, and
    import what the built-in model can say where it is the one that answers."""
    await asyncio.sleep(PREPARE_SECONDS)
    await asyncio.to_thread(guard.prepare)
    if services.choice.current == BUILT_IN:
        await asyncio.to_thread(offline.prepare)


async def _sweep_imports(services: Services) -> None:
    """Remove transcripts and archives that a dead server had half imported."""
    try:
        await services.transcripts.sweep()
        await services.archives.sweep()
    except PersistenceUnavailable as fault:
        log.warning("sweeping.postponed", code=fault.code)


def _start_background(services: Services, app: FastAPI, *, shared: bool) -> None:
    """Start what runs beside the server; `shared`: other servers use the same database."""
    start = services.background.start
    start("reading of missed replies", lambda: _read_what_was_missed(services))
    start("credentials", services.credentials.keep)
    start("tokens", services.tokens.keep)
    start("indexing", services.indexing.run)
    start("summaries", services.summary_maker.run)
    start("titles", services.titles.run)
    start("meaning", services.meaning.run)
    start("reading of transcripts", services.review_runner.run)
    start("looks through campaigns", services.look_runner.run)
    start("removal of half imports", lambda: _sweep_imports(services))
    start("removal of old pictures", services.pictures.keep_clean)
    start("removal of old imports", services.old_imports.keep_clean)
    start("linked folders", services.vault_watcher.run)
    start("daily backup", services.backups.run)
    start("preparation of answers", lambda: _prepare_answers(services))
    if shared:
        start("heartbeat", lambda: _beat(services))
    if services.shared_changes is not None:
        start("watching of other servers", services.shared_changes.watch)
        start("removal of old hints", services.shared_changes.clean)
        start("models of other servers", services.shared_models.run)


def _tell_health(services: Services, health: PersistenceHealth) -> None:
    services.changes.announce_here(
        "persistence", {"state": health.state, "sentence": health.sentence}
    )


async def _recover(services: Services, *, only_expired: bool) -> None:
    """End what a dead server left unfinished; a database that cannot be written can wait."""
    try:
        touched = await services.changes.write(
            services.database,
            lambda tx: recover_orphans(tx, services.owner, only_expired=only_expired),
            lambda touched: [("conversation", {"id": id}) for id in dict.fromkeys(touched)],
        )
    except PersistenceUnavailable as fault:
        log.warning("recovery.postponed", code=fault.code)
        return
    for conversation_id in dict.fromkeys(touched):
        await services.runner.resume_queue(conversation_id)


async def _beat(services: Services) -> None:
    """Say that this server's turns live, and take care of those of servers that died."""
    clock = LeaseClock()

    def renew(tx: Connection) -> float:
        if services.others is not None:
            services.others.note_alive(tx)
        leases.renew_leases(tx, services.owner)
        return leases.read_database_clock(tx)

    while True:
        await asyncio.sleep(HEARTBEAT_SECONDS)
        try:
            database_seconds = await services.database.write(renew)
        except PersistenceUnavailable as fault:
            log.warning("heartbeat.missed", code=fault.code)
            continue
        if clock.can_judge(database_seconds):
            await _recover(services, only_expired=True)
