"""What is gone on one side: asked about, answered, and never done on the other side by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.registry import get_kind
from ttrpg_assistant.campaigns.store.entities import archive_entity, restore_entity
from ttrpg_assistant.errors import NotFound
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.vaults import store
from ttrpg_assistant.vaults.model import Answers, ForGone, KeptNote, Report, VaultLink
from ttrpg_assistant.vaults.places import is_many
from ttrpg_assistant.vaults.store import Standing


class Gone:
    """What of one folder is gone on one side."""

    def __init__(
        self,
        link: VaultLink,
        rows: Mapping[str, KeptNote],
        standing: Mapping[str, Standing],
        report: Report,
    ) -> None:
        self._link, self._rows, self._standing, self._report = link, rows, standing, report

    def ask(self, missing: Sequence[KeptNote], files: set[str]) -> None:
        """Ask about notes that are missing, and notes whose things are archived or deleted. So
        many missing at once that it looks like an accident are one question."""
        kept = sum(one.state == "kept" for one in self._rows.values())
        asked = [one for one in missing if one.state == "kept" and self._is_live(one.entity_id)]
        if is_many(len(asked), kept):
            self._report.questions.append(
                {"question": "many_gone", "count": len(asked), "of": kept, "name": ""}
            )
        else:
            for row in asked:
                name = self._standing[row.entity_id].name
                ask_gone(self._report, "note_gone", row.kind, row.entity_id, name, row.path)
        for row in self._rows.values():
            if row.state != "kept" or row.path not in files or self._is_live(row.entity_id):
                continue
            one = self._standing.get(row.entity_id)
            name = one.name if one is not None else PurePosixPath(row.path).stem
            ask_gone(self._report, "thing_gone", row.kind, row.entity_id, name, row.path)
            self._report.questions[-1]["is_archived"] = one is not None

    async def settle(
        self, database: Database, changes: Changes, answers: Answers, files: set[str]
    ) -> bool:
        """Do as was answered, forget what is gone on both sides, bring back into step what is in
        use again; whether anything was done."""
        gone = dict(answers.gone)
        if answers.all_gone is not None:
            for row in self._rows.values():
                if row.state == "kept" and row.path not in files:
                    gone.setdefault(row.entity_id, answers.all_gone)
        again = [
            row
            for row in self._rows.values()
            if row.state == "left" and row.path in files and self._is_live(row.entity_id)
        ]
        both_gone = [
            row.id
            for row in self._rows.values()
            if row.path not in files and row.entity_id not in self._standing
        ]
        if not gone and not again and not both_gone:
            return False

        def work(tx: Connection) -> None:
            store.drop_notes(tx, both_gone)
            for row in again:
                store.put_note(tx, replace(row, state="kept", size=-1))
            for id, answer in gone.items():
                self._answer(tx, id, answer, answers.paths.get(id, ""), files)

        await changes.write(
            database, work, lambda _: [("campaign", {"id": self._link.campaign_id})]
        )
        return True

    def _answer(self, tx: Connection, id: str, answer: ForGone, path: str, files: set[str]) -> None:
        row = self._rows.get(id)
        campaign_id = self._link.campaign_id
        kind_name = row.kind if row else store.find_kind_of(tx, campaign_id, id)
        if kind_name is None or (row is None and path not in files):
            raise NotFound(
                "This question is answered already.",
                code="vault_question_gone",
                cure="Look at the folder again.",
            )
        has_note = row is None or row.path in files
        if answer == "restore":
            restore_entity(tx, get_kind(kind_name), id)
            if row is not None:
                store.put_note(tx, replace(row, size=-1))
        elif answer == "archive" and row is not None:
            archive_entity(tx, get_kind(kind_name), id)
            store.put_note(tx, replace(row, state="left", path=row.path if has_note else ""))
        elif answer == "write" and row is not None and not has_note:
            store.drop_notes(tx, [row.id])
        elif answer == "apart":
            left = row or _blank_row(self._link, kind_name, id, path)
            store.put_note(tx, replace(left, state="left", path=left.path if has_note else ""))

    def _is_live(self, id: str) -> bool:
        one = self._standing.get(id)
        return one is not None and not one.is_archived


def ask_gone(report: Report, question: str, kind: str, id: str, name: str, path: str) -> None:
    """Ask about one note or thing."""
    report.questions.append(
        {"question": question, "kind": kind, "id": id, "name": name, "path": path}
    )


def _blank_row(link: VaultLink, kind: str, id: str, path: str) -> KeptNote:
    return KeptNote(new_id(), link.id, kind, id, path, "", -1, 0, 0, 0, {}, {}, "left")
