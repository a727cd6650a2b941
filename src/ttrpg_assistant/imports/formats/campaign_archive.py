"""An archive of a campaign that this program made: recognised here, restored by `archives`."""

from __future__ import annotations

from collections.abc import Sequence

from ttrpg_assistant.archives.archive_file import FORMAT as OWN
from ttrpg_assistant.archives.archive_file import MANIFEST, ArchiveFile
from ttrpg_assistant.errors import Fault, InvalidInput
from ttrpg_assistant.imports.model import Note, Reading, SourceFile
from ttrpg_assistant.imports.unpacking import Unpacking, is_zip
from ttrpg_assistant.outside_json import find_json

NAME = "campaign_archive"
MANIFEST_BYTES = 8 * 1024**2


class CampaignArchiveFormat:
    """A zip with the manifest of this program."""

    name = NAME
    label = "Campaign archive"
    rank = 0

    def recognises(self, files: Sequence[SourceFile], beginning: bytes) -> bool:
        """Whether the one file is a zip whose manifest says so."""
        if len(files) != 1 or not is_zip(beginning):
            return False
        try:
            with Unpacking(files[0].path, most_bytes=8 * 1024**3) as zipped:
                if MANIFEST not in zipped.names:
                    return False
                manifest = find_json(zipped.read(MANIFEST, MANIFEST_BYTES))
        except Fault:
            return False
        return isinstance(manifest, dict) and manifest.get("format") == OWN

    def read(self, files: Sequence[SourceFile]) -> Reading:
        """What it says of itself. Raises `InvalidInput` for more than one, and the faults of an
        archive that cannot be read."""
        if len(files) > 1:
            raise InvalidInput(
                "Only one archive of a campaign can be imported at a time.",
                code="import_one_archive",
                cure="Import the archives one after another.",
            )
        archive = ArchiveFile(files[0].path)
        try:
            manifest = archive.read_manifest()
        finally:
            archive.close()
        rows = ", ".join(
            f"{count} {name.replace('_', ' ')}"
            for name, count in manifest.rows.items()
            if count and name in ("npcs", "locations", "plot_points", "things", "messages")
        )
        return Reading(
            format=NAME,
            used=(Note(manifest.name, f"restored as a campaign of its own: {rows or 'empty'}"),),
        )


FORMAT = CampaignArchiveFormat()
