"""What search reads: an index of all talk, an index of the campaign world.

SQLite: `search_talk` is a contentless FTS5 index whose rowids are the numbers of
`search_entries`. A finished message gets its number from a trigger, which costs the sender
next to nothing; its words are indexed a little later, in batches (`search/indexing.py`), up to
`search_progress.through`. Numbers grow, so "newest first" is walking the index backwards.
Beside the text stand marks (conversation, role, month, day): filters the index answers itself.
The world is small and changes seldom: `search_world` is kept by triggers at once.

PostgreSQL: the same entries hold a `tsvector`, made by a trigger, with the marks as weight A.
"""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

THINGS: dict[str, tuple[str, str, tuple[str, ...], tuple[str, ...]]] = {
    # table: kind, name column, prose columns, JSON columns whose texts are prose
    "campaigns": (
        "campaign",
        "name",
        ("system", "setting", "description", "gm_notes"),
        ("world_state", "house_rules"),
    ),
    "game_sessions": ("game_session", "title", ("plan", "recap_gm", "recap_players"), ()),
    "session_notes": ("note", "''", ("text",), ()),
    "session_events": ("event", "''", ("text",), ()),
    "locations": (
        "location",
        "name",
        ("kind", "description", "gm_notes"),
        ("aliases", "features", "secrets"),
    ),
    "npcs": (
        "npc",
        "name",
        (
            *("role", "background", "personality", "appearance", "speaking_style"),
            *("motivations", "status", "gm_notes"),
        ),
        ("aliases", "sample_lines", "mannerisms", "connections", "groups", "secrets"),
    ),
    "plot_points": ("plot_point", "title", ("description", "gm_notes"), ()),
    "known_facts": ("fact", "''", ("text",), ()),
}

_NO_ARCHIVE = {"session_notes", "session_events", "known_facts"}


def upgrade() -> None:
    """Make the indexes and what keeps them."""
    statements = _sqlite() if op.get_bind().dialect.name == "sqlite" else _postgresql()
    for statement in statements:
        op.get_bind().exec_driver_sql(statement)


def _sqlite() -> list[str]:
    marks = (
        "'v' || replace({row}.conversation_id, '-', '') || ' r' || {row}.role"
        " || ' m' || substr({row}.created_at, 1, 4) || substr({row}.created_at, 6, 2)"
        " || ' d' || substr({row}.created_at, 1, 4) || substr({row}.created_at, 6, 2)"
        " || substr({row}.created_at, 9, 2)"
    )
    forget = (
        "INSERT INTO search_talk (search_talk, rowid, content, marks)"
        f" SELECT 'delete', e.number, OLD.content, {marks.format(row='OLD')}"
        " FROM search_entries e, search_progress p"
        " WHERE e.message_id = OLD.id AND e.number <= p.through;"
        " DELETE FROM search_entries WHERE message_id = OLD.id;"
    )
    remember = "INSERT INTO search_entries (message_id) VALUES (NEW.id);"
    tokens = "tokenize = 'unicode61 remove_diacritics 2'"
    made = [
        "CREATE TABLE search_entries (number INTEGER PRIMARY KEY AUTOINCREMENT,"
        " message_id VARCHAR(36) NOT NULL UNIQUE)",
        "CREATE TABLE search_progress (id INTEGER PRIMARY KEY, through INTEGER NOT NULL)",
        "INSERT INTO search_progress (id, through) VALUES (1, 0)",
        f"CREATE VIRTUAL TABLE search_talk USING fts5(content, marks, content = '', {tokens})",
        "CREATE VIRTUAL TABLE search_talk_words USING fts5vocab(search_talk, 'row')",
        f"CREATE VIEW search_marked AS SELECT m.id, m.content, {marks.format(row='m')} AS marks"
        " FROM messages m",
        "CREATE TRIGGER search_talk_said AFTER INSERT ON messages"
        f" WHEN NEW.status <> 'streaming' BEGIN {remember} END",
        "CREATE TRIGGER search_talk_ended AFTER UPDATE OF status ON messages"
        f" WHEN OLD.status = 'streaming' AND NEW.status <> 'streaming' BEGIN {remember} END",
        "CREATE TRIGGER search_talk_changed AFTER UPDATE OF content, status ON messages"
        " WHEN OLD.status <> 'streaming' AND"
        " (NEW.content IS NOT OLD.content OR NEW.status = 'streaming')"
        f" BEGIN {forget} INSERT INTO search_entries (message_id)"
        " SELECT NEW.id WHERE NEW.status <> 'streaming'; END",
        "CREATE TRIGGER search_talk_gone BEFORE DELETE ON messages"
        f" WHEN OLD.status <> 'streaming' BEGIN {forget} END",
        "INSERT INTO search_entries (message_id) SELECT id FROM messages"
        " WHERE status <> 'streaming' ORDER BY created_at, conversation_id, seq",
        "CREATE TABLE search_things (number INTEGER PRIMARY KEY AUTOINCREMENT,"
        " kind VARCHAR(40) NOT NULL, thing_id VARCHAR(36) NOT NULL,"
        " campaign_id VARCHAR(36) NOT NULL, name TEXT NOT NULL, prose TEXT NOT NULL,"
        " is_archived BOOLEAN NOT NULL, is_removed BOOLEAN NOT NULL, UNIQUE (thing_id, kind))",
        "CREATE VIRTUAL TABLE search_world USING fts5(name, prose, content = 'search_things',"
        f" content_rowid = 'number', {tokens})",
        "CREATE TRIGGER search_world_added AFTER INSERT ON search_things BEGIN"
        " INSERT INTO search_world (rowid, name, prose)"
        " VALUES (NEW.number, NEW.name, NEW.prose); END",
        "CREATE TRIGGER search_world_changed AFTER UPDATE OF name, prose ON search_things"
        " BEGIN INSERT INTO search_world (search_world, rowid, name, prose)"
        " VALUES ('delete', OLD.number, OLD.name, OLD.prose);"
        " INSERT INTO search_world (rowid, name, prose)"
        " VALUES (NEW.number, NEW.name, NEW.prose); END",
        "CREATE TRIGGER search_world_gone AFTER DELETE ON search_things BEGIN"
        " INSERT INTO search_world (search_world, rowid, name, prose)"
        " VALUES ('delete', OLD.number, OLD.name, OLD.prose); END",
    ]
    for table, (kind, name, prose, structured) in THINGS.items():
        values = ", ".join(_thing(table, kind, name, prose, structured, "NEW", _texts_sqlite))
        watched = ", ".join(_watched(table, name, prose, structured))
        columns = "kind, thing_id, campaign_id, name, prose, is_archived, is_removed"
        row = _thing(table, kind, name, prose, structured, table, _texts_sqlite)
        made += [
            f"CREATE TRIGGER search_{table}_added AFTER INSERT ON {table} BEGIN"
            f" INSERT INTO search_things ({columns}) VALUES ({values}); END",
            f"CREATE TRIGGER search_{table}_changed AFTER UPDATE OF {watched} ON {table} BEGIN"
            f" UPDATE search_things SET ({columns}) = ({values})"
            f" WHERE thing_id = NEW.id AND kind = '{kind}'; END",
            f"CREATE TRIGGER search_{table}_gone AFTER DELETE ON {table} BEGIN"
            f" DELETE FROM search_things WHERE thing_id = OLD.id AND kind = '{kind}'; END",
            f"INSERT INTO search_things ({columns}) SELECT {', '.join(row)} FROM {table}",
        ]
    return made


