"""Processes of their own that each do one thing and may be killed in the middle of it.

Reads a JSON line for each: `[deed, file, subject, failpoint]`, where the deed is `accept`,
`reject` or `undo` a suggestion, `read` a message, or `finish` a wizard. Forks for one that may be
killed, so that everything is imported once, and answers with the number that process ended with.
One without a failpoint is done here: the forks after it have its statements compiled.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import sys
import traceback

from tests.quick_statements import share_statements
from ttrpg_assistant import failpoints
from ttrpg_assistant.conversations.store import messages
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage.engines import create_database
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


def run_here(deed: str, path: str, subject: str) -> int:
    """Do it, and give what a process would end with."""
    try:
        asyncio.run(main(deed, path, subject))
    except Exception:
        traceback.print_exc()
        return 1
    return 0


def run_apart(deed: str, path: str, subject: str, failpoint: str) -> int:
    """Do it in a process of its own; what that ended with, -9 when it was killed."""
    process = os.fork()
    if process == 0:
        code = 1
        try:
            os.environ["TTRPG_FAILPOINT"] = failpoint
            importlib.reload(failpoints)
            code = run_here(deed, path, subject)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    _, status = os.waitpid(process, 0)
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    share_statements()
    for line in sys.stdin:
        sys.stderr.flush()
        *wanted, armed = json.loads(line)
        ended = run_apart(*wanted, armed) if armed else run_here(*wanted)
        print("ended", ended, flush=True)
