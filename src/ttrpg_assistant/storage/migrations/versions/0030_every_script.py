"""Words of every script are found: those without spaces, joined and decorated forms.

SQLite: a tokenizer that keeps marks with their letters, and `search_texts` and
`search_thing_texts` for what is indexed otherwise than it is written (`script_words.py`). All talk
is indexed again, beside the server, and search says how much still waits.

PostgreSQL: `search_fold` does the same in SQL. Talk that is not plain ASCII is made again beside
the server, up to `search_progress.last`; things of the world at once.
"""

from __future__ import annotations

import unicodedata

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_TOKENS = (
    "tokenize = \"unicode61 remove_diacritics 2 categories 'L* N* Mn Mc'"
    " separators '\ufe0e\ufe0f'\""
)
_MARKS = (
    "'v' || replace(OLD.conversation_id, '-', '') || ' r' || OLD.role"
    " || ' m' || substr(OLD.created_at, 1, 4) || substr(OLD.created_at, 6, 2)"
    " || ' d' || substr(OLD.created_at, 1, 4) || substr(OLD.created_at, 6, 2)"
    " || substr(OLD.created_at, 9, 2)"
)
_FORGET = (
    "INSERT INTO search_talk (search_talk, rowid, content, marks)"
    f" SELECT 'delete', e.number, coalesce(t.content, OLD.content), {_MARKS}"
    " FROM search_progress p, search_entries e LEFT JOIN search_texts t ON t.number = e.number"
    " WHERE e.message_id = OLD.id AND e.number <= p.through;"
    " DELETE FROM search_texts WHERE number ="
    " (SELECT number FROM search_entries WHERE message_id = OLD.id);"
    " DELETE FROM search_entries WHERE message_id = OLD.id;"
)
_FORGET_THING = (
    "INSERT INTO search_world (search_world, rowid, name, prose) SELECT 'delete', OLD.number,"
    " coalesce((SELECT t.name FROM search_thing_texts t WHERE t.number = OLD.number), OLD.name),"
    " coalesce((SELECT t.prose FROM search_thing_texts t WHERE t.number = OLD.number), OLD.prose);"
    " DELETE FROM search_thing_texts WHERE number = OLD.number;"
)
_SQLITE = (
    "CREATE TABLE search_texts (number INTEGER PRIMARY KEY, content TEXT NOT NULL)",
    "CREATE TABLE search_thing_texts"
    " (number INTEGER PRIMARY KEY, name TEXT NOT NULL, prose TEXT NOT NULL)",
    "DROP TRIGGER search_talk_changed",
    "DROP TRIGGER search_talk_gone",
    "DROP TABLE search_talk_words",
    "DROP TABLE search_talk",
    f"CREATE VIRTUAL TABLE search_talk USING fts5(content, marks, content = '', {_TOKENS})",
    "CREATE VIRTUAL TABLE search_talk_words USING fts5vocab(search_talk, 'row')",
    "UPDATE search_progress SET through = 0",
    "CREATE TRIGGER search_talk_changed AFTER UPDATE OF content, status, conversation_id"
    " ON messages WHEN OLD.status <> 'streaming' AND (NEW.content IS NOT OLD.content"
    " OR NEW.conversation_id <> OLD.conversation_id OR NEW.status = 'streaming')"
    f" BEGIN {_FORGET} INSERT INTO search_entries (message_id)"
    " SELECT NEW.id WHERE NEW.status <> 'streaming'; END",
    "CREATE TRIGGER search_talk_gone BEFORE DELETE ON messages"
    f" WHEN OLD.status <> 'streaming' BEGIN {_FORGET} END",
    "DROP TRIGGER search_world_changed",
    "DROP TRIGGER search_world_gone",
    "DROP TRIGGER search_world_added",
    "DROP TABLE search_world",
    "ALTER TABLE search_things ADD COLUMN is_folded BOOLEAN NOT NULL DEFAULT FALSE",
    "CREATE INDEX search_things_unfolded ON search_things (number) WHERE NOT is_folded",
    "CREATE VIEW search_indexed_things AS SELECT s.number, coalesce(t.name, s.name) AS name,"
    " coalesce(t.prose, s.prose) AS prose FROM search_things s"
    " LEFT JOIN search_thing_texts t ON t.number = s.number",
    "CREATE VIRTUAL TABLE search_world USING fts5(name, prose,"
    f" content = 'search_indexed_things', content_rowid = 'number', {_TOKENS})",
    "INSERT INTO search_world (rowid, name, prose)"
    " SELECT number, name, prose FROM search_indexed_things",
    "CREATE TRIGGER search_world_added AFTER INSERT ON search_things BEGIN"
    " INSERT INTO search_world (rowid, name, prose)"
    " VALUES (NEW.number, NEW.name, NEW.prose); END",
    "CREATE TRIGGER search_world_changed AFTER UPDATE OF name, prose ON search_things"
    " WHEN NEW.name IS NOT OLD.name OR NEW.prose IS NOT OLD.prose"
    f" BEGIN {_FORGET_THING} INSERT INTO search_world (rowid, name, prose)"
    " VALUES (NEW.number, NEW.name, NEW.prose);"
    " UPDATE search_things SET is_folded = FALSE WHERE number = NEW.number; END",
    f"CREATE TRIGGER search_world_gone AFTER DELETE ON search_things BEGIN {_FORGET_THING} END",
)

