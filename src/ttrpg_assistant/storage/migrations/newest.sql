-- schema 0041
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE persistence_probe (
	id INTEGER NOT NULL, 
	count INTEGER NOT NULL, 
	CONSTRAINT pk_persistence_probe PRIMARY KEY (id)
);
CREATE TABLE preferences (
	"key" VARCHAR(100) NOT NULL, 
	value JSON NOT NULL, 
	updated_at VARCHAR(27) NOT NULL, 
	CONSTRAINT pk_preferences PRIMARY KEY ("key")
);
CREATE TABLE campaigns (
	id VARCHAR(36) NOT NULL, 
	name TEXT NOT NULL, 
	system TEXT NOT NULL, 
	setting TEXT NOT NULL, 
	description TEXT NOT NULL, 
	world_state JSON NOT NULL, 
	house_rules JSON NOT NULL, 
	gm_notes TEXT NOT NULL, 
	search_names TEXT NOT NULL, 
	names_stamp VARCHAR(36) NOT NULL, 
	revision INTEGER NOT NULL, 
	archived_at VARCHAR(27), 
	removed_at VARCHAR(27), 
	created_at VARCHAR(27) NOT NULL, 
	updated_at VARCHAR(27) NOT NULL, more JSON DEFAULT '{}' NOT NULL, 
	CONSTRAINT pk_campaigns PRIMARY KEY (id)
);
CREATE TABLE entity_edits (
	id VARCHAR(36) NOT NULL, 
	entity_kind VARCHAR(40) NOT NULL, 
	entity_id VARCHAR(36) NOT NULL, 
	revision INTEGER NOT NULL, 
	"before" JSON NOT NULL, 
	at VARCHAR(27) NOT NULL, 
	CONSTRAINT pk_entity_edits PRIMARY KEY (id), 
	CONSTRAINT uq_entity_edits_entity_kind_entity_id_revision UNIQUE (entity_kind, entity_id, revision)
);
CREATE TABLE entity_sources (
	id VARCHAR(36) NOT NULL, 
	entity_kind VARCHAR(40) NOT NULL, 
	entity_id VARCHAR(36) NOT NULL, 
	field VARCHAR(40) NOT NULL, 
	message_id VARCHAR(36), 
	suggestion_id VARCHAR(36), 
	at VARCHAR(27) NOT NULL, 
	CONSTRAINT pk_entity_sources PRIMARY KEY (id)
);
CREATE INDEX ix_entity_sources_entity_kind_entity_id ON entity_sources (entity_kind, entity_id);
CREATE TABLE game_sessions (
	id VARCHAR(36) NOT NULL, 
	campaign_id VARCHAR(36) NOT NULL, 
	session_number INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	status VARCHAR(40) NOT NULL, 
	"plan" TEXT NOT NULL, 
	recap_gm TEXT NOT NULL, 
	recap_players TEXT NOT NULL, 
	started_at VARCHAR(27), 
	ended_at VARCHAR(27), 
	clock_seconds FLOAT NOT NULL, 
	running_since VARCHAR(27), 
	search_names TEXT NOT NULL, 
	revision INTEGER NOT NULL, 
	archived_at VARCHAR(27), 
	removed_at VARCHAR(27), 
	created_at VARCHAR(27) NOT NULL, 
	updated_at VARCHAR(27) NOT NULL, more JSON DEFAULT '{}' NOT NULL, 
	CONSTRAINT pk_game_sessions PRIMARY KEY (id), 
	CONSTRAINT ck_game_sessions_status CHECK (status IN ('planned', 'running', 'ended')), 
	CONSTRAINT fk_game_sessions_campaign_id_campaigns FOREIGN KEY(campaign_id) REFERENCES campaigns (id) ON DELETE CASCADE, 
	CONSTRAINT uq_game_sessions_campaign_id_session_number UNIQUE (campaign_id, session_number)
);
CREATE UNIQUE INDEX ix_game_sessions_one_running ON game_sessions (campaign_id) WHERE status = 'running' AND removed_at IS NULL;
CREATE TABLE locations (
	id VARCHAR(36) NOT NULL, 
	campaign_id VARCHAR(36) NOT NULL, 
	name TEXT NOT NULL, 
	aliases JSON NOT NULL, 
	kind TEXT NOT NULL, 
	description TEXT NOT NULL, 
	features JSON NOT NULL, 
	parent_id VARCHAR(36), 
	is_present BOOLEAN NOT NULL, 
	secrets JSON NOT NULL, 
	gm_notes TEXT NOT NULL, 
	last_used_at VARCHAR(27) NOT NULL, 
	search_names TEXT NOT NULL, 
	revision INTEGER NOT NULL, 
	archived_at VARCHAR(27), 
	removed_at VARCHAR(27), 
	created_at VARCHAR(27) NOT NULL, 
	updated_at VARCHAR(27) NOT NULL, tags JSON DEFAULT '[]' NOT NULL, more JSON DEFAULT '{}' NOT NULL, canon VARCHAR(40) DEFAULT 'happened' NOT NULL, game_session_id VARCHAR(36), source_message_id VARCHAR(36), audience VARCHAR(40) DEFAULT 'name' NOT NULL CONSTRAINT ck_locations_audience CHECK (audience IN ('gm', 'name', 'party', 'some', 'public')), known_to JSON DEFAULT '[]' NOT NULL, 
	CONSTRAINT pk_locations PRIMARY KEY (id), 
	CONSTRAINT fk_locations_campaign_id_campaigns FOREIGN KEY(campaign_id) REFERENCES campaigns (id) ON DELETE CASCADE, 
	CONSTRAINT fk_locations_parent_id_locations FOREIGN KEY(parent_id) REFERENCES locations (id) ON DELETE SET NULL
);
CREATE INDEX ix_locations_campaign_id_is_present_last_used_at_id ON locations (campaign_id, is_present, last_used_at, id);
CREATE INDEX ix_locations_campaign_id_last_used_at_id ON locations (campaign_id, last_used_at, id);
CREATE INDEX ix_locations_parent_id ON locations (parent_id);
CREATE TABLE npcs (
	id VARCHAR(36) NOT NULL, 
	campaign_id VARCHAR(36) NOT NULL, 
	name TEXT NOT NULL, 
	aliases JSON NOT NULL, 
	role TEXT NOT NULL, 
	background TEXT NOT NULL, 
	personality TEXT NOT NULL, 
	appearance TEXT NOT NULL, 
	speaking_style TEXT NOT NULL, 
	sample_lines JSON NOT NULL, 
	mannerisms JSON NOT NULL, 
	never_says JSON NOT NULL, 
	voice_card JSON NOT NULL, 
	motivations TEXT NOT NULL, 
	connections JSON NOT NULL, 
	location_id VARCHAR(36), 
	status TEXT NOT NULL, 
	is_present BOOLEAN NOT NULL, 
	groups JSON NOT NULL, 
	group_keys TEXT NOT NULL, 
	secrets JSON NOT NULL, 
	gm_notes TEXT NOT NULL, 
	last_used_at VARCHAR(27) NOT NULL, 
	search_names TEXT NOT NULL, 
	revision INTEGER NOT NULL, 
	archived_at VARCHAR(27), 
	removed_at VARCHAR(27), 
	created_at VARCHAR(27) NOT NULL, 
	updated_at VARCHAR(27) NOT NULL, tags JSON DEFAULT '[]' NOT NULL, more JSON DEFAULT '{}' NOT NULL, canon VARCHAR(40) DEFAULT 'happened' NOT NULL, game_session_id VARCHAR(36), source_message_id VARCHAR(36), audience VARCHAR(40) DEFAULT 'name' NOT NULL CONSTRAINT ck_npcs_audience CHECK (audience IN ('gm', 'name', 'party', 'some', 'public')), known_to JSON DEFAULT '[]' NOT NULL, 
	CONSTRAINT pk_npcs PRIMARY KEY (id), 
	CONSTRAINT fk_npcs_campaign_id_campaigns FOREIGN KEY(campaign_id) REFERENCES campaigns (id) ON DELETE CASCADE, 
	CONSTRAINT fk_npcs_location_id_locations FOREIGN KEY(location_id) REFERENCES locations (id) ON DELETE SET NULL
);
CREATE INDEX ix_npcs_campaign_id_is_present_last_used_at_id ON npcs (campaign_id, is_present, last_used_at, id);
CREATE INDEX ix_npcs_campaign_id_last_used_at_id ON npcs (campaign_id, last_used_at, id);
CREATE INDEX ix_npcs_location_id ON npcs (location_id);
CREATE TABLE plot_points (
	id VARCHAR(36) NOT NULL, 
	campaign_id VARCHAR(36) NOT NULL, 
	title TEXT NOT NULL, 
	description TEXT NOT NULL, 
	status VARCHAR(40) NOT NULL, 
	is_open BOOLEAN NOT NULL, 
	audience VARCHAR(40) NOT NULL, 
	gm_notes TEXT NOT NULL, 
	related JSON NOT NULL, 
	game_session_id VARCHAR(36), 
	last_used_at VARCHAR(27) NOT NULL, 
	search_names TEXT NOT NULL, 
	revision INTEGER NOT NULL, 
	archived_at VARCHAR(27), 
	removed_at VARCHAR(27), 
	created_at VARCHAR(27) NOT NULL, 
	updated_at VARCHAR(27) NOT NULL, tags JSON DEFAULT '[]' NOT NULL, more JSON DEFAULT '{}' NOT NULL, source_message_id VARCHAR(36), 
	CONSTRAINT pk_plot_points PRIMARY KEY (id), 
	CONSTRAINT ck_plot_points_audience CHECK (audience IN ('gm', 'public')), 
	CONSTRAINT ck_plot_points_status CHECK (status IN ('idea', 'prepped', 'happened', 'retconned')), 
	CONSTRAINT fk_plot_points_campaign_id_campaigns FOREIGN KEY(campaign_id) REFERENCES campaigns (id) ON DELETE CASCADE, 
	CONSTRAINT fk_plot_points_game_session_id_game_sessions FOREIGN KEY(game_session_id) REFERENCES game_sessions (id) ON DELETE SET NULL
);
CREATE INDEX ix_plot_points_campaign_id_is_open_last_used_at_id ON plot_points (campaign_id, is_open, last_used_at, id);
CREATE INDEX ix_plot_points_game_session_id ON plot_points (game_session_id);
CREATE TABLE session_events (
	id VARCHAR(36) NOT NULL, 
	game_session_id VARCHAR(36) NOT NULL, 
	campaign_id VARCHAR(36) NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	text TEXT NOT NULL, 
	entity_kind VARCHAR(40), 
	entity_id VARCHAR(36), 
	at VARCHAR(27) NOT NULL, 
	removed_at VARCHAR(27), 
	CONSTRAINT pk_session_events PRIMARY KEY (id), 
	CONSTRAINT fk_session_events_campaign_id_campaigns FOREIGN KEY(campaign_id) REFERENCES campaigns (id) ON DELETE CASCADE, 
	CONSTRAINT fk_session_events_game_session_id_game_sessions FOREIGN KEY(game_session_id) REFERENCES game_sessions (id) ON DELETE CASCADE
);
CREATE INDEX ix_session_events_campaign_id ON session_events (campaign_id);
CREATE INDEX ix_session_events_entity_id ON session_events (entity_id);
CREATE INDEX ix_session_events_game_session_id_at ON session_events (game_session_id, at);
CREATE TABLE session_notes (
	id VARCHAR(36) NOT NULL, 
	game_session_id VARCHAR(36) NOT NULL, 
	campaign_id VARCHAR(36) NOT NULL, 
	text TEXT NOT NULL, 
	at VARCHAR(27) NOT NULL, 
	gm_only BOOLEAN NOT NULL, 
	revision INTEGER NOT NULL, 
	removed_at VARCHAR(27), 
	CONSTRAINT pk_session_notes PRIMARY KEY (id), 
	CONSTRAINT fk_session_notes_campaign_id_campaigns FOREIGN KEY(campaign_id) REFERENCES campaigns (id) ON DELETE CASCADE, 
	CONSTRAINT fk_session_notes_game_session_id_game_sessions FOREIGN KEY(game_session_id) REFERENCES game_sessions (id) ON DELETE CASCADE
);
CREATE INDEX ix_session_notes_campaign_id ON session_notes (campaign_id);
CREATE INDEX ix_session_notes_game_session_id_at ON session_notes (game_session_id, at);
CREATE TABLE conversations (
	id VARCHAR(36) NOT NULL, 
	kind VARCHAR(8) NOT NULL, 
	campaign_id VARCHAR(36), 
	game_session_id VARCHAR(36), 
	npc_id VARCHAR(36), 
	wizard_id VARCHAR(36), 
	purpose VARCHAR(32), 
	title VARCHAR(200), 
	personality VARCHAR(40), 
	branched_from_id VARCHAR(36), 
	tip_message_id VARCHAR(36), 
	next_seq INTEGER NOT NULL, 
	message_count INTEGER NOT NULL, 
	unread_count INTEGER NOT NULL, 
	last_message_at VARCHAR(27), 
	archived_at VARCHAR(27), 
	removed_at VARCHAR(27), 
	created_at VARCHAR(27) NOT NULL, 
	updated_at VARCHAR(27) NOT NULL, title_by VARCHAR(10), 
	CONSTRAINT pk_conversations PRIMARY KEY (id), 
	CONSTRAINT ck_conversations_kind_known CHECK (kind IN ('chat', 'thread', 'npc')), 
	CONSTRAINT fk_conversations_campaign_id_campaigns FOREIGN KEY(campaign_id) REFERENCES campaigns (id) ON DELETE SET NULL, 
	CONSTRAINT fk_conversations_game_session_id_game_sessions FOREIGN KEY(game_session_id) REFERENCES game_sessions (id) ON DELETE SET NULL, 
	CONSTRAINT fk_conversations_npc_id_npcs FOREIGN KEY(npc_id) REFERENCES npcs (id) ON DELETE SET NULL
);
CREATE INDEX ix_conversations_kind_updated_at ON conversations (kind, updated_at);
CREATE INDEX ix_conversations_campaign_id ON conversations (campaign_id);
CREATE INDEX ix_conversations_game_session_id ON conversations (game_session_id);
CREATE INDEX ix_conversations_npc_id ON conversations (npc_id);
CREATE TABLE messages (
	id VARCHAR(36) NOT NULL, 
	conversation_id VARCHAR(36) NOT NULL, 
	seq INTEGER NOT NULL, 
	parent_id VARCHAR(36), 
	role VARCHAR(9) NOT NULL, 
	status VARCHAR(11) NOT NULL, 
	mode VARCHAR(5), 
	origin VARCHAR(12), 
	model VARCHAR(120), 
	tokens_in INTEGER, 
	tokens_out INTEGER, 
	error_code VARCHAR(60), 
	cleared_at VARCHAR(27), 
	created_at VARCHAR(27) NOT NULL, 
	updated_at VARCHAR(27) NOT NULL, 
	content TEXT NOT NULL, speaker_npc_id VARCHAR(36), audience_npc_id VARCHAR(36), 
	CONSTRAINT pk_messages PRIMARY KEY (id), 
	CONSTRAINT uq_messages_conversation_id_seq UNIQUE (conversation_id, seq), 
	CONSTRAINT fk_messages_conversation_id_conversations FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_messages_parent_id_messages FOREIGN KEY(parent_id) REFERENCES messages (id) ON DELETE RESTRICT, 
	CONSTRAINT ck_messages_role_known CHECK (role IN ('user', 'assistant', 'system')), 
	CONSTRAINT ck_messages_status_known CHECK (status IN ('complete', 'streaming', 'stopped', 'interrupted', 'failed')), 
	CONSTRAINT ck_messages_mode_known CHECK (mode IS NULL OR mode IN ('about', 'as'))
);
CREATE INDEX ix_messages_parent_id ON messages (parent_id);
CREATE INDEX ix_messages_streaming ON messages (status) WHERE status = 'streaming';
CREATE TABLE removals (
	id VARCHAR(36) NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	subject_id VARCHAR(36) NOT NULL, 
	title VARCHAR(200) NOT NULL, 
	count INTEGER NOT NULL, 
	details JSON NOT NULL, 
	created_at VARCHAR(27) NOT NULL, 
	undone_at VARCHAR(27), 
	CONSTRAINT pk_removals PRIMARY KEY (id)
);
CREATE INDEX ix_removals_created_at ON removals (created_at);
CREATE VIEW global_chat_sessions AS 
            SELECT id, CASE WHEN archived_at IS NULL THEN 'active' ELSE 'archived' END AS status,
                   game_session_id AS linked_game_session_id,
                   campaign_id AS linked_campaign_id, created_at, updated_at
            FROM conversations WHERE kind = 'chat' AND removed_at IS NULL;
