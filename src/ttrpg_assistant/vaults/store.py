"""SQL of folders, their notes, and of the things that are synced with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select, update

from ttrpg_assistant.campaigns.registry import KINDS
from ttrpg_assistant.campaigns.store.entities import check_campaign
from ttrpg_assistant.conversations.store.leases import database_clock
from ttrpg_assistant.errors import Conflict, NotFound
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.vaults.model import KeptNote, VaultLink
from ttrpg_assistant.vaults.tables import vault_links, vault_notes

LEASE_SECONDS = 60.0
"""How long a server is believed to look after a folder without saying so again."""

AT_ONCE = 500
_l, _n = vault_links.c, vault_notes.c
_LINK = [_l[name] for name in VaultLink.__dataclass_fields__]
_NOTE = [_n[name] for name in KeptNote.__dataclass_fields__]


@dataclass(frozen=True, slots=True)
class Standing:
    """A thing as far as a look needs it: which revision it is, and whether it is in use."""

    kind: str
    id: str
    name: str
    revision: int
    is_archived: bool


def add_link(tx: Connection, campaign_id: str, folder: str) -> VaultLink:
    """Link a campaign with a folder. Raises `NotFound`, and `Conflict` where the campaign has one,
    or the folder is another's or lies in or around it."""
    check_campaign(tx, campaign_id)
    for one in list_links(tx):
        if one.campaign_id == campaign_id and one.folder != folder:
            raise Conflict(
                "This campaign is synced with another folder already.",
                code="vault_linked",
                cure="Unlink that one first. Its files stay.",
            )
        if one.campaign_id == campaign_id:
            return one
        own, other = f"{one.folder}/", f"{folder}/"
        if own.startswith(other) or other.startswith(own):
            raise Conflict(
                "Another campaign is synced with this folder, or one in or around it.",
                code="vault_folder_taken",
                cure="Choose another folder.",
            )
    row: dict[str, Any] = {
        "id": new_id(),
        "campaign_id": campaign_id,
        "folder": folder,
        "state": "on",
        "synced_at": None,
        "report": {},
        "created_at": utc_now(),
    }
    tx.execute(insert(vault_links).values(row))
    return VaultLink(**row)


def find_link(tx: Connection, campaign_id: str) -> VaultLink | None:
    """The folder of a campaign, or None. Raises `NotFound` without such a campaign."""
    check_campaign(tx, campaign_id)
    row = tx.execute(select(*_LINK).where(_l.campaign_id == campaign_id)).mappings().first()
    return None if row is None else VaultLink(**row)


def get_link(tx: Connection, campaign_id: str) -> VaultLink:
    """The folder of a campaign. Raises `NotFound`."""
    found = find_link(tx, campaign_id)
    if found is None:
        raise not_linked()
    return found


def not_linked() -> NotFound:
    """What is said of a campaign without a folder."""
    return NotFound(
        "This campaign is not synced with a folder.",
        code="vault_not_linked",
        cure="Link a folder first.",
    )


def list_links(tx: Connection) -> list[VaultLink]:
    """Every folder, the oldest first."""
    rows = tx.execute(select(*_LINK).order_by(_l.created_at, _l.id)).mappings()
    return [VaultLink(**row) for row in rows]


def drop_link(tx: Connection, id: str) -> None:
    """Forget a folder and what is known of its notes."""
    tx.execute(delete(vault_notes).where(_n.link_id == id))
    tx.execute(delete(vault_links).where(_l.id == id))


def set_link(tx: Connection, id: str, **values: Any) -> None:
    """Change what is known of a folder."""
    tx.execute(update(vault_links).where(_l.id == id).values(values))


def claim_link(tx: Connection, id: str, holder: str) -> bool:
    """Whether this server looks after the folder now, and for another lease. On SQLite no other
    one can."""
    wanted = [_l.id == id]
    clock = database_clock(tx.dialect.name)
    if tx.dialect.name != "sqlite":
        is_over = or_(_l.held_until < clock, _l.held_until > clock + 2 * LEASE_SECONDS)
        wanted.append(or_(_l.holder.is_(None), _l.holder == holder, is_over))
    values = {"holder": holder, "held_until": clock + LEASE_SECONDS}
    return tx.execute(update(vault_links).where(*wanted).values(values)).rowcount == 1


def release_links(tx: Connection, holder: str) -> None:
    """This server looks after no folder any more."""
    released = update(vault_links).where(_l.holder == holder)
    tx.execute(released.values(holder=None, held_until=None))


def list_notes(tx: Connection, link_id: str) -> list[KeptNote]:
    """Everything that is known of the notes of a folder."""
    rows = tx.execute(select(*_NOTE).where(_n.link_id == link_id).order_by(_n.path)).mappings()
    return [KeptNote(**row) for row in rows]


def put_note(tx: Connection, note: KeptNote) -> None:
    """Write down what both sides agree on."""
    values = {name: getattr(note, name) for name in KeptNote.__dataclass_fields__}
    done = tx.execute(update(vault_notes).where(_n.id == note.id).values(values))
    if done.rowcount != 1:
        tx.execute(delete(vault_notes).where(_is_of(note.link_id, note.entity_id)))
        tx.execute(insert(vault_notes).values(values))


def _is_of(link_id: str, entity_id: str) -> Any:
    return (_n.link_id == link_id) & (_n.entity_id == entity_id)


def touch_notes(tx: Connection, rows: Iterable[KeptNote]) -> None:
    """Write down when these were read last."""
    for row in rows:
        tx.execute(update(vault_notes).where(_n.id == row.id).values(read_ns=row.read_ns))


def drop_notes(tx: Connection, ids: Iterable[str]) -> None:
    """Forget notes whose things are gone with them."""
    wanted = list(ids)
    for start in range(0, len(wanted), AT_ONCE):
        tx.execute(delete(vault_notes).where(_n.id.in_(wanted[start : start + AT_ONCE])))


def list_standing(tx: Connection, campaign_id: str) -> dict[str, Standing]:
    """The live things and game sessions of a campaign, by id."""
    found: dict[str, Standing] = {}
    for kind in KINDS.values():
        if kind.name == "campaign":
            continue
        c = kind.table.c
        wanted = [c.id, c[kind.name_field], c.revision, c.archived_at]
        wanted += [c.session_number] if "session_number" in c else []
        query = select(*wanted).where(
            c.campaign_id == campaign_id, c.removed_at.is_(None), *kind.is_of_kind
        )
        for id, name, revision, archived_at, *number in tx.execute(query.order_by(c.id)):
            called = str(name)
            if number:
                called = f"{number[0]:02} {called or f'{kind.noun.capitalize()} {number[0]}'}"
            found[str(id)] = Standing(
                kind.name, str(id), called, int(revision), archived_at is not None
            )
    return found


def find_kind_of(tx: Connection, campaign_id: str, id: str) -> str | None:
    """The kind of a thing of the campaign, also of one that was removed."""
    for kind in KINDS.values():
        if kind.name == "campaign":
            continue
        c = kind.table.c
        query = select(c.id).where(c.id == id, c.campaign_id == campaign_id, *kind.is_of_kind)
        if tx.execute(query).first() is not None:
            return str(kind.name)
    return None