def _watched(
    table: str, name: str, prose: tuple[str, ...], structured: tuple[str, ...]
) -> list[str]:
    kept = ["removed_at"] if table in _NO_ARCHIVE else ["removed_at", "archived_at"]
    names = [] if name == "''" else [name]
    return [_quoted(column) for column in (*names, *prose, *structured, *kept)]


def _quoted(column: str) -> str:
    return f'"{column}"'


def _thing(
    table: str,
    kind: str,
    name: str,
    prose: tuple[str, ...],
    structured: tuple[str, ...],
    row: str,
    texts: object,
) -> list[str]:
    """The values of a row of `search_things`, read from `row`."""
    assert callable(texts)
    pieces = [f"{row}.{_quoted(column)}" for column in prose]
    pieces += [texts(f"{row}.{_quoted(column)}") for column in structured]
    archived = "FALSE" if table in _NO_ARCHIVE else f"{row}.archived_at IS NOT NULL"
    return [
        f"'{kind}'",
        f"{row}.id",
        f"{row}.id" if table == "campaigns" else f"{row}.campaign_id",
        name if name == "''" else f"{row}.{_quoted(name)}",
        " || char(10) || ".join(pieces).replace("char(10)", "chr(10)")
        if texts is _texts_postgresql
        else " || char(10) || ".join(pieces),
        archived,
        f"{row}.removed_at IS NOT NULL",
    ]


def _texts_sqlite(column: str) -> str:
    """Every text inside a JSON value."""
    return (
        "coalesce((SELECT group_concat(atom, char(10))"
        f" FROM json_tree({column}) WHERE type = 'text'), '')"
    )


def _texts_postgresql(column: str) -> str:
    return (
        "coalesce((SELECT string_agg(texts.found #>> '{}', chr(10)) FROM jsonb_path_query("
        f"{column}::jsonb, 'strict $.** ? (@.type() == \"string\")') AS texts(found)), '')"
    )