_DOCUMENT = (
    "CREATE FUNCTION search_document(content text, conversation_id text, role text,"
    " created_at text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$"
    " SELECT setweight(to_tsvector('simple', search_fold(left(content, 100000))), 'D')"
    " || setweight(to_tsvector('simple', 'v' || replace(conversation_id, '-', '')"
    " || ' r' || role || ' m' || substr(created_at, 1, 4) || substr(created_at, 6, 2)"
    " || ' d' || substr(created_at, 1, 4) || substr(created_at, 6, 2)"
    " || substr(created_at, 9, 2)), 'A') $$"
)
_POSTGRESQL = (
    _DOCUMENT,
    "CREATE OR REPLACE FUNCTION search_keep_talk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " IF TG_OP <> 'INSERT' THEN"
    " DELETE FROM search_entries WHERE message_id = OLD.id; END IF;"
    " IF TG_OP <> 'DELETE' THEN IF NEW.status <> 'streaming' THEN"
    " INSERT INTO search_entries (message_id, document) VALUES (NEW.id,"
    " search_document(NEW.content, NEW.conversation_id, NEW.role, NEW.created_at));"
    " END IF; END IF; RETURN NULL; END $$",
    "CREATE TABLE search_progress"
    " (id INTEGER PRIMARY KEY, through BIGINT NOT NULL, last BIGINT NOT NULL)",
    "INSERT INTO search_progress (id, through, last)"
    " SELECT 1, 0, coalesce(max(number), 0) FROM search_entries",
    "UPDATE search_things SET name = name",
)

_UNSPACED = (
    "\u0e00-\u0fff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\u1b00-\u1b7f"
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u318f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua9df\ua9e0-\uaadf\uac00-\ud7ff\uf900-\ufaff"
    "\uff66-\uffdc\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
_IGNORED = (
    "\u00ad\u034f\u0600-\u0605\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff"
)
_DECORATIONS = (
    "\u0300\u0302-\u0305\u0307\u0309-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5"
    "\u05c7\u0610-\u061a\u0640\u064b-\u0652\u0656-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8"
    "\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
_DROPPED = f"[{_IGNORED}{_DECORATIONS}]|(?<![гк])\u0301|(?<![иу])\u0306|(?<!і)\u0308"
_MARKED = ((0x0300, 0x3100), (0xA800, 0xAC00), (0x10A00, 0x12000))


def _spell_search_fold() -> str:
    """Words with spaces between them, folded as `script_words.py` does."""
    connection = op.get_bind()
    found = connection.exec_driver_sql(
        "SELECT collname FROM pg_collation WHERE collname IN ('und-x-icu', 'pg_c_utf8')"
        " AND collencoding IN (-1, pg_char_to_encoding(getdatabaseencoding()))"
        " ORDER BY collname DESC"
    )
    names = [row[0] for row in found]
    collation = f' COLLATE "{names[0]}"' if names else ""
    marks, made = "", f"lower(t{collation})"
    if connection.exec_driver_sql("SHOW server_encoding").scalar() == "UTF8":
        marks = _list_marks()
        symbols = _list_symbols()
        made = f"translate(t, '{symbols}', '{' ' * len(symbols)}')"
        made = f"lower(normalize({made}, NFKD){collation})"
        made = f"normalize(regexp_replace({made}, '{_DROPPED}', '', 'g'), NFC)"
        made = f"translate({made}, 'øłđðħıŋŧς', 'olddhintσ')"
        for letter, letters in (("æ", "ae"), ("œ", "oe"), ("þ", "th"), ("ß", "ss")):
            made = f"replace({made}, '{letter}', '{letters}')"
        made = f"regexp_replace({made}, '([{_UNSPACED}][{marks}]*)', ' \\1 ', 'g')"
    return (
        "CREATE OR REPLACE FUNCTION search_fold(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$"
        f" SELECT regexp_replace({made}, '[^[:alnum:]{marks}]+'{collation}, ' ', 'g') $$"
    )


def _list_symbols() -> str:
    """Symbols that stand for letters, but for those in circles and squares: they end a word."""
    return "".join(
        chr(code)
        for code in (*range(0x2000, 0x3200), *range(0x1F000, 0x1F700))
        if unicodedata.category(chr(code))[0] == "S"
        and not (0x24B6 <= code <= 0x24E9 or 0x1F130 <= code <= 0x1F149)
        and any(one.isalnum() for one in unicodedata.normalize("NFKD", chr(code)))
    )


def _list_marks() -> str:
    ranges: list[tuple[int, int]] = []
    for first, end in _MARKED:
        for code in range(first, end):
            if unicodedata.category(chr(code)) not in ("Mn", "Mc"):
                continue
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1] = (ranges[-1][0], code)
            else:
                ranges.append((code, code))
    return "".join(f"{chr(a)}-{chr(b)}" for a, b in ranges)


def upgrade() -> None:
    """Make the indexes and what keeps them anew."""
    connection = op.get_bind()
    statements: tuple[str, ...] = _SQLITE
    if connection.dialect.name != "sqlite":
        statements = (_spell_search_fold(), *_POSTGRESQL)
    for statement in statements:
        connection.exec_driver_sql(statement)
