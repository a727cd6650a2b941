"""The composition root: settings → database → services → ASGI application.

Collaborators are made here and handed to each other here, and nowhere looked up. This is
the one module that may import every room.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

import structlog
from fastapi import FastAPI
from starlette.middleware import Middleware

from ttrpg_assistant import __version__
from ttrpg_assistant.api.access import Access, access_routes, load_signing_key
from ttrpg_assistant.api.chat_sessions import chat_session_routes
from ttrpg_assistant.api.errors import install_errors
from ttrpg_assistant.api.models import model_routes
from ttrpg_assistant.api.page import PAGE_FOLDERS, WEB, PageFiles, inline_script_hashes, page_routes
from ttrpg_assistant.api.persistence import persistence_routes
from ttrpg_assistant.api.replies import reply_routes
from ttrpg_assistant.api.security import Guarded, allowed_hosts, content_security_policy
from ttrpg_assistant.api.streams import stream_routes
from ttrpg_assistant.campaigns.facts import CampaignFactSource
from ttrpg_assistant.conversations.answering import AnsweringModel
from ttrpg_assistant.conversations.chat_sessions import ChatSessions
from ttrpg_assistant.conversations.context import ConversationContext
from ttrpg_assistant.conversations.recovery import recover_orphans
from ttrpg_assistant.conversations.removals import Removals
from ttrpg_assistant.conversations.store import turns
from ttrpg_assistant.conversations.turns import TurnRunner
from ttrpg_assistant.errors import PersistenceUnavailable
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.live.replies import LiveReplies
from ttrpg_assistant.llm.addresses import ProviderAddresses
from ttrpg_assistant.llm.keys import KeyRing
from ttrpg_assistant.llm.offline import OfflineModel
from ttrpg_assistant.llm.provider import Provider
from ttrpg_assistant.llm.registry import ModelRegistry
from ttrpg_assistant.model_choice import ModelChoice
from ttrpg_assistant.settings import Settings
from ttrpg_assistant.storage.database import Database, create_database
from ttrpg_assistant.storage.health import PersistenceHealth

log = structlog.get_logger(__name__)

HEARTBEAT_SECONDS = 5.0
"""How often a server that shares its database says that its turns are alive."""


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that was put together, for the lifespan and for tests."""

    owner: str
    database: Database
    live: LiveReplies
    changes: Changes
    models: ModelRegistry
    choice: ModelChoice
    runner: TurnRunner
    chats: ChatSessions
    removals: Removals


def build_services(settings: Settings, extra_providers: Sequence[Provider] = ()) -> Services:
    """Make every service. Nothing is opened or read yet."""
    owner = new_id()
    database = create_database(settings.database_url or settings.database_path)
    live, changes = LiveReplies(), Changes()
    models = build_models(settings, extra_providers)
    choice = ModelChoice(database, models, settings.model)
    answering = AnsweringModel(
        models, lambda: choice.current, context_limit=settings.context_tokens
    )
    runner = TurnRunner(
        database,
        live,
        changes,
        answering,
        ConversationContext(database, CampaignFactSource()),
        owner=owner,
    )
    return Services(
        owner=owner,
        database=database,
        live=live,
        changes=changes,
        models=models,
        choice=choice,
        runner=runner,
        chats=ChatSessions(database, runner, changes),
        removals=Removals(database, changes),
    )


def build_models(settings: Settings, extra_providers: Sequence[Provider] = ()) -> ModelRegistry:
    """The models this machine can reach, with their keys and addresses."""
    return ModelRegistry(
        ProviderAddresses(
            anthropic=settings.get_access("anthropic").base_url,
            openai=settings.get_access("openai").base_url,
            google=settings.get_access("google").base_url,
            ollama=settings.get_access("ollama").base_url,
            openai_compatible=settings.get_access("openai-compatible").base_url,
        ),
        KeyRing(
            {name: access.key for name, access in settings.providers.items() if access.key},
            settings.data_dir,
        ),
        OfflineModel(),
        extra_providers,
    )


def create_app(settings: Settings, *, extra_providers: Sequence[Provider] = ()) -> FastAPI:
    """The application. `settings.port` is the port it will be reached at.

    `extra_providers` join the known ones under their own names: the scripted model of tests
    and demonstrations.
    """
    services = build_services(settings, extra_providers)
    access = Access(settings.token, load_signing_key(settings.data_dir))
    app = FastAPI(
        title="TTRPG Assistant",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan(services),
        middleware=[
            Middleware(
                Guarded,
                access=access,
                hosts=allowed_hosts(settings.host, settings.port, settings.allowed_hosts),
                policy=content_security_policy(inline_script_hashes()),
            )
        ],
    )
    app.state.services = services
    app.state.stop_streams = _stopper(services)
    install_errors(app)
    is_file = settings.database_url is None
    for routes in (
        access_routes(access),
        chat_session_routes(services.chats),
        reply_routes(services.database, services.runner, services.changes, services.removals),
        stream_routes(services.database, services.live, services.changes),
        model_routes(services.models, services.choice, services.changes),
        persistence_routes(services.database, settings.database_path if is_file else None),
    ):
        app.include_router(routes)
    for folder in PAGE_FOLDERS:
        app.mount(f"/{folder}", PageFiles(directory=WEB / folder, check_dir=False), name=folder)
    app.include_router(page_routes())
    return app


def _stopper(services: Services) -> Callable[[], None]:
    def stop_streams() -> None:
        services.changes.close()
        services.runner.begin_closing()

    return stop_streams


def _lifespan(services: Services) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        database = services.database
        await database.open()
        database.health.subscribe(lambda health: _tell_health(services, health))
        alone = database.engine_name == "sqlite"
        await _recover(services, only_expired=not alone)
        await services.choice.load()
        heart = None if alone else asyncio.create_task(_beat(services))
        try:
            yield
        finally:
            services.changes.close()
            await services.runner.close()
            if heart is not None:
                heart.cancel()
            await services.models.aclose()
            await database.close()

    return lifespan


def _tell_health(services: Services, health: PersistenceHealth) -> None:
    services.changes.announce("persistence", {"state": health.state, "sentence": health.sentence})


async def _recover(services: Services, *, only_expired: bool) -> None:
    """End what a dead server left unfinished; a database that cannot be written can wait."""
    try:
        touched = await services.database.write(
            lambda tx: recover_orphans(tx, services.owner, only_expired=only_expired)
        )
    except PersistenceUnavailable as fault:
        log.warning("recovery.postponed", code=fault.code)
        return
    for conversation_id in dict.fromkeys(touched):
        services.changes.announce("conversation", {"id": conversation_id})
        await services.runner.resume_queue(conversation_id)


async def _beat(services: Services) -> None:
    """Say that this server's turns live, and take care of those of servers that died."""
    while True:
        await asyncio.sleep(HEARTBEAT_SECONDS)
        try:
            await services.database.write(lambda tx: turns.renew_leases(tx, services.owner))
        except PersistenceUnavailable as fault:
            log.warning("heartbeat.missed", code=fault.code)
            continue
        await _recover(services, only_expired=True)