def _postgresql() -> list[str]:
    document = (
        "setweight(to_tsvector('simple', search_fold(left({row}.content, 100000))), 'D')"
        " || setweight(to_tsvector('simple', 'v' || replace({row}.conversation_id, '-', '')"
        " || ' r' || {row}.role || ' m' || substr({row}.created_at, 1, 4)"
        " || substr({row}.created_at, 6, 2) || ' d' || substr({row}.created_at, 1, 4)"
        " || substr({row}.created_at, 6, 2) || substr({row}.created_at, 9, 2)), 'A')"
    )
    world = (
        "setweight(to_tsvector('simple', search_fold({row}.name)), 'A')"
        " || to_tsvector('simple', search_fold(left({row}.prose, 100000)))"
    )
    made = [
        *_fold_function(),
        "CREATE TABLE search_entries (number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
        " message_id VARCHAR(36) NOT NULL UNIQUE, document TSVECTOR NOT NULL)",
        "CREATE INDEX search_entries_document ON search_entries USING gin (document)",
        "CREATE FUNCTION search_keep_talk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF TG_OP <> 'INSERT' THEN"
        " DELETE FROM search_entries WHERE message_id = OLD.id; END IF;"
        " IF TG_OP <> 'DELETE' THEN IF NEW.status <> 'streaming' THEN"
        " INSERT INTO search_entries (message_id, document)"
        f" VALUES (NEW.id, {document.format(row='NEW')}); END IF; END IF;"
        " RETURN NULL; END $$",
        "CREATE TRIGGER search_talk_said AFTER INSERT OR DELETE ON messages"
        " FOR EACH ROW EXECUTE FUNCTION search_keep_talk()",
        "CREATE TRIGGER search_talk_changed AFTER UPDATE ON messages FOR EACH ROW"
        " WHEN (NEW.status <> 'streaming' AND OLD.status = 'streaming'"
        " OR OLD.status <> 'streaming' AND"
        " (NEW.content IS DISTINCT FROM OLD.content OR NEW.status = 'streaming'))"
        " EXECUTE FUNCTION search_keep_talk()",
        "INSERT INTO search_entries (message_id, document)"
        f" SELECT m.id, {document.format(row='m')} FROM messages m"
        " WHERE m.status <> 'streaming' ORDER BY m.created_at, m.conversation_id, m.seq",
        "CREATE TABLE search_things (number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
        " kind VARCHAR(40) NOT NULL, thing_id VARCHAR(36) NOT NULL,"
        " campaign_id VARCHAR(36) NOT NULL, name TEXT NOT NULL, prose TEXT NOT NULL,"
        " is_archived BOOLEAN NOT NULL, is_removed BOOLEAN NOT NULL,"
        " document TSVECTOR, UNIQUE (thing_id, kind))",
        "CREATE INDEX search_things_document ON search_things USING gin (document)",
        "CREATE FUNCTION search_keep_world() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" NEW.document := {world.format(row='NEW')}; RETURN NEW; END $$",
        "CREATE TRIGGER search_world_kept BEFORE INSERT OR UPDATE OF name, prose"
        " ON search_things FOR EACH ROW EXECUTE FUNCTION search_keep_world()",
    ]
    for table, (kind, name, prose, structured) in THINGS.items():
        columns = "kind, thing_id, campaign_id, name, prose, is_archived, is_removed"
        values = ", ".join(_thing(table, kind, name, prose, structured, "NEW", _texts_postgresql))
        row = ", ".join(_thing(table, kind, name, prose, structured, table, _texts_postgresql))
        watched = ", ".join(_watched(table, name, prose, structured))
        made += [
            f"CREATE FUNCTION search_keep_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " IF TG_OP = 'DELETE' THEN DELETE FROM search_things"
            f" WHERE thing_id = OLD.id AND kind = '{kind}';"
            f" ELSE INSERT INTO search_things ({columns}) VALUES ({values})"
            " ON CONFLICT (thing_id, kind) DO UPDATE SET name = excluded.name,"
            " prose = excluded.prose, is_archived = excluded.is_archived,"
            " is_removed = excluded.is_removed; END IF; RETURN NULL; END $$",
            f"CREATE TRIGGER search_{table}_said AFTER INSERT OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION search_keep_{table}()",
            f"CREATE TRIGGER search_{table}_changed AFTER UPDATE OF {watched} ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION search_keep_{table}()",
            f"INSERT INTO search_things ({columns}) SELECT {row} FROM {table}",
        ]
    return made


def _fold_function() -> list[str]:
    """Case, accents and everything but letters and digits go, as FTS5's unicode61 has it."""
    found = op.get_bind().exec_driver_sql(
        "SELECT collname FROM pg_collation WHERE collname IN ('und-x-icu', 'pg_c_utf8')"
        " AND collencoding IN (-1, pg_char_to_encoding(getdatabaseencoding()))"
        " ORDER BY collname DESC"
    )
    names = [row[0] for row in found]
    collation = f' COLLATE "{names[0]}"' if names else ""
    encoding = op.get_bind().exec_driver_sql("SHOW server_encoding").scalar()
    text = "t"
    if encoding == "UTF8":
        text = "regexp_replace(normalize(t, NFKD), '[\u0300-\u036f]', '', 'g')"
    return [
        "CREATE FUNCTION search_fold(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$"
        f" SELECT regexp_replace(lower({text}{collation}), '[^[:alnum:]]+'{collation}, ' ', 'g')"
        " $$"
    ]