CREATE VIEW chat_messages AS 
            SELECT m.id, m.conversation_id AS session_id, m.role, m.content,
                   m.tokens_in AS tokens_input, m.tokens_out AS tokens_output,
                   CASE WHEN m.status = 'streaming' THEN 1 ELSE 0 END AS is_streaming,
                   m.status, m.created_at
            FROM messages m JOIN conversations c ON c.id = m.conversation_id
            WHERE c.kind = 'chat' AND m.cleared_at IS NULL;
CREATE VIEW conversation_threads AS 
            SELECT id, campaign_id, game_session_id AS session_id, wizard_id, purpose, title,
                   personality AS active_personality, branched_from_id AS branched_from,
                   message_count, archived_at, created_at, updated_at
            FROM conversations WHERE kind = 'thread' AND removed_at IS NULL;
CREATE VIEW conversation_messages AS 
            SELECT m.id, m.conversation_id AS thread_id, m.role, m.content,
                   m.parent_id AS parent_message_id, m.status, m.created_at
            FROM messages m JOIN conversations c ON c.id = m.conversation_id
            WHERE c.kind = 'thread' AND m.cleared_at IS NULL;
CREATE VIEW npc_conversations AS 
            SELECT c.id, c.npc_id, c.campaign_id,
                   (SELECT json_group_array(json_object('id', m.id, 'role', m.role, 'content', m.content, 'mode', m.mode, 'timestamp', m.created_at)) FROM (SELECT * FROM messages WHERE cleared_at IS NULL ORDER BY seq) m WHERE m.conversation_id = c.id)
                   AS messages_json,
                   c.unread_count, c.last_message_at, c.created_at, c.updated_at
            FROM conversations c WHERE c.kind = 'npc' AND c.removed_at IS NULL;
