#!/bin/sh
# Prints a Python of at least 3.11, or says in one sentence that there is none.
# The project's own environment comes first: finding it costs nothing.
for candidate in "${PYTHON:-}" .venv/bin/python python3 python3.14 python3.13 python3.12 \
  python3.11 python; do
  [ -n "$candidate" ] || continue
  if "$candidate" -S -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
    echo "$candidate"
    exit 0
  fi
done
echo "TTRPG Assistant needs Python 3.11 or newer, and there is none on the PATH." \
  "Install one from python.org or your system's packages," \
  "or name it: make run PYTHON=/path/to/python3" >&2
exit 1
