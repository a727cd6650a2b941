"""What the command line asks of whoever syncs folders."""

from __future__ import annotations

from typing import Any, Protocol


class VaultServer(Protocol):
    """A server on this machine that the command line speaks to."""

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Its JSON answer. Raises the fault that it names."""
        ...


class VaultKeeper(Protocol):
    """The folders: of a server, or of the database itself. All of them raise the faults of
    `Vaults`."""

    async def get_campaign(self, named: str) -> str:
        """The id of a campaign that is named by its id or by what it is called. Raises `NotFound`,
        and `InvalidInput` where several are called so."""
        ...

    async def link(self, campaign_id: str, folder: str) -> None:
        """Link a campaign with a folder."""
        ...

    async def unlink(self, campaign_id: str) -> None:
        """Unlink it."""
        ...

    async def get(self, campaign_id: str) -> Any:
        """How it is, as the API tells it."""
        ...

    async def sync(self, campaign_id: str) -> Any:
        """Look at both sides now; how it is then."""
        ...
