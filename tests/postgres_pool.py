"""PostgreSQL databases that are used again: emptying one takes a tenth of making one.

A test cannot tell the difference. What another test left behind is gone, rows that a new
database comes with are there again, and numbers begin at one; a database whose schema is not
quite as it was, or that somebody still holds, is dropped instead.
"""

from __future__ import annotations

from typing import Any

import asyncpg

SCHEMA = """
    SELECT md5(string_agg(line, E'\\n' ORDER BY line)) FROM (
        SELECT format('%s %s %s', oid, relname, relkind) AS line FROM pg_class
            WHERE relnamespace = 'public'::regnamespace
        UNION ALL SELECT format('%s %s %s %s', attrelid, attname, atttypid, attnotnull)
            FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
            WHERE relnamespace = 'public'::regnamespace
        UNION ALL SELECT format('%s %s %s', tgrelid, tgname, tgenabled) FROM pg_trigger
        UNION ALL SELECT format('%s %s', conrelid, conname) FROM pg_constraint
            WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT format('%s %s', oid, prosrc) FROM pg_proc
            WHERE pronamespace = 'public'::regnamespace
    ) AS everything
"""
"""What the schema is, in one word. Names of things alone would miss a table made anew."""

TABLES = """
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname
"""
LEFT = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
NUMBERS = """
    SELECT setval(oid::regclass, 1, false) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'
"""


class NewDatabase:
    """What a database is like when nobody has used it."""

    def __init__(self, schema: str, tables: list[str], rows: dict[str, str]) -> None:
        self._schema = schema
        self._tables = tables
        self._rows = rows

    @classmethod
    async def look_at(cls, address: str) -> NewDatabase:
        """Remember a new one."""
        connection = await asyncpg.connect(address)
        try:
            tables = [row[0] for row in await connection.fetch(TABLES)]
            rows: dict[str, str] = {}
            for table in tables:
                found = await connection.fetchval(f'SELECT json_agg(t) FROM "{table}" t')
                if found is not None:
                    rows[table] = found
            return cls(await connection.fetchval(SCHEMA), tables, rows)
        finally:
            await connection.close()

    async def restore(self, address: str) -> bool:
        """Make a used one like that again. False: it cannot be."""
        try:
            connection = await asyncpg.connect(address)
        except (OSError, asyncpg.PostgresError):
            return False
        try:
            await connection.execute("SET lock_timeout = '2s'; SET statement_timeout = '10s'")
            await connection.execute(LEFT)
            if await self._is_other(connection):
                return False
            async with connection.transaction():
                await connection.execute("SET LOCAL session_replication_role = replica")
                await connection.execute(";".join(f'DELETE FROM "{t}"' for t in self._tables))
                for table, rows in self._rows.items():
                    await connection.execute(
                        f'INSERT INTO "{table}"'
                        f' SELECT * FROM json_populate_recordset(NULL::"{table}", $1)',
                        rows,
                    )
                await connection.execute(NUMBERS)
            return True
        except asyncpg.PostgresError:
            return False
        finally:
            await connection.close()

    async def _is_other(self, connection: asyncpg.Connection[Any]) -> bool:
        return bool(await connection.fetchval(SCHEMA) != self._schema)