CREATE TABLE suggestions (
	id VARCHAR(36) NOT NULL, 
	conversation_id VARCHAR(36) NOT NULL, 
	message_id VARCHAR(36) NOT NULL, 
	ordinal INTEGER NOT NULL, 
	campaign_id VARCHAR(36), 
	kind VARCHAR(40) NOT NULL, 
	target_kind VARCHAR(40) NOT NULL, 
	target_id VARCHAR(36), 
	target_name TEXT, 
	title TEXT NOT NULL, 
	fields JSON NOT NULL, 
	rationale TEXT NOT NULL, 
	note TEXT, 
	base_revision INTEGER, 
	base_values JSON NOT NULL, 
	status VARCHAR(40) NOT NULL, 
	reason TEXT, 
	decided_at VARCHAR(27), 
	created_at VARCHAR(27) NOT NULL, 
	updated_at VARCHAR(27) NOT NULL, lines JSON, source VARCHAR(200), 
	CONSTRAINT pk_suggestions PRIMARY KEY (id), 
	CONSTRAINT uq_suggestions_message_id_ordinal UNIQUE (message_id, ordinal), 
	CONSTRAINT ck_suggestions_status CHECK (status IN ('pending', 'accepted', 'partly_accepted', 'rejected', 'undone', 'conflict')), 
	CONSTRAINT fk_suggestions_conversation_id_conversations FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE CASCADE, 
	CONSTRAINT fk_suggestions_message_id_messages FOREIGN KEY(message_id) REFERENCES messages (id) ON DELETE CASCADE, 
	CONSTRAINT fk_suggestions_campaign_id_campaigns FOREIGN KEY(campaign_id) REFERENCES campaigns (id) ON DELETE SET NULL
);
CREATE INDEX ix_suggestions_conversation_id_status ON suggestions (conversation_id, status);
CREATE INDEX ix_suggestions_campaign_id ON suggestions (campaign_id);
CREATE INDEX ix_suggestions_target_id ON suggestions (target_id);
CREATE TABLE citations (
	id VARCHAR(36) NOT NULL, 
	message_id VARCHAR(36) NOT NULL, 
	ordinal INTEGER NOT NULL, 
	source_name TEXT NOT NULL, 
	location TEXT, 
	excerpt TEXT, 
	confidence FLOAT, 
	entity_kind VARCHAR(40), 
	entity_id VARCHAR(36), 
	is_verified BOOLEAN NOT NULL, 
	CONSTRAINT pk_citations PRIMARY KEY (id), 
	CONSTRAINT uq_citations_message_id_ordinal UNIQUE (message_id, ordinal), 
	CONSTRAINT ck_citations_confidence CHECK (confidence >= 0 AND confidence <= 1), 
	CONSTRAINT fk_citations_message_id_messages FOREIGN KEY(message_id) REFERENCES messages (id) ON DELETE CASCADE
);
CREATE TABLE drafts (
	id VARCHAR(36) NOT NULL, 
	suggestion_id VARCHAR(36), 
	campaign_id VARCHAR(36), 
	entity_type VARCHAR(40) NOT NULL, 
	data JSON NOT NULL, 
	status VARCHAR(40) NOT NULL, 
	trust VARCHAR(40) NOT NULL, 
	entity_id VARCHAR(36), 
	created_at VARCHAR(27) NOT NULL, 
	updated_at VARCHAR(27) NOT NULL, 
	CONSTRAINT pk_drafts PRIMARY KEY (id), 
	CONSTRAINT uq_drafts_suggestion_id UNIQUE (suggestion_id), 
	CONSTRAINT ck_drafts_status CHECK (status IN ('draft', 'approved', 'canonical', 'deprecated')), 
	CONSTRAINT ck_drafts_trust CHECK (trust IN ('canonical', 'derived', 'creative', 'unverified')), 
	CONSTRAINT fk_drafts_suggestion_id_suggestions FOREIGN KEY(suggestion_id) REFERENCES suggestions (id) ON DELETE SET NULL, 
	CONSTRAINT fk_drafts_campaign_id_campaigns FOREIGN KEY(campaign_id) REFERENCES campaigns (id) ON DELETE SET NULL
);
CREATE INDEX ix_drafts_campaign_id_status ON drafts (campaign_id, status);
CREATE TABLE draft_status_log (
	id VARCHAR(36) NOT NULL, 
	draft_id VARCHAR(36) NOT NULL, 
	step INTEGER NOT NULL, 
	from_status VARCHAR(40), 
	to_status VARCHAR(40) NOT NULL, 
	reason TEXT, 
	at VARCHAR(27) NOT NULL, 
	CONSTRAINT pk_draft_status_log PRIMARY KEY (id), 
	CONSTRAINT uq_draft_status_log_draft_id_step UNIQUE (draft_id, step), 
	CONSTRAINT fk_draft_status_log_draft_id_drafts FOREIGN KEY(draft_id) REFERENCES drafts (id) ON DELETE CASCADE
);
CREATE TABLE acceptance_events (
	id VARCHAR(36) NOT NULL, 
	suggestion_id VARCHAR(36), 
	draft_id VARCHAR(36), 
	decision VARCHAR(40) NOT NULL, 
	reason TEXT, 
	modifications JSON, 
	entity_kind VARCHAR(40), 
	entity_id VARCHAR(36), 
	entity_revision INTEGER, 
	has_created BOOLEAN NOT NULL, 
	"before" JSON NOT NULL, 
	"after" JSON NOT NULL, 
	undone_at VARCHAR(27), 
	created_at VARCHAR(27) NOT NULL, 
	CONSTRAINT pk_acceptance_events PRIMARY KEY (id), 
	CONSTRAINT ck_acceptance_events_decision CHECK (decision IN ('approved', 'rejected', 'modified', 'applied')), 
	CONSTRAINT fk_acceptance_events_suggestion_id_suggestions FOREIGN KEY(suggestion_id) REFERENCES suggestions (id) ON DELETE SET NULL, 
	CONSTRAINT fk_acceptance_events_draft_id_drafts FOREIGN KEY(draft_id) REFERENCES drafts (id) ON DELETE SET NULL
);
CREATE INDEX ix_acceptance_events_suggestion_id ON acceptance_events (suggestion_id);
CREATE INDEX ix_acceptance_events_entity_id ON acceptance_events (entity_id);
CREATE TABLE wizards (
	id VARCHAR(36) NOT NULL, 
	campaign_id VARCHAR(36), 
	thread_id VARCHAR(36), 
	step VARCHAR(40) NOT NULL, 
	answers JSON NOT NULL, 
	status VARCHAR(40) NOT NULL, 
	revision INTEGER NOT NULL, 
	finished_at VARCHAR(27), 
	created_at VARCHAR(27) NOT NULL, 
	updated_at VARCHAR(27) NOT NULL, 
	CONSTRAINT pk_wizards PRIMARY KEY (id), 
	CONSTRAINT ck_wizards_status CHECK (status IN ('active', 'finished', 'discarded')), 
	CONSTRAINT fk_wizards_campaign_id_campaigns FOREIGN KEY(campaign_id) REFERENCES campaigns (id) ON DELETE SET NULL, 
	CONSTRAINT fk_wizards_thread_id_conversations FOREIGN KEY(thread_id) REFERENCES conversations (id) ON DELETE SET NULL
);
CREATE INDEX ix_wizards_status_updated_at ON wizards (status, updated_at);
CREATE TABLE search_entries (number INTEGER PRIMARY KEY AUTOINCREMENT, message_id VARCHAR(36) NOT NULL UNIQUE);
CREATE TABLE search_progress (id INTEGER PRIMARY KEY, through INTEGER NOT NULL);
CREATE VIEW search_marked AS SELECT m.id, m.content, 'v' || replace(m.conversation_id, '-', '') || ' r' || m.role || ' m' || substr(m.created_at, 1, 4) || substr(m.created_at, 6, 2) || ' d' || substr(m.created_at, 1, 4) || substr(m.created_at, 6, 2) || substr(m.created_at, 9, 2) AS marks FROM messages m;
CREATE TRIGGER search_talk_said AFTER INSERT ON messages WHEN NEW.status <> 'streaming' BEGIN INSERT INTO search_entries (message_id) VALUES (NEW.id); END;
CREATE TRIGGER search_talk_ended AFTER UPDATE OF status ON messages WHEN OLD.status = 'streaming' AND NEW.status <> 'streaming' BEGIN INSERT INTO search_entries (message_id) VALUES (NEW.id); END;
CREATE TABLE search_things (number INTEGER PRIMARY KEY AUTOINCREMENT, kind VARCHAR(40) NOT NULL, thing_id VARCHAR(36) NOT NULL, campaign_id VARCHAR(36) NOT NULL, name TEXT NOT NULL, prose TEXT NOT NULL, is_archived BOOLEAN NOT NULL, is_removed BOOLEAN NOT NULL, is_folded BOOLEAN NOT NULL DEFAULT FALSE, UNIQUE (thing_id, kind));
CREATE TRIGGER search_session_notes_added AFTER INSERT ON session_notes BEGIN INSERT INTO search_things (kind, thing_id, campaign_id, name, prose, is_archived, is_removed) VALUES ('note', NEW.id, NEW.campaign_id, '', NEW."text", FALSE, NEW.removed_at IS NOT NULL); END;
CREATE TRIGGER search_session_notes_changed AFTER UPDATE OF "text", "removed_at" ON session_notes BEGIN UPDATE search_things SET (kind, thing_id, campaign_id, name, prose, is_archived, is_removed) = ('note', NEW.id, NEW.campaign_id, '', NEW."text", FALSE, NEW.removed_at IS NOT NULL) WHERE thing_id = NEW.id AND kind = 'note'; END;
CREATE TRIGGER search_session_notes_gone AFTER DELETE ON session_notes BEGIN DELETE FROM search_things WHERE thing_id = OLD.id AND kind = 'note'; END;
CREATE TRIGGER search_session_events_added AFTER INSERT ON session_events BEGIN INSERT INTO search_things (kind, thing_id, campaign_id, name, prose, is_archived, is_removed) VALUES ('event', NEW.id, NEW.campaign_id, '', NEW."text", FALSE, NEW.removed_at IS NOT NULL); END;
CREATE TRIGGER search_session_events_changed AFTER UPDATE OF "text", "removed_at" ON session_events BEGIN UPDATE search_things SET (kind, thing_id, campaign_id, name, prose, is_archived, is_removed) = ('event', NEW.id, NEW.campaign_id, '', NEW."text", FALSE, NEW.removed_at IS NOT NULL) WHERE thing_id = NEW.id AND kind = 'event'; END;
CREATE TRIGGER search_session_events_gone AFTER DELETE ON session_events BEGIN DELETE FROM search_things WHERE thing_id = OLD.id AND kind = 'event'; END;
CREATE TABLE scene_members (
	conversation_id VARCHAR(36) NOT NULL, 
	npc_id VARCHAR(36) NOT NULL, 
	position INTEGER NOT NULL, 
	CONSTRAINT pk_scene_members PRIMARY KEY (conversation_id, npc_id), 
	CONSTRAINT fk_scene_members_conversation_id_conversations FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE CASCADE, 
	CONSTRAINT fk_scene_members_npc_id_npcs FOREIGN KEY(npc_id) REFERENCES npcs (id) ON DELETE CASCADE
);
CREATE TABLE summaries (
	id VARCHAR(36) NOT NULL, 
	conversation_id VARCHAR(36) NOT NULL, 
	mode VARCHAR(5), 
	hearer_npc_id VARCHAR(36), 
	level INTEGER NOT NULL, 
	after_message_id VARCHAR(36), 
	first_message_id VARCHAR(36) NOT NULL, 
	last_message_id VARCHAR(36) NOT NULL, 
	first_seq INTEGER NOT NULL, 
	last_seq INTEGER NOT NULL, 
	message_count INTEGER NOT NULL, 
	first_at VARCHAR(27) NOT NULL, 
	last_at VARCHAR(27) NOT NULL, 
	made_by VARCHAR(120) NOT NULL, 
	made_at VARCHAR(27) NOT NULL, 
	edited_at VARCHAR(27), 
	outdated_at VARCHAR(27), 
	made_text TEXT NOT NULL, 
	own_text TEXT, 
	CONSTRAINT pk_summaries PRIMARY KEY (id), 
	CONSTRAINT ck_summaries_mode_known CHECK (mode IS NULL OR mode IN ('about', 'as')), 
	CONSTRAINT fk_summaries_conversation_id_conversations FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE CASCADE, 
	CONSTRAINT fk_summaries_last_message_id_messages FOREIGN KEY(last_message_id) REFERENCES messages (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX uq_summaries_last_message_id ON summaries (last_message_id, level, coalesce(mode, ''), coalesce(hearer_npc_id, ''));
CREATE INDEX ix_summaries_conversation_id ON summaries (conversation_id, last_seq);
CREATE TABLE voices (
	id VARCHAR(36) NOT NULL, 
	name VARCHAR(80) NOT NULL, 
	words TEXT NOT NULL, 
	instruction TEXT NOT NULL, 
	revision INTEGER NOT NULL, 
	removed_at VARCHAR(27), 
	created_at VARCHAR(27) NOT NULL, 
	updated_at VARCHAR(27) NOT NULL, waiting_since VARCHAR(27), 
	CONSTRAINT pk_voices PRIMARY KEY (id)
);
CREATE TABLE reading_notes (
	message_id VARCHAR(36) NOT NULL, 
	notes JSON NOT NULL, 
	created_at VARCHAR(27) NOT NULL, 
	CONSTRAINT pk_reading_notes PRIMARY KEY (message_id), 
	CONSTRAINT fk_reading_notes_message_id_messages FOREIGN KEY(message_id) REFERENCES messages (id) ON DELETE CASCADE
);
CREATE TABLE search_meanings (number INTEGER PRIMARY KEY AUTOINCREMENT, message_id VARCHAR(36) NOT NULL REFERENCES messages (id) ON DELETE CASCADE, part INTEGER NOT NULL, vector BLOB NOT NULL, UNIQUE (message_id, part));
CREATE INDEX ix_locations_names ON locations (campaign_id, removed_at, search_names, archived_at, id);
CREATE INDEX ix_npcs_names ON npcs (campaign_id, removed_at, search_names, archived_at, id);
CREATE INDEX ix_plot_points_names ON plot_points (campaign_id, removed_at, search_names, archived_at, id);
CREATE TABLE reasonings (
	turn_id VARCHAR(36) NOT NULL, 
	seconds FLOAT, 
	content TEXT NOT NULL, 
	CONSTRAINT pk_reasonings PRIMARY KEY (turn_id), 
	CONSTRAINT fk_reasonings_turn_id_turns FOREIGN KEY(turn_id) REFERENCES turns (id) ON DELETE CASCADE
);
CREATE TABLE learned_models (address VARCHAR(500) NOT NULL, model VARCHAR(300) NOT NULL, learned JSON NOT NULL, updated_at VARCHAR(27) NOT NULL, CONSTRAINT pk_learned_models PRIMARY KEY (address, model));
CREATE TABLE model_settings (choice VARCHAR(300) NOT NULL, settings JSON NOT NULL, updated_at VARCHAR(27) NOT NULL, CONSTRAINT pk_model_settings PRIMARY KEY (choice));
CREATE TABLE credentials (id VARCHAR(36) NOT NULL, secret_hash VARCHAR(64) NOT NULL, device VARCHAR(80) NOT NULL, token_mark VARCHAR(64), created_at VARCHAR(27) NOT NULL, last_seen_at VARCHAR(27) NOT NULL, CONSTRAINT pk_credentials PRIMARY KEY (id), CONSTRAINT uq_credentials_secret_hash UNIQUE (secret_hash));
CREATE TABLE "turns" (
	id VARCHAR(36) NOT NULL, 
	conversation_id VARCHAR(36) NOT NULL, 
	user_message_id VARCHAR(36), 
	assistant_message_id VARCHAR(36) NOT NULL, 
	attempt INTEGER NOT NULL, 
	state VARCHAR(11) NOT NULL, 
	model VARCHAR(120), 
	finish_reason VARCHAR(12), 
	tokens_in INTEGER, 
	tokens_out INTEGER, 
	cost_microcents BIGINT, 
	error_code VARCHAR(60), 
	manifest JSON, 
	owner VARCHAR(36), 
	epoch INTEGER NOT NULL, 
	lease_expires_at FLOAT, 
	created_at VARCHAR(27) NOT NULL, 
	started_at VARCHAR(27), 
	first_text_at VARCHAR(27), 
	ended_at VARCHAR(27), 
	asked_under JSON, 
	part INTEGER DEFAULT '0' NOT NULL, 
	tokens_cached INTEGER, 
	error_detail TEXT, 
	error_cure TEXT, 
	continues JSON, 
	CONSTRAINT pk_turns PRIMARY KEY (id), 
	CONSTRAINT fk_turns_conversation_id_conversations FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_turns_assistant_message_id_part UNIQUE (assistant_message_id, part), 
	CONSTRAINT uq_turns_user_message_id_attempt_part UNIQUE (user_message_id, attempt, part)
);
CREATE UNIQUE INDEX uq_turns_one_running ON turns (conversation_id) WHERE state = 'running';
CREATE INDEX ix_turns_active ON turns (conversation_id, created_at) WHERE state IN ('queued', 'running');
CREATE TABLE asked_beside (month VARCHAR(7) NOT NULL, model VARCHAR(120) NOT NULL, answers BIGINT NOT NULL, tokens_in BIGINT NOT NULL, tokens_cached BIGINT NOT NULL, tokens_out BIGINT NOT NULL, cost_microcents BIGINT, unpriced BIGINT NOT NULL, CONSTRAINT pk_asked_beside PRIMARY KEY (month, model));
CREATE UNIQUE INDEX uq_conversations_active_chat ON conversations (campaign_id) WHERE kind = 'chat' AND archived_at IS NULL AND removed_at IS NULL;
CREATE UNIQUE INDEX uq_conversations_quick_chat ON conversations (kind) WHERE kind = 'chat' AND archived_at IS NULL AND removed_at IS NULL AND campaign_id IS NULL;
CREATE TABLE pictures (id VARCHAR(36) NOT NULL, campaign_id VARCHAR(36) NOT NULL, thing_kind VARCHAR(40) NOT NULL, thing_id VARCHAR(36) NOT NULL, role VARCHAR(40) NOT NULL, caption TEXT NOT NULL, sha256 VARCHAR(64) NOT NULL, media_type VARCHAR(40) NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, bytes INTEGER NOT NULL, place INTEGER NOT NULL, audience TEXT DEFAULT 'gm' NOT NULL, revision INTEGER NOT NULL, removed_at VARCHAR(27), created_at VARCHAR(27) NOT NULL, updated_at VARCHAR(27) NOT NULL, CONSTRAINT pk_pictures PRIMARY KEY (id), CONSTRAINT ck_pictures_role CHECK (role IN ('portrait', 'picture')), CONSTRAINT fk_pictures_campaign_id_campaigns FOREIGN KEY(campaign_id) REFERENCES campaigns (id) ON DELETE CASCADE);
CREATE INDEX ix_pictures_campaign_id_thing_id ON pictures (campaign_id, thing_id);
CREATE INDEX ix_pictures_sha256 ON pictures (sha256);
CREATE UNIQUE INDEX ix_pictures_one_portrait ON pictures (campaign_id, thing_kind, thing_id) WHERE role = 'portrait' AND removed_at IS NULL;
CREATE TABLE things (
	id VARCHAR(36) NOT NULL, 
	campaign_id VARCHAR(36) NOT NULL, 
	entity_kind VARCHAR(40) NOT NULL, 
	name TEXT NOT NULL, 
	aliases JSON NOT NULL, 
	tags JSON NOT NULL, 
	audience VARCHAR(40) NOT NULL, 
	known_to JSON NOT NULL, 
	is_present BOOLEAN NOT NULL, 
	more JSON NOT NULL, 
	last_used_at VARCHAR(27) NOT NULL, 
	search_names TEXT NOT NULL, 
	search_text TEXT NOT NULL, 
	revision INTEGER NOT NULL, 
	archived_at VARCHAR(27), 
	removed_at VARCHAR(27), 
	created_at VARCHAR(27) NOT NULL, 
	updated_at VARCHAR(27) NOT NULL, canon VARCHAR(40) DEFAULT 'happened' NOT NULL, game_session_id VARCHAR(36), source_message_id VARCHAR(36), 
	CONSTRAINT pk_things PRIMARY KEY (id), 
	CONSTRAINT ck_things_audience CHECK (audience IN ('gm', 'party', 'some', 'public')), 
	CONSTRAINT fk_things_campaign_id_campaigns FOREIGN KEY(campaign_id) REFERENCES campaigns (id) ON DELETE CASCADE
);
CREATE INDEX ix_things_campaign_id_entity_kind_last_used_at_id ON things (campaign_id, entity_kind, last_used_at, id);
CREATE INDEX ix_things_names ON things (campaign_id, entity_kind, removed_at, search_names, archived_at, id);
CREATE TRIGGER search_campaigns_added AFTER INSERT ON campaigns BEGIN INSERT INTO search_things (kind, thing_id, campaign_id, name, prose, is_archived, is_removed) VALUES ('campaign', NEW.id, NEW.id, NEW."name", NEW."system" || char(10) || NEW."setting" || char(10) || NEW."description" || char(10) || NEW."gm_notes" || char(10) || coalesce((SELECT group_concat(atom, char(10)) FROM json_tree(NEW."world_state") WHERE type = 'text'), '') || char(10) || coalesce((SELECT group_concat(atom, char(10)) FROM json_tree(NEW."house_rules") WHERE type = 'text'), '') || char(10) || coalesce((SELECT group_concat(atom, char(10)) FROM json_tree(NEW."more") WHERE type = 'text'), ''), NEW.archived_at IS NOT NULL, NEW.removed_at IS NOT NULL); END;
CREATE TRIGGER search_campaigns_changed AFTER UPDATE OF "name", "system", "setting", "description", "gm_notes", "world_state", "house_rules", "more", "removed_at", "archived_at" ON campaigns BEGIN UPDATE search_things SET (kind, thing_id, campaign_id, name, prose, is_archived, is_removed) = ('campaign', NEW.id, NEW.id, NEW."name", NEW."system" || char(10) || NEW."setting" || char(10) || NEW."description" || char(10) || NEW."gm_notes" || char(10) || coalesce((SELECT group_concat(atom, char(10)) FROM json_tree(NEW."world_state") WHERE type = 'text'), '') || char(10) || coalesce((SELECT group_concat(atom, char(10)) FROM json_tree(NEW."house_rules") WHERE type = 'text'), '') || char(10) || coalesce((SELECT group_concat(atom, char(10)) FROM json_tree(NEW."more") WHERE type = 'text'), ''), NEW.archived_at IS NOT NULL, NEW.removed_at IS NOT NULL) WHERE thing_id = NEW.id AND kind = 'campaign'; END;
CREATE TRIGGER search_campaigns_gone AFTER DELETE ON campaigns BEGIN DELETE FROM search_things WHERE thing_id = OLD.id AND kind = 'campaign'; END;
CREATE TRIGGER search_game_sessions_added AFTER INSERT ON game_sessions BEGIN INSERT INTO search_things (kind, thing_id, campaign_id, name, prose, is_archived, is_removed) VALUES ('game_session', NEW.id, NEW.campaign_id, NEW."title", NEW."plan" || char(10) || NEW."recap_gm" || char(10) || NEW."recap_players" || char(10) || coalesce((SELECT group_concat(atom, char(10)) FROM json_tree(NEW."more") WHERE type = 'text'), ''), NEW.archived_at IS NOT NULL, NEW.removed_at IS NOT NULL); END;
CREATE TRIGGER search_game_sessions_changed AFTER UPDATE OF "title", "plan", "recap_gm", "recap_players", "more", "removed_at", "archived_at" ON game_sessions BEGIN UPDATE search_things SET (kind, thing_id, campaign_id, name, prose, is_archived, is_removed) = ('game_session', NEW.id, NEW.campaign_id, NEW."title", NEW."plan" || char(10) || NEW."recap_gm" || char(10) || NEW."recap_players" || char(10) || coalesce((SELECT group_concat(atom, char(10)) FROM json_tree(NEW."more") WHERE type = 'text'), ''), NEW.archived_at IS NOT NULL, NEW.removed_at IS NOT NULL) WHERE thing_id = NEW.id AND kind = 'game_session'; END;
CREATE TRIGGER search_game_sessions_gone AFTER DELETE ON game_sessions BEGIN DELETE FROM search_things WHERE thing_id = OLD.id AND kind = 'game_session'; END;
CREATE TRIGGER search_locations_added AFTER INSERT ON locations BEGIN INSERT INTO search_things (kind, thing_id, campaign_id, name, prose, is_archived, is_removed) VALUES ('location', NEW.id, NEW.campaign_id, NEW."name", NEW."kind" || char(10) || NEW."description" || char(10) || NEW."gm_notes" || char(10) || coalesce((SELECT group_concat(atom, char(10)) FROM json_tree(NEW."aliases") WHERE type = 'text'), '') || char(10) || coalesce((SELECT group_concat(atom, char(10)) FROM json_tree(NEW."features") WHERE type = 'text'), '') || char(10) || coalesce((SELECT group_concat(atom, char(10)) FROM json_tree(NEW."secrets") WHERE type = 'text'), '') || char(10) || coalesce((SELECT group_concat(atom, char(10)) FROM json_tree(NEW."tags") WHERE type = 'text'), '') || char(10) || coalesce((SELECT group_concat(atom, char(10)) FROM json_tree(NEW."more") WHERE type = 'text'), ''), NEW.archived_at IS NOT NULL, NEW.removed_at IS NOT NULL); END;
CREATE TRIGGER search_locations_changed AFTER UPDATE OF "name", "kind", "description", "gm_notes", "aliases", "features", "secrets", "tags", "more", "removed_at", "archived_at" ON locations BEGIN UPDATE search_things SET (kind, thing_id, campaign_id, name, prose, is_archived, is_removed) = ('location', NEW.id, NEW.campaign_id, NEW."name", NEW."kind" || char(10) || NEW."description" || char(10) || NEW."gm_notes" || char(10) || coalesce((SELECT group_concat(atom, char(10)) FROM json_tree(NEW."aliases") WHERE type = 'text'), '') || char(10) || coalesce((SELECT group_concat(atom, char(10)) FROM json_tree(NEW."features") WHERE type = 'text'), '') || char(10) || coalesce((SELECT group_concat(atom, char(10)) FROM json_tree(NEW."secrets") WHERE type = 'text'), '') || char(10) || coalesce((SELECT group_concat(atom, char(10)) FROM json_tree(NEW."tags") WHERE type = 'text'), '') || char(10) || coalesce((SELECT group_concat(atom, char(10)) FROM json_tree(NEW."more") WHERE type = 'text'), ''), NEW.archived_at IS NOT NULL, NEW.removed_at IS NOT NULL) WHERE thing_id = NEW.id AND kind = 'location'; END;
CREATE TRIGGER search_locations_gone AFTER DELETE ON locations BEGIN DELETE FROM search_things WHERE thing_id = OLD.id AND kind = 'location'; END;
CREATE TRIGGER search_npcs_added AFTER INSERT ON npcs BEGIN INSERT INTO search_things (kind, thing_id, campaign_id, name, prose, is_archived, is_removed) VALUES ('npc', NEW.id, NEW.campaign_id, NEW."name", NEW."role" || char(10) || NEW."background" || char(10) || NEW."personality" || char(10) || NEW."appearance" || char(10) || NEW."speaking_style" || char(10) || NEW."motivations" || char(10) || NEW."status" || char(10) || NEW."gm_notes" || char(10) || coalesce((SELECT group_concat(atom, char(10)) FROM json_tree(NEW."aliases") WHERE type = 'text'), '') || char(10) || coalesce((SELECT group_concat(atom, char(10)) FROM json_tree(NEW."sample_lines") WHERE type = 'text'), '') || char(10) || coalesce((SELECT group_concat(atom, char(10)) FROM json_tree(NEW."mannerisms") WHERE type = 'text'), '') || char(10) || coalesce((SELECT group_concat(atom, char(10)) FROM json_tree(NEW."connections") WHERE type = 'text'), '') || char(10) || coalesce((SELECT group_concat(atom, char(10)) FROM json_tree(NEW."groups") WHERE type = 'text'), '') || char(10) || coalesce((SELECT group_concat(atom, char(10)) FROM json_tree(NEW."secrets") WHERE type = 'text'), '') || char(10) || coalesce((SELECT group_concat(atom, char(10)) FROM json_tree(NEW."tags") WHERE type = 'text'), '') || char(10) || coalesce((SELECT group_concat(atom, char(10)) FROM json_tree(NEW."more") WHERE type = 'text'), ''), NEW.archived_at IS NOT NULL, NEW.removed_at IS NOT NULL); END;
CREATE TRIGGER search_npcs_changed AFTER UPDATE OF "name", "role", "background", "personality", "appearance", "speaking_style", "motivations", "status", "gm_notes", "aliases", "sample_lines", "mannerisms", "connections", "groups", "secrets", "tags", "more", "removed_at", "archived_at" ON npcs BEGIN UPDATE search_things SET (kind, thing_id, campaign_id, name, prose, is_archived, is_removed) = ('npc', NEW.id, NEW.campaign_id, NEW."name", NEW."role" || char(10) || NEW."background" || char(10) || NEW."personality" || char(10) || NEW."appearance" || char(10) || NEW."speaking_style" || char(10) || NEW."motivations" || char(10) || NEW."status" || char(10) || NEW."gm_notes" || char(10) || coalesce((SELECT group_concat(atom, char(10)) FROM json_tree(NEW."aliases") WHERE type = 'text'), '') || char(10) || coalesce((SELECT group_concat(atom, char(10)) FROM json_tree(NEW."sample_lines") WHERE type = 'text'), '') || char(10) || coalesce((SELECT group_concat(atom, char(10)) FROM json_tree(NEW."mannerisms") WHERE type = 'text'), '') || char(10) || coalesce((SELECT group_concat(atom, char(10)) FROM json_tree(NEW."connections") WHERE type = 'text'), '') || char(10) || coalesce((SELECT group_concat(atom, char(10)) FROM json_tree(NEW."groups") WHERE type = 'text'), '') || char(10) || coalesce((SELECT group_concat(atom, char(10)) FROM json_tree(NEW."secrets") WHERE type = 'text'), '') || char(10) || coalesce((SELECT group_concat(atom, char(10)) FROM json_tree(NEW."tags") WHERE type = 'text'), '') || char(10) || coalesce((SELECT group_concat(atom, char(10)) FROM json_tree(NEW."more") WHERE type = 'text'), ''), NEW.archived_at IS NOT NULL, NEW.removed_at IS NOT NULL) WHERE thing_id = NEW.id AND kind = 'npc'; END;
CREATE TRIGGER search_npcs_gone AFTER DELETE ON npcs BEGIN DELETE FROM search_things WHERE thing_id = OLD.id AND kind = 'npc'; END;
CREATE TRIGGER search_plot_points_added AFTER INSERT ON plot_points BEGIN INSERT INTO search_things (kind, thing_id, campaign_id, name, prose, is_archived, is_removed) VALUES ('plot_point', NEW.id, NEW.campaign_id, NEW."title", NEW."description" || char(10) || NEW."gm_notes" || char(10) || coalesce((SELECT group_concat(atom, char(10)) FROM json_tree(NEW."tags") WHERE type = 'text'), '') || char(10) || coalesce((SELECT group_concat(atom, char(10)) FROM json_tree(NEW."more") WHERE type = 'text'), ''), NEW.archived_at IS NOT NULL, NEW.removed_at IS NOT NULL); END;
CREATE TRIGGER search_plot_points_changed AFTER UPDATE OF "title", "description", "gm_notes", "tags", "more", "removed_at", "archived_at" ON plot_points BEGIN UPDATE search_things SET (kind, thing_id, campaign_id, name, prose, is_archived, is_removed) = ('plot_point', NEW.id, NEW.campaign_id, NEW."title", NEW."description" || char(10) || NEW."gm_notes" || char(10) || coalesce((SELECT group_concat(atom, char(10)) FROM json_tree(NEW."tags") WHERE type = 'text'), '') || char(10) || coalesce((SELECT group_concat(atom, char(10)) FROM json_tree(NEW."more") WHERE type = 'text'), ''), NEW.archived_at IS NOT NULL, NEW.removed_at IS NOT NULL) WHERE thing_id = NEW.id AND kind = 'plot_point'; END;
CREATE TRIGGER search_plot_points_gone AFTER DELETE ON plot_points BEGIN DELETE FROM search_things WHERE thing_id = OLD.id AND kind = 'plot_point'; END;
CREATE TRIGGER search_things_added AFTER INSERT ON things BEGIN INSERT INTO search_things (kind, thing_id, campaign_id, name, prose, is_archived, is_removed) VALUES (NEW.entity_kind, NEW.id, NEW.campaign_id, NEW."name", NEW."search_text", NEW.archived_at IS NOT NULL, NEW.removed_at IS NOT NULL); END;
CREATE TRIGGER search_things_changed AFTER UPDATE OF "name", "search_text", "removed_at", "archived_at" ON things BEGIN UPDATE search_things SET (kind, thing_id, campaign_id, name, prose, is_archived, is_removed) = (NEW.entity_kind, NEW.id, NEW.campaign_id, NEW."name", NEW."search_text", NEW.archived_at IS NOT NULL, NEW.removed_at IS NOT NULL) WHERE thing_id = NEW.id AND kind = NEW.entity_kind; END;
CREATE TRIGGER search_things_gone AFTER DELETE ON things BEGIN DELETE FROM search_things WHERE thing_id = OLD.id AND kind = OLD.entity_kind; END;
CREATE TABLE relations (
	id VARCHAR(36) NOT NULL, 
	campaign_id VARCHAR(36) NOT NULL, 
	from_kind VARCHAR(40) NOT NULL, 
	from_id VARCHAR(36) NOT NULL, 
	to_kind VARCHAR(40) NOT NULL, 
	to_id VARCHAR(36) NOT NULL, 
	label TEXT NOT NULL, 
	attitude INTEGER, 
	audience VARCHAR(40) NOT NULL, 
	known_to JSON NOT NULL, 
	note TEXT NOT NULL, 
	revision INTEGER NOT NULL, 
	removed_at VARCHAR(27), 
	created_at VARCHAR(27) NOT NULL, 
	updated_at VARCHAR(27) NOT NULL, 
	CONSTRAINT pk_relations PRIMARY KEY (id), 
	CONSTRAINT ck_relations_audience CHECK (audience IN ('gm', 'party', 'some', 'public')), 
	CONSTRAINT ck_relations_attitude CHECK (attitude BETWEEN -2 AND 2), 
	CONSTRAINT ck_relations_two_ends CHECK (from_id <> to_id), 
	CONSTRAINT fk_relations_campaign_id_campaigns FOREIGN KEY(campaign_id) REFERENCES campaigns (id) ON DELETE CASCADE
);
CREATE INDEX ix_relations_campaign_id_created_at_id ON relations (campaign_id, created_at, id);
CREATE INDEX ix_relations_from_id_to_id ON relations (from_id, to_id);
CREATE INDEX ix_relations_from_id_updated_at_id ON relations (from_id, updated_at, id);
CREATE INDEX ix_relations_to_id_updated_at_id ON relations (to_id, updated_at, id);
CREATE INDEX ix_things_campaign_id_entity_kind_is_present_last_used_at_id ON things (campaign_id, entity_kind, is_present, last_used_at, id);
CREATE TABLE "known_facts" (
    id VARCHAR(36) NOT NULL,
    campaign_id VARCHAR(36) NOT NULL,
    text TEXT NOT NULL,
    search_text TEXT NOT NULL,
    audience VARCHAR(40) NOT NULL,
    source_message_id VARCHAR(36),
    revision INTEGER NOT NULL,
    removed_at VARCHAR(27),
    created_at VARCHAR(27) NOT NULL,
    updated_at VARCHAR(27) NOT NULL, canon VARCHAR(40) DEFAULT 'happened' NOT NULL, game_session_id VARCHAR(36), is_false BOOLEAN DEFAULT 0 NOT NULL,
    CONSTRAINT pk_known_facts PRIMARY KEY (id),
    CONSTRAINT ck_known_facts_audience CHECK (audience IN ('gm', 'party', 'characters', 'npcs', 'group', 'public')),
    CONSTRAINT fk_known_facts_campaign_id_campaigns
        FOREIGN KEY(campaign_id) REFERENCES campaigns (id) ON DELETE CASCADE
);
CREATE TABLE "fact_audience" (
    id VARCHAR(36) NOT NULL,
    fact_id VARCHAR(36) NOT NULL,
    npc_id VARCHAR(36),
    group_name TEXT,
    group_key TEXT,
    told_by_npc_id VARCHAR(36),
    source_message_id VARCHAR(36),
    at VARCHAR(27) NOT NULL,
    character_id VARCHAR(36),
    CONSTRAINT pk_fact_audience PRIMARY KEY (id),
    CONSTRAINT ck_fact_audience_one_listener CHECK (CASE WHEN npc_id IS NULL THEN 0 ELSE 1 END + CASE WHEN character_id IS NULL THEN 0 ELSE 1 END + CASE WHEN group_key IS NULL THEN 0 ELSE 1 END = 1),
    CONSTRAINT fk_fact_audience_fact_id_known_facts
        FOREIGN KEY(fact_id) REFERENCES known_facts (id) ON DELETE CASCADE,
    CONSTRAINT fk_fact_audience_npc_id_npcs
        FOREIGN KEY(npc_id) REFERENCES npcs (id) ON DELETE CASCADE,
    CONSTRAINT fk_fact_audience_character_id_things
        FOREIGN KEY(character_id) REFERENCES things (id) ON DELETE CASCADE,
    CONSTRAINT fk_fact_audience_told_by_npc_id_npcs
        FOREIGN KEY(told_by_npc_id) REFERENCES npcs (id) ON DELETE SET NULL,
    CONSTRAINT uq_fact_audience_fact_id_group_key UNIQUE (fact_id, group_key),
    CONSTRAINT uq_fact_audience_fact_id_npc_id UNIQUE (fact_id, npc_id),
    CONSTRAINT uq_fact_audience_fact_id_character_id UNIQUE (fact_id, character_id)
);
CREATE INDEX ix_known_facts_campaign_id_created_at_id ON known_facts (campaign_id, created_at, id);
CREATE INDEX ix_known_facts_campaign_id_audience_created_at_id ON known_facts (campaign_id, audience, created_at, id);
CREATE INDEX ix_fact_audience_group_key ON fact_audience (group_key);
CREATE INDEX ix_fact_audience_npc_id ON fact_audience (npc_id);
CREATE INDEX ix_fact_audience_told_by_npc_id ON fact_audience (told_by_npc_id);
CREATE INDEX ix_fact_audience_character_id ON fact_audience (character_id);
CREATE TRIGGER search_known_facts_added AFTER INSERT ON known_facts BEGIN INSERT INTO search_things (kind, thing_id, campaign_id, name, prose, is_archived, is_removed) VALUES ('fact', NEW.id, NEW.campaign_id, '', NEW."text", FALSE, NEW.removed_at IS NOT NULL); END;
CREATE TRIGGER search_known_facts_changed AFTER UPDATE OF "text", "removed_at" ON known_facts BEGIN UPDATE search_things SET (kind, thing_id, campaign_id, name, prose, is_archived, is_removed) = ('fact', NEW.id, NEW.campaign_id, '', NEW."text", FALSE, NEW.removed_at IS NOT NULL) WHERE thing_id = NEW.id AND kind = 'fact'; END;
CREATE TRIGGER search_known_facts_gone AFTER DELETE ON known_facts BEGIN DELETE FROM search_things WHERE thing_id = OLD.id AND kind = 'fact'; END;
CREATE TABLE search_texts (number INTEGER PRIMARY KEY, content TEXT NOT NULL);
CREATE TABLE search_thing_texts (number INTEGER PRIMARY KEY, name TEXT NOT NULL, prose TEXT NOT NULL);
CREATE VIRTUAL TABLE search_talk USING fts5(content, marks, content = '', tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Mn Mc' separators '︎️'");
CREATE VIRTUAL TABLE search_talk_words USING fts5vocab(search_talk, 'row');
CREATE TRIGGER search_talk_changed AFTER UPDATE OF content, status, conversation_id ON messages WHEN OLD.status <> 'streaming' AND (NEW.content IS NOT OLD.content OR NEW.conversation_id <> OLD.conversation_id OR NEW.status = 'streaming') BEGIN INSERT INTO search_talk (search_talk, rowid, content, marks) SELECT 'delete', e.number, coalesce(t.content, OLD.content), 'v' || replace(OLD.conversation_id, '-', '') || ' r' || OLD.role || ' m' || substr(OLD.created_at, 1, 4) || substr(OLD.created_at, 6, 2) || ' d' || substr(OLD.created_at, 1, 4) || substr(OLD.created_at, 6, 2) || substr(OLD.created_at, 9, 2) FROM search_progress p, search_entries e LEFT JOIN search_texts t ON t.number = e.number WHERE e.message_id = OLD.id AND e.number <= p.through; DELETE FROM search_texts WHERE number = (SELECT number FROM search_entries WHERE message_id = OLD.id); DELETE FROM search_entries WHERE message_id = OLD.id; INSERT INTO search_entries (message_id) SELECT NEW.id WHERE NEW.status <> 'streaming'; END;
CREATE TRIGGER search_talk_gone BEFORE DELETE ON messages WHEN OLD.status <> 'streaming' BEGIN INSERT INTO search_talk (search_talk, rowid, content, marks) SELECT 'delete', e.number, coalesce(t.content, OLD.content), 'v' || replace(OLD.conversation_id, '-', '') || ' r' || OLD.role || ' m' || substr(OLD.created_at, 1, 4) || substr(OLD.created_at, 6, 2) || ' d' || substr(OLD.created_at, 1, 4) || substr(OLD.created_at, 6, 2) || substr(OLD.created_at, 9, 2) FROM search_progress p, search_entries e LEFT JOIN search_texts t ON t.number = e.number WHERE e.message_id = OLD.id AND e.number <= p.through; DELETE FROM search_texts WHERE number = (SELECT number FROM search_entries WHERE message_id = OLD.id); DELETE FROM search_entries WHERE message_id = OLD.id; END;
CREATE INDEX search_things_unfolded ON search_things (number) WHERE NOT is_folded;
CREATE TABLE transcript_reviews (id VARCHAR(36) NOT NULL, campaign_id VARCHAR(36) NOT NULL, conversation_id VARCHAR(36) NOT NULL, game_session_id VARCHAR(36), status VARCHAR(10) NOT NULL, speakers JSON NOT NULL, error_code VARCHAR(60), error_detail TEXT, error_cure TEXT, created_at VARCHAR(27) NOT NULL, updated_at VARCHAR(27) NOT NULL, CONSTRAINT pk_transcript_reviews PRIMARY KEY (id), CONSTRAINT uq_transcript_reviews_conversation_id UNIQUE (conversation_id), CONSTRAINT ck_transcript_reviews_status CHECK (status IN ('ready', 'reading', 'stopped', 'done')), CONSTRAINT fk_transcript_reviews_campaign_id_campaigns FOREIGN KEY(campaign_id) REFERENCES campaigns (id) ON DELETE CASCADE, CONSTRAINT fk_transcript_reviews_conversation_id_conversations FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE CASCADE, CONSTRAINT fk_transcript_reviews_game_session_id_game_sessions FOREIGN KEY(game_session_id) REFERENCES game_sessions (id) ON DELETE SET NULL);
CREATE INDEX ix_transcript_reviews_campaign_id_created_at ON transcript_reviews (campaign_id, created_at);
CREATE INDEX ix_transcript_reviews_status_updated_at ON transcript_reviews (status, updated_at);
CREATE TABLE transcript_parts (id VARCHAR(36) NOT NULL, review_id VARCHAR(36) NOT NULL, kind VARCHAR(10) NOT NULL, first_seq INTEGER NOT NULL, first_at INTEGER NOT NULL, last_seq INTEGER NOT NULL, last_at INTEGER NOT NULL, status VARCHAR(10) NOT NULL, summary TEXT NOT NULL, made_by VARCHAR(120), proposed INTEGER NOT NULL, left_out INTEGER NOT NULL, repeated INTEGER NOT NULL, error_code VARCHAR(60), error_detail TEXT, error_cure TEXT, updated_at VARCHAR(27) NOT NULL, CONSTRAINT pk_transcript_parts PRIMARY KEY (id), CONSTRAINT ck_transcript_parts_kind CHECK (kind IN ('lines', 'whole')), CONSTRAINT ck_transcript_parts_status CHECK (status IN ('waiting', 'done', 'failed')), CONSTRAINT fk_transcript_parts_review_id_transcript_reviews FOREIGN KEY(review_id) REFERENCES transcript_reviews (id) ON DELETE CASCADE);
CREATE INDEX ix_transcript_parts_review_id_status ON transcript_parts (review_id, status);
CREATE INDEX ix_locations_game_session_id ON locations (game_session_id);
CREATE INDEX ix_npcs_game_session_id ON npcs (game_session_id);
CREATE INDEX ix_things_game_session_id ON things (game_session_id);
CREATE INDEX ix_known_facts_game_session_id ON known_facts (game_session_id);
CREATE TABLE continuity_marks (
	id VARCHAR(36) NOT NULL, 
	campaign_id VARCHAR(36) NOT NULL, 
	"key" VARCHAR(40) NOT NULL, 
	state VARCHAR(12) NOT NULL, 
	game_session_id VARCHAR(36), 
	at VARCHAR(27) NOT NULL, 
	CONSTRAINT pk_continuity_marks PRIMARY KEY (id), 
	CONSTRAINT uq_continuity_marks_campaign_id_key UNIQUE (campaign_id, "key"), 
	CONSTRAINT ck_continuity_marks_state CHECK (state IN ('resting', 'planned', 'both_true')), 
	CONSTRAINT fk_continuity_marks_campaign_id_campaigns FOREIGN KEY(campaign_id) REFERENCES campaigns (id) ON DELETE CASCADE
);
CREATE INDEX ix_continuity_marks_game_session_id ON continuity_marks (game_session_id);
CREATE TABLE access_tokens (id VARCHAR(36) NOT NULL, campaign_id VARCHAR(36) NOT NULL, name VARCHAR(80) NOT NULL, secret_hash VARCHAR(64) NOT NULL, scopes JSON NOT NULL, created_at VARCHAR(27) NOT NULL, last_used_at VARCHAR(27), CONSTRAINT pk_access_tokens PRIMARY KEY (id), CONSTRAINT uq_access_tokens_name UNIQUE (name), CONSTRAINT uq_access_tokens_secret_hash UNIQUE (secret_hash), CONSTRAINT fk_access_tokens_campaign_id_campaigns FOREIGN KEY(campaign_id) REFERENCES campaigns (id) ON DELETE CASCADE);
CREATE INDEX ix_access_tokens_campaign_id ON access_tokens (campaign_id);
CREATE TABLE file_imports (
	id VARCHAR(36) NOT NULL, 
	campaign_id VARCHAR(36), 
	title VARCHAR(200) NOT NULL, 
	format VARCHAR(40) NOT NULL, 
	state VARCHAR(12) NOT NULL, 
	report JSON NOT NULL, 
	created_at VARCHAR(27) NOT NULL, 
	ended_at VARCHAR(27), 
	CONSTRAINT pk_file_imports PRIMARY KEY (id), 
	CONSTRAINT ck_file_imports_state CHECK (state IN ('open', 'running', 'done', 'cancelled', 'failed', 'undone')), 
	CONSTRAINT fk_file_imports_campaign_id_campaigns FOREIGN KEY(campaign_id) REFERENCES campaigns (id) ON DELETE CASCADE
);
CREATE INDEX ix_file_imports_campaign_id ON file_imports (campaign_id);
CREATE TABLE imported_files (
	id VARCHAR(36) NOT NULL, 
	import_id VARCHAR(36) NOT NULL, 
	campaign_id VARCHAR(36), 
	name VARCHAR(500) NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	bytes BIGINT NOT NULL, 
	created_at VARCHAR(27) NOT NULL, 
	CONSTRAINT pk_imported_files PRIMARY KEY (id), 
	CONSTRAINT fk_imported_files_import_id_file_imports FOREIGN KEY(import_id) REFERENCES file_imports (id) ON DELETE CASCADE, 
	CONSTRAINT fk_imported_files_campaign_id_campaigns FOREIGN KEY(campaign_id) REFERENCES campaigns (id) ON DELETE CASCADE
);
CREATE INDEX ix_imported_files_import_id ON imported_files (import_id);
CREATE INDEX ix_imported_files_sha256 ON imported_files (sha256);
CREATE TABLE import_sources (
	id VARCHAR(36) NOT NULL, 
	import_id VARCHAR(36) NOT NULL, 
	campaign_id VARCHAR(36), 
	kind VARCHAR(40) NOT NULL, 
	entity_id VARCHAR(36) NOT NULL, 
	outcome VARCHAR(10) NOT NULL, 
	format VARCHAR(40) NOT NULL, 
	source_id VARCHAR(300) NOT NULL, 
	base JSON NOT NULL, 
	"before" JSON NOT NULL, 
	kept JSON NOT NULL, 
	revision INTEGER NOT NULL, 
	file_id VARCHAR(36), 
	created_at VARCHAR(27) NOT NULL, 
	CONSTRAINT pk_import_sources PRIMARY KEY (id), 
	CONSTRAINT ck_import_sources_outcome CHECK (outcome IN ('new', 'changed', 'same')), 
	CONSTRAINT fk_import_sources_import_id_file_imports FOREIGN KEY(import_id) REFERENCES file_imports (id) ON DELETE CASCADE, 
	CONSTRAINT fk_import_sources_campaign_id_campaigns FOREIGN KEY(campaign_id) REFERENCES campaigns (id) ON DELETE CASCADE, 
	CONSTRAINT fk_import_sources_file_id_imported_files FOREIGN KEY(file_id) REFERENCES imported_files (id) ON DELETE SET NULL
);
CREATE INDEX ix_import_sources_import_id ON import_sources (import_id);
CREATE INDEX ix_import_sources_entity_id ON import_sources (entity_id);
CREATE INDEX ix_import_sources_campaign_id_source_id ON import_sources (campaign_id, source_id);
CREATE TABLE changes (
	id INTEGER NOT NULL, 
	server VARCHAR(36) NOT NULL, 
	name VARCHAR(40) NOT NULL, 
	content JSON NOT NULL, 
	CONSTRAINT pk_changes PRIMARY KEY (id)
);
CREATE TABLE servers (
	id VARCHAR(36) NOT NULL, 
	address VARCHAR(300) NOT NULL, 
	secret VARCHAR(64) NOT NULL, 
	seen_at FLOAT NOT NULL, 
	CONSTRAINT pk_servers PRIMARY KEY (id)
);
CREATE TABLE vault_links (
	id VARCHAR(36) NOT NULL, 
	campaign_id VARCHAR(36) NOT NULL, 
	folder TEXT NOT NULL, 
	state VARCHAR(12) NOT NULL, 
	synced_at VARCHAR(27), 
	report JSON NOT NULL, 
	holder VARCHAR(36), 
	held_until FLOAT, 
	created_at VARCHAR(27) NOT NULL, 
	CONSTRAINT pk_vault_links PRIMARY KEY (id), 
	CONSTRAINT uq_vault_links_campaign_id UNIQUE (campaign_id), 
	CONSTRAINT ck_vault_links_state CHECK (state IN ('on', 'paused')), 
	CONSTRAINT fk_vault_links_campaign_id_campaigns FOREIGN KEY(campaign_id) REFERENCES campaigns (id) ON DELETE CASCADE
);
CREATE TABLE vault_notes (
	id VARCHAR(36) NOT NULL, 
	link_id VARCHAR(36) NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	entity_id VARCHAR(36) NOT NULL, 
	path TEXT NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	size BIGINT NOT NULL, 
	modified_ns BIGINT NOT NULL, 
	read_ns BIGINT NOT NULL, 
	revision INTEGER NOT NULL, 
	base JSON NOT NULL, 
	file_base JSON NOT NULL, 
	state VARCHAR(12) NOT NULL, 
	CONSTRAINT pk_vault_notes PRIMARY KEY (id), 
	CONSTRAINT uq_vault_notes_link_id_entity_id UNIQUE (link_id, entity_id), 
	CONSTRAINT ck_vault_notes_state CHECK (state IN ('kept', 'left')), 
	CONSTRAINT fk_vault_notes_link_id_vault_links FOREIGN KEY(link_id) REFERENCES vault_links (id) ON DELETE CASCADE
);
CREATE VIEW search_indexed_things AS SELECT s.number, coalesce(t.name, s.name) AS name, coalesce(t.prose, s.prose) AS prose, 'c' || replace(s.campaign_id, '-', '') || ' k' || replace(s.kind, '_', '') AS marks FROM search_things s LEFT JOIN search_thing_texts t ON t.number = s.number;
CREATE VIRTUAL TABLE search_world USING fts5(name, prose, marks, content = 'search_indexed_things', content_rowid = 'number', tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Mn Mc' separators '︎️'");
CREATE TRIGGER search_world_added AFTER INSERT ON search_things BEGIN INSERT INTO search_world (rowid, name, prose, marks) VALUES (NEW.number, NEW.name, NEW.prose, 'c' || replace(NEW.campaign_id, '-', '') || ' k' || replace(NEW.kind, '_', '')); END;
CREATE TRIGGER search_world_changed AFTER UPDATE OF name, prose, campaign_id, kind ON search_things WHEN NEW.name IS NOT OLD.name OR NEW.prose IS NOT OLD.prose OR NEW.campaign_id IS NOT OLD.campaign_id OR NEW.kind IS NOT OLD.kind BEGIN INSERT INTO search_world (search_world, rowid, name, prose, marks) SELECT 'delete', OLD.number, coalesce((SELECT t.name FROM search_thing_texts t WHERE t.number = OLD.number), OLD.name), coalesce((SELECT t.prose FROM search_thing_texts t WHERE t.number = OLD.number), OLD.prose), 'c' || replace(OLD.campaign_id, '-', '') || ' k' || replace(OLD.kind, '_', ''); DELETE FROM search_thing_texts WHERE number = OLD.number; INSERT INTO search_world (rowid, name, prose, marks) VALUES (NEW.number, NEW.name, NEW.prose, 'c' || replace(NEW.campaign_id, '-', '') || ' k' || replace(NEW.kind, '_', '')); UPDATE search_things SET is_folded = FALSE WHERE number = NEW.number; END;
CREATE TRIGGER search_world_gone AFTER DELETE ON search_things BEGIN INSERT INTO search_world (search_world, rowid, name, prose, marks) SELECT 'delete', OLD.number, coalesce((SELECT t.name FROM search_thing_texts t WHERE t.number = OLD.number), OLD.name), coalesce((SELECT t.prose FROM search_thing_texts t WHERE t.number = OLD.number), OLD.prose), 'c' || replace(OLD.campaign_id, '-', '') || ' k' || replace(OLD.kind, '_', ''); DELETE FROM search_thing_texts WHERE number = OLD.number; END;
CREATE TABLE continuity_looks (
	id VARCHAR(36) NOT NULL, 
	campaign_id VARCHAR(36) NOT NULL, 
	status VARCHAR(10) NOT NULL, 
	made_by VARCHAR(120) NOT NULL, 
	parts INTEGER NOT NULL, 
	done INTEGER NOT NULL, 
	failed INTEGER NOT NULL, 
	left_out INTEGER NOT NULL, 
	lines_read INTEGER NOT NULL, 
	lines_all INTEGER NOT NULL, 
	error_code VARCHAR(60), 
	error_detail TEXT, 
	error_cure TEXT, 
	created_at VARCHAR(27) NOT NULL, 
	updated_at VARCHAR(27) NOT NULL, 
	CONSTRAINT pk_continuity_looks PRIMARY KEY (id), 
	CONSTRAINT uq_continuity_looks_campaign_id UNIQUE (campaign_id), 
	CONSTRAINT ck_continuity_looks_status CHECK (status IN ('reading', 'stopped', 'done')), 
	CONSTRAINT fk_continuity_looks_campaign_id_campaigns FOREIGN KEY(campaign_id) REFERENCES campaigns (id) ON DELETE CASCADE
);
CREATE INDEX ix_continuity_looks_status_updated_at ON continuity_looks (status, updated_at);
CREATE TABLE continuity_parts (
	id VARCHAR(36) NOT NULL, 
	look_id VARCHAR(36) NOT NULL, 
	"key" VARCHAR(40) NOT NULL, 
	at VARCHAR(27) NOT NULL, 
	CONSTRAINT pk_continuity_parts PRIMARY KEY (id), 
	CONSTRAINT uq_continuity_parts_look_id_key UNIQUE (look_id, "key"), 
	CONSTRAINT fk_continuity_parts_look_id_continuity_looks FOREIGN KEY(look_id) REFERENCES continuity_looks (id) ON DELETE CASCADE
);
CREATE TABLE continuity_findings (
	id VARCHAR(36) NOT NULL, 
	campaign_id VARCHAR(36) NOT NULL, 
	"key" VARCHAR(40) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	says VARCHAR(10) NOT NULL, 
	text TEXT NOT NULL, 
	source_kind VARCHAR(40) NOT NULL, 
	source_id VARCHAR(36) NOT NULL, 
	quote TEXT NOT NULL, 
	old_source_kind VARCHAR(40), 
	old_source_id VARCHAR(36), 
	old_quote TEXT NOT NULL, 
	made_by VARCHAR(120) NOT NULL, 
	at VARCHAR(27) NOT NULL, 
	CONSTRAINT pk_continuity_findings PRIMARY KEY (id), 
	CONSTRAINT uq_continuity_findings_campaign_id_key UNIQUE (campaign_id, "key"), 
	CONSTRAINT ck_continuity_findings_kind CHECK (kind IN ('promised', 'owed', 'planted', 'contradiction', 'verdict')), 
	CONSTRAINT ck_continuity_findings_says CHECK (says IN ('found', 'real', 'settled')), 
	CONSTRAINT fk_continuity_findings_campaign_id_campaigns FOREIGN KEY(campaign_id) REFERENCES campaigns (id) ON DELETE CASCADE
);
CREATE INDEX ix_locations_campaign_id_audience_last_used_at_id ON locations (campaign_id, audience, last_used_at, id);
CREATE INDEX ix_npcs_campaign_id_audience_last_used_at_id ON npcs (campaign_id, audience, last_used_at, id);
INSERT INTO alembic_version VALUES ('0041');
INSERT INTO persistence_probe VALUES (1, 0);
INSERT INTO search_progress VALUES (1, 0);
