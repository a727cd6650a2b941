"""SQL of search: FTS5 on SQLite, `tsvector` on PostgreSQL, behind the same functions."""
