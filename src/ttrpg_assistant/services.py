"""Every service, made once and handed its collaborators. Nothing is opened or read here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ttrpg_assistant.archives.arriving import ArrivingFiles
from ttrpg_assistant.archives.campaign_archive import CampaignArchives
from ttrpg_assistant.archives.imports import Imports
from ttrpg_assistant.archives.talk_files import TalkFiles
from ttrpg_assistant.archives.transcripts import Transcripts
from ttrpg_assistant.background import BackgroundTasks
from ttrpg_assistant.builtin.offline import OfflineModel
from ttrpg_assistant.campaigns.asked_rolls import TableRoller
from ttrpg_assistant.campaigns.bulk_edits import BulkEdits
from ttrpg_assistant.campaigns.campaigns import Campaigns
from ttrpg_assistant.campaigns.cast import CampaignCast
from ttrpg_assistant.campaigns.evenings import CampaignEvenings
from ttrpg_assistant.campaigns.facts import CampaignFactSource
from ttrpg_assistant.campaigns.game_sessions import GameSessions
from ttrpg_assistant.campaigns.known_facts import KnownFacts
from ttrpg_assistant.campaigns.locations import Locations
from ttrpg_assistant.campaigns.name_indexes import NameIndexes
from ttrpg_assistant.campaigns.npcs import Npcs, get_campaign_id
from ttrpg_assistant.campaigns.plot_points import PlotPoints
from ttrpg_assistant.campaigns.random_tables import RandomTables
from ttrpg_assistant.campaigns.relations import Relations
from ttrpg_assistant.campaigns.restoring import RESTORERS
from ttrpg_assistant.campaigns.sample.load import SampleCampaign
from ttrpg_assistant.campaigns.things import Things
from ttrpg_assistant.continuity.continuity import Continuity
from ttrpg_assistant.continuity.look_runner import LookRunner
from ttrpg_assistant.continuity.model_looks import ModelLooks
from ttrpg_assistant.conversations.answering import AnsweringModel
from ttrpg_assistant.conversations.chat_sessions import ChatSessions
from ttrpg_assistant.conversations.context import ConversationContext
from ttrpg_assistant.conversations.npc.rehearsal import Rehearsals
from ttrpg_assistant.conversations.npc.scenes import Scenes
from ttrpg_assistant.conversations.npc_conversations import NpcConversations
from ttrpg_assistant.conversations.questions import ClarifyingQuestions
from ttrpg_assistant.conversations.recaps import Recaps
from ttrpg_assistant.conversations.removals import Removals, Restore
from ttrpg_assistant.conversations.spending import AskedBeside, Spending
from ttrpg_assistant.conversations.store.removals import add_removal
from ttrpg_assistant.conversations.summaries.making import SummaryMaker
from ttrpg_assistant.conversations.summaries.summaries import Summaries
from ttrpg_assistant.conversations.threads import Threads
from ttrpg_assistant.conversations.titles import Titles
from ttrpg_assistant.conversations.turns import TurnRunner
from ttrpg_assistant.conversations.voices import Voices, restore_voice
from ttrpg_assistant.credentials import Credentials
from ttrpg_assistant.daily_backups import DailyBackups
from ttrpg_assistant.doors.proposals import OutsideProposals
from ttrpg_assistant.doors.tokens import Tokens
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.imports.kept_files import KeptFiles
from ttrpg_assistant.imports.old_imports import OldImports
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.live.replies import LiveReplies
from ttrpg_assistant.live.shared_changes import SharedChanges
from ttrpg_assistant.llm.addresses import ProviderAddresses
from ttrpg_assistant.llm.keys import KeyRing
from ttrpg_assistant.llm.network import make_network
from ttrpg_assistant.llm.ports import ModelMemory, Provider
from ttrpg_assistant.llm.registry import ModelRegistry
from ttrpg_assistant.logs import hide_in_logs
from ttrpg_assistant.model_choice import ModelChoice
from ttrpg_assistant.model_memory import SetModels, StoredMemory
from ttrpg_assistant.other_servers import OtherServers
from ttrpg_assistant.pictures.pictures import REMOVED, Pictures
from ttrpg_assistant.pictures.reading import PictureReader
from ttrpg_assistant.prompts.guard import check_input
from ttrpg_assistant.reviews.reviews import TranscriptReviews
from ttrpg_assistant.reviews.runner import ReviewRunner
from ttrpg_assistant.sample_talk import (
    add_sample_talk,
    hide_sample_talk,
    with_sample_talk,
)
from ttrpg_assistant.search.answers import CampaignAnswers
from ttrpg_assistant.search.ask import AskCampaign
from ttrpg_assistant.search.facts import find_facts
from ttrpg_assistant.search.in_conversation import InConversation
from ttrpg_assistant.search.indexing import Indexing
from ttrpg_assistant.search.meaning.installation import Installation
from ttrpg_assistant.search.meaning.meaning import Meaning
from ttrpg_assistant.search.recall import TalkRecall
from ttrpg_assistant.search.search import Search
from ttrpg_assistant.settings import Settings, find_peer_url
from ttrpg_assistant.shared_models import SharedModels
from ttrpg_assistant.storage.content_files import FOLDER, IMPORTED, ContentFiles
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.storage.engines import create_database
from ttrpg_assistant.suggestions.growing import GrowingReply
from ttrpg_assistant.suggestions.reader import SuggestionReader
from ttrpg_assistant.suggestions.service import Suggestions
from ttrpg_assistant.suggestions.wizard import WizardForms, Wizards
from ttrpg_assistant.vaults.vaults import Vaults
from ttrpg_assistant.vaults.watching import VaultWatcher

if TYPE_CHECKING:
    from ttrpg_assistant.doors.keeping import KeptTalk
    from ttrpg_assistant.doors.talking import OutsideTalk
    from ttrpg_assistant.exports.cards import Cards
    from ttrpg_assistant.exports.exports import Exports
    from ttrpg_assistant.imports.file_imports import FileImports


@dataclass(frozen=True)
class Services:
    """What the routes and the application's life are made of. What only files and programs of
    others need is imported and made when it is first asked for."""

    owner: str
    reader: SuggestionReader
    database: Database
    background: BackgroundTasks
    credentials: Credentials
    tokens: Tokens
    outside_proposals: OutsideProposals
    backups: DailyBackups
    live: LiveReplies
    changes: Changes
    shared_changes: SharedChanges | None
    others: OtherServers | None
    models: ModelRegistry
    choice: ModelChoice
    memory: StoredMemory
    set_models: SetModels
    shared_models: SharedModels
    answering: AnsweringModel
    runner: TurnRunner
    chats: ChatSessions
    threads: Threads
    questions: ClarifyingQuestions
    voices: Voices
    npc_conversations: NpcConversations
    summary_maker: SummaryMaker
    summaries: Summaries
    titles: Titles
    rehearsals: Rehearsals
    scenes: Scenes
    removals: Removals
    spending: Spending
    campaigns: Campaigns
    game_sessions: GameSessions
    recaps: Recaps
    npcs: Npcs
    locations: Locations
    plot_points: PlotPoints
    things: Things
    bulk_edits: BulkEdits
    random_tables: RandomTables
    relations: Relations
    continuity: Continuity
    look_runner: LookRunner
    model_looks: ModelLooks
    known_facts: KnownFacts
    pictures: Pictures
    suggestions: Suggestions
    wizards: Wizards
    sample: SampleCampaign
    indexing: Indexing
    meaning: Meaning
    search: Search
    ask: AskCampaign
    answers: CampaignAnswers
    in_conversation: InConversation
    imports: Imports
    archives: CampaignArchives
    talk_files: TalkFiles
    transcripts: Transcripts
    arriving: ArrivingFiles
    kept_files: KeptFiles
    facts: CampaignFactSource
    review_runner: ReviewRunner
    transcript_reviews: TranscriptReviews
    vaults: Vaults
    vault_watcher: VaultWatcher

    @cached_property
    def file_imports(self) -> FileImports:
        """Files of other programs on their way in."""
        from ttrpg_assistant.imports.file_imports import FileImports

        return FileImports(
            self.database,
            self.changes,
            self.imports,
            self.kept_files,
            self.arriving,
            self.pictures,
            self.transcripts,
            self.archives,
        )

    @cached_property
    def old_imports(self) -> OldImports:
        """What is left of them."""
        return OldImports(self.database, self.imports, self.kept_files, lambda: self.file_imports)

    @cached_property
    def exports(self) -> Exports:
        """Campaigns on their way out."""
        from ttrpg_assistant.exports.exports import Exports

        return Exports(self.database, self.archives, self.pictures)

    @cached_property
    def cards(self) -> Cards:
        """Character cards and lorebooks."""
        from ttrpg_assistant.exports.cards import Cards

        return Cards(self.database, self.pictures, self.kept_files)

    @cached_property
    def outside_talk(self) -> OutsideTalk:
        """Answers for other programs."""
        from ttrpg_assistant.doors.talking import OutsideTalk

        return OutsideTalk(self.database, self.answering, self.facts)

    @cached_property
    def kept_talk(self) -> KeptTalk:
        """What of these is kept."""
        from ttrpg_assistant.doors.keeping import KeptTalk

        return KeptTalk(self.database, self.npc_conversations, self.threads)


def build_services(settings: Settings, extra_providers: Sequence[Provider] = ()) -> Services:
    """Make every service. `extra_providers` join the known ones under their own names."""
    owner = new_id()
    database = create_database(settings.database_url or settings.database_path)
    is_shared = database.engine_name != "sqlite"
    live, changes = LiveReplies(GrowingReply), Changes(owner if is_shared else None)
    memory, set_models = StoredMemory(database, changes), SetModels(database, changes)
    models = build_models(settings, extra_providers, memory)
    choice = ModelChoice(database, models, settings.model, changes)
    answering = AnsweringModel(
        models,
        lambda: choice.current,
        find_settings=set_models.find,
        context_tokens=settings.context_tokens,
        answer_tokens=settings.answer_tokens,
        note_usage=AskedBeside(database).note,
    )
    names = NameIndexes()
    facts, cast, forms = CampaignFactSource(find_facts, names), CampaignCast(names), WizardForms()
    reader = SuggestionReader(database, changes)
    installation = Installation(settings.data_dir)
    meaning = Meaning(database, changes, installation=installation)
    recall = TalkRecall(meaning)
    context = ConversationContext(database, facts, cast, recall, forms, TableRoller())
    runner = TurnRunner(
        database, live, changes, answering, context, owner=owner, reply_reader=reader
    )
    others = OtherServers(database, owner, find_peer_url(settings)) if is_shared else None
    if others is not None:
        runner.stop_elsewhere = others.stop_reply
    maker = SummaryMaker(database, changes, answering, cast, lambda: runner.running_count > 0)
    npc_talk = NpcConversations(database, runner, changes, check_input, get_campaign_id)
    campaigns = Campaigns(database, changes, add_removal)
    threads = Threads(database, runner, changes, reader)
    chats = ChatSessions(database, runner, changes)
    game_sessions = GameSessions(database, changes, add_removal)
    game_sessions.talk = chats
    files = ContentFiles(settings.data_dir / FOLDER)
    pictures = Pictures(database, changes, add_removal, files, PictureReader())
    npcs = Npcs(database, changes, add_removal)
    review_runner = ReviewRunner(database, changes, answering)
    continuity = Continuity(database, changes, names)
    look_runner = LookRunner(database, changes, answering, continuity)
    indexing, imports = Indexing(database, changes), Imports(changes)
    ask = AskCampaign(database, indexing, recall, names)
    arriving = ArrivingFiles(settings.data_dir)
    imported = ContentFiles(settings.data_dir / IMPORTED, "file")
    kept_files = KeptFiles(imported, database)
    archives = CampaignArchives(database, changes, imports, pictures, imported)
    transcripts = Transcripts(database, changes, imports)
    vaults = Vaults(database, changes, owner, settings.data_dir)
    return Services(
        reader=reader,
        owner=owner,
        database=database,
        background=BackgroundTasks(),
        credentials=Credentials(
            database,
            settings.token if settings.token_is_fixed else None,
            shared=is_shared,
        ),
        tokens=Tokens(database, changes),
        outside_proposals=OutsideProposals(database, changes),
        backups=DailyBackups(
            settings.database_url or settings.database_path,
            settings.data_dir,
            settings.backups_path,
            settings.backups_kept,
            changes,
        ),
        live=live,
        changes=changes,
        shared_changes=SharedChanges(database, changes, owner) if is_shared else None,
        others=others,
        models=models,
        choice=choice,
        memory=memory,
        set_models=set_models,
        shared_models=SharedModels(changes, choice, memory, set_models),
        answering=answering,
        runner=runner,
        chats=chats,
        threads=threads,
        questions=ClarifyingQuestions(database, answering, facts, forms),
        voices=Voices(database, changes),
        npc_conversations=npc_talk,
        summary_maker=maker,
        summaries=Summaries(database, changes, maker, cast),
        titles=Titles(database, changes, answering, lambda: runner.running_count > 0),
        rehearsals=Rehearsals(database, npc_talk, answering, facts, reader),
        scenes=Scenes(database, runner, changes, check_input, get_campaign_id, cast),
        removals=Removals(database, changes, _restorers(pictures)),
        spending=Spending(database, answering, context),
        campaigns=campaigns,
        game_sessions=game_sessions,
        recaps=Recaps(database, answering, CampaignEvenings(), cast),
        npcs=npcs,
        locations=Locations(database, changes, add_removal),
        plot_points=PlotPoints(database, changes, add_removal),
        random_tables=RandomTables(database),
        things=Things(database, changes, add_removal, {npcs.kind.name: npcs}),
        bulk_edits=BulkEdits(database, changes),
        relations=Relations(database, changes, add_removal),
        continuity=continuity,
        look_runner=look_runner,
        model_looks=ModelLooks(database, changes, answering, look_runner),
        known_facts=KnownFacts(database, changes, add_removal),
        pictures=pictures,
        suggestions=Suggestions(database, changes),
        wizards=Wizards(database, changes),
        sample=SampleCampaign(database, changes, campaigns, add_sample_talk, hide_sample_talk),
        indexing=indexing,
        meaning=meaning,
        search=Search(database, indexing),
        ask=ask,
        answers=CampaignAnswers(ask, answering),
        in_conversation=InConversation(database, indexing),
        imports=imports,
        archives=archives,
        talk_files=TalkFiles(database),
        transcripts=transcripts,
        arriving=arriving,
        kept_files=kept_files,
        facts=facts,
        review_runner=review_runner,
        transcript_reviews=TranscriptReviews(database, changes, review_runner),
        vaults=vaults,
        vault_watcher=VaultWatcher(vaults, changes),
    )


def _restorers(pictures: Pictures) -> Mapping[str, Restore]:
    """Who brings back each kind of thing that can be removed."""
    return {
        **with_sample_talk(RESTORERS),
        "voice_removed": restore_voice,
        REMOVED: pictures.undo_removal,
    }


def build_models(
    settings: Settings,
    extra_providers: Sequence[Provider] = (),
    memory: ModelMemory | None = None,
) -> ModelRegistry:
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
            hide=hide_in_logs,
        ),
        OfflineModel(),
        extra_providers,
        memory=memory,
        network=make_network(settings.proxy, settings.ca_file, settings.network_variables),
    )
