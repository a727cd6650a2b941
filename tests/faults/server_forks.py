"""Servers that need not import the program again: `python server_forks.py FD`, one a test worker.

It imports what a server imports and reads its routes, once, and then forks a server for each
request that comes through the socket FD: `{"arguments": […], "environment": {…}}` with two
descriptors, for its output and its log. The fork is a process of its own in a session of its own,
and runs the command line as `python -m ttrpg_assistant` does. `{"wait": PID}` tells how one that
has ended did.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[2]))

from tests.quick_routes import share_routes

MOST = 1 << 20
"""Bytes of one request: an environment is far smaller."""


def import_program() -> None:
    """What a server imports while it starts, and what it reads of its routes. It starts no thread
    and opens nothing."""
    import uvicorn  # noqa: F401

    import ttrpg_assistant.app
    import ttrpg_assistant.cli
    import ttrpg_assistant.logs
    import ttrpg_assistant.serving
    import ttrpg_assistant.storage.sqlite

    share_routes()
    settings = ttrpg_assistant.settings.Settings(
        data_dir=Path("nowhere"), token="none", token_is_fixed=True, port=1
    )
    ttrpg_assistant.app.create_app(settings)


def main(descriptor: int) -> list[str] | None:
    """Serve requests; the arguments of the program in a fork, None when nobody asks any more."""
    line = socket.socket(fileno=descriptor)
    import_program()
    gc.freeze()  # What is shared stays shared.
    line.send(b"{}")
    forked: set[int] = set()
    while True:
        data, descriptors, _, _ = socket.recv_fds(line, MOST, 2)
        if not data:
            break
        asked: dict[str, Any] = json.loads(data)
        if "wait" in asked:
            ended, status = os.waitpid(asked["wait"], 0)
            forked.discard(ended)
            answer = {"exit": os.waitstatus_to_exitcode(status)}
        else:
            heard, told = os.pipe()
            if (pid := os.fork()) == 0:
                line.close()
                become_server(asked, descriptors)
                os.write(told, b".")
                os.close(told)
                os.close(heard)
                return ["ttrpg-assistant", *asked["arguments"]]
            for each in (*descriptors, told):
                os.close(each)
            os.read(heard, 1)  # It has its own session now.
            os.close(heard)
            forked.add(pid)
            answer = {"pid": pid}
        line.send(json.dumps(answer).encode())
    for pid in forked:
        os.kill(pid, signal.SIGKILL)
    return None


def become_server(asked: dict[str, Any], descriptors: list[int]) -> None:
    """Its own session, output, log and environment, as a new process has them."""
    from ttrpg_assistant import failpoints

    os.setsid()
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in zip((nothing, *descriptors), (0, 1, 2), strict=True):
        os.dup2(source, target)
        os.close(source)
    os.environ.clear()
    os.environ.update(asked["environment"])
    failpoints._armed, failpoints._remaining = failpoints._read()


if __name__ == "__main__":
    arguments = main(int(sys.argv[1]))
    if arguments is not None:
        from ttrpg_assistant.cli import main as run

        sys.argv = arguments
        run()
