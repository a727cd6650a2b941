"""Files and folders imported from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.imports.card_samples import card, png, spell, text_chunk, world
from tests.imports.import_table import lay
from tests.running import TOKEN, running
from ttrpg_assistant.cli import cli
from ttrpg_assistant.errors import InvalidInput, NotFound
from ttrpg_assistant.imports.command_line import ImportsHere, ImportsOfServer, import_paths
from ttrpg_assistant.running_server import RunningServer


async def test_a_folder_is_told_and_imported_only_when_that_is_confirmed(tmp_path: Path) -> None:
    folder = tmp_path / "table"
    (folder / "people").mkdir(parents=True)
    (folder / "people" / "mira.png").write_bytes(png(text_chunk(b"chara", card(2))))
    (folder / "Ostrel.json").write_bytes(spell(world()))
    (folder / ".hidden").write_bytes(b"x")
    outside = tmp_path / "outside.txt"
    outside.write_text("not to be read", encoding="utf-8")
    (folder / "link.txt").symlink_to(outside)
    async with running(tmp_path / "data") as app:
        table = await lay(app)
        keeper = ImportsHere(app.services.file_imports, app.services.imports)
        told: list[str] = []
        is_sure = False

        async def run(*paths: Path) -> bool:
            return await import_paths(
                keeper, paths, table.campaign, say=told.append, confirm=lambda: is_sure
            )

        assert await run(folder) is False
        assert told[0] == "Character card, World info: table (2 files)"
        assert "  new       NPC: Mira Vale" in told and told[-1] == "Nothing was imported."
        assert await table.things("npc") == []
        assert not [path for path in (tmp_path / "data" / "imported").rglob("*.bin")]
        is_sure = True
        assert await run(folder) is True
        assert told[-2] == "Imported table: 1 new, 2 facts, 1 facts known already, 1 pictures."
        assert [one["name"] for one in await table.things("npc")] == ["Mira Vale"]
        with pytest.raises(NotFound, match="no file or folder"):
            await run(tmp_path / "gone")


async def test_the_campaign_is_named_by_its_name_or_its_id(tmp_path: Path) -> None:
    (tmp_path / "mira.json").write_bytes(spell(card(2)))
    async with running(tmp_path / "data") as app:
        table = await lay(app)
        keepers = [
            ImportsHere(app.services.file_imports, app.services.imports),
            ImportsOfServer(RunningServer(app.address, TOKEN)),
        ]
        for keeper in keepers:
            for named in ("marsh", " Marsh ", table.campaign, table.campaign.upper()):
                assert await keeper.get_campaign(named) == table.campaign
            with pytest.raises(NotFound, match="no campaign of this name"):
                await keeper.get_campaign("Bog")
        await import_paths(
            keepers[0], [tmp_path / "mira.json"], "Marsh", say=lambda _: None, confirm=lambda: True
        )
        assert [one["name"] for one in await table.things("npc")] == ["Mira Vale"]
        await app.post("/api/campaigns", {"name": "Marsh"})
        for keeper in keepers:
            with pytest.raises(InvalidInput, match="2 campaigns are called like this"):
                await keeper.get_campaign("Marsh")


async def test_what_players_see_elsewhere_is_told_and_opened_to_the_party_when_that_is_asked_for(
    tmp_path: Path,
) -> None:
    places = tmp_path / "World" / "Places"
    (tmp_path / "World" / ".obsidian").mkdir(parents=True)
    (tmp_path / "World" / ".obsidian" / "app.json").write_text("{}")
    places.mkdir()
    for name, head in (("The Gull", "publish: true"), ("The Vault", "type: cellar")):
        (places / f"{name}.md").write_text(f"---\n{head}\n---\nSmoky.")
    async with running(tmp_path / "data") as app:
        here = ImportsHere(app.services.file_imports, app.services.imports)
        for keeper in (here, ImportsOfServer(RunningServer(app.address, TOKEN))):
            for is_open in (False, True):
                table = await lay(app)
                told: list[str] = []
                await import_paths(
                    keeper,
                    [tmp_path / "World"],
                    table.campaign,
                    say=told.append,
                    confirm=lambda: True,
                    open_to_party=is_open,
                )
                then = "the party may know of it" if is_open else "--open-to-party opens that here"
                assert f"  1 thing is seen by players where it comes from: {then}" in told
                gull, vault = sorted(await table.things("location"), key=lambda one: one["name"])
                assert (gull["audience"] == "party", vault["audience"] == "party") == (
                    is_open,
                    False,
                )


def test_the_command_passes_on_that_it_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    async def note(*_: object, open_to_party: bool, **__: object) -> bool:
        asked.append(open_to_party)
        return True

    monkeypatch.setattr("ttrpg_assistant.imports.command_line.import_paths", note)
    for options in ([], ["--open-to-party"]):
        arguments = ["import", str(tmp_path), "--data-dir", str(tmp_path / "data"), *options]
        result = CliRunner().invoke(cli, arguments)
        assert result.exit_code == 0, result.output
    assert asked == [False, True]
