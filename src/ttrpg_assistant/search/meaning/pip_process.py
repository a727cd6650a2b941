"""pip, in a process that ends when the one that started it does.

`python -m ttrpg_assistant.search.meaning.pip_process FOLDER ARGUMENTS…` runs the pip of this
Python with these arguments, and with its temporary files in FOLDER. The standard input is a pipe
that nothing is written to: it closes when the other end dies, however it dies.
"""

from __future__ import annotations

import os
import runpy
import sys
import tempfile
import threading


def _end_with_the_one_who_started_it() -> None:
    os.read(0, 1)
    os._exit(3)


if __name__ == "__main__":
    tempfile.tempdir = sys.argv[1]
    sys.argv[:] = ["pip", *sys.argv[2:]]
    threading.Thread(target=_end_with_the_one_who_started_it, daemon=True).start()
    runpy.run_module("pip", run_name="__main__", alter_sys=True)
