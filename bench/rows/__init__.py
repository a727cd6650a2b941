"""One file a row. To add a row: write `NAME.py` with `async def measure(place) -> list[Line]`,
and put its name here, where it should stand in the table. `place` is an empty folder.
"""

ROWS = (
    "first_token",
    "paced_reply",
    "burst",
    "concurrent",
    "durable_sends",
    "history_page",
    "search",
    "search_languages",
    "recall",
    "table_talk",
    "summaries",
    "loose_threads",
    "transcript",
    "prompt",
    "cold_start",
    "browser",
    "painted",
    "killed",
)
