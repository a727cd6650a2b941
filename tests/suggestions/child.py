"""A process of its own that does one thing and may be killed in the middle of it.

child.py accept FILE SUGGESTION      child.py reject FILE SUGGESTION
child.py undo FILE SUGGESTION        child.py read FILE MESSAGE
child.py finish FILE WIZARD
"""

from __future__ import annotations

import asyncio
import sys

from ttrpg_assistant.conversations.store import messages
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage.database import create_database
from ttrpg_assistant.suggestions.reader import SuggestionReader
from ttrpg_assistant.suggestions.service import Suggestions
from ttrpg_assistant.suggestions.wizard import Wizards


async def main(deed: str, path: str, subject: str) -> None:
    database = create_database(path)
    await database.open()
    if deed == "read":
        message = await database.read(lambda tx: messages.get_message(tx, subject))
        await SuggestionReader(database, Changes()).read_reply(message)
    elif deed == "finish":
        await Wizards(database, Changes()).finish(subject)
    else:
        await getattr(Suggestions(database, Changes()), deed)(subject)
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
