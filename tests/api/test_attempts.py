"""Wrong tokens are counted by address, in bounded memory; devices have plain names."""

from __future__ import annotations

import pytest

from ttrpg_assistant.api import attempts
from ttrpg_assistant.api.attempts import FREE, MOST_ADDRESSES, REMEMBERED, Attempts
from ttrpg_assistant.api.device_names import name_device
from ttrpg_assistant.errors import TooManyAttempts


def guess(counted: Attempts, address: str, number: int) -> float:
    """Seconds to wait after this wrong token; 0 when it need not."""
    try:
        counted.note_wrong(address, f"hash {number}")
    except TooManyAttempts as fault:
        return fault.retry_after
    return 0.0


def test_the_pause_grows_to_a_minute_and_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("ttrpg_assistant.api.attempts.time.monotonic", lambda: now)
    counted = Attempts()
    pauses = []
    for number in range(FREE + 9):
        pauses.append(guess(counted, "10.0.0.1", number))
        now += pauses[-1]
    assert pauses == [0.0] * FREE + [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert guess(counted, "10.0.0.2", 1) == 0.0, "another address is not slowed"
    now += attempts.FORGOTTEN_SECONDS + 1
    assert guess(counted, "10.0.0.1", 99) == 0.0


def test_guesses_during_a_pause_do_not_make_it_longer() -> None:
    counted = Attempts()
    pauses = [guess(counted, "10.0.0.1", number) for number in range(500)]
    assert all(0 < pause <= 1 for pause in pauses[FREE:])


def test_an_ipv6_machine_is_one_address_however_many_it_uses() -> None:
    counted = Attempts()
    pauses = [guess(counted, f"2001:db8::{number:x}", number) for number in range(FREE + 1)]
    assert pauses[-1] > 0
    assert guess(counted, "2001:db8:0:1::1", 0) == 0.0
    assert guess(counted, "::ffff:10.0.0.9", 0) == guess(counted, "10.0.0.9", 1) == 0.0


def test_memory_is_bounded() -> None:
    counted = Attempts()
    for number in range(MOST_ADDRESSES + 50):
        guess(counted, f"host {number}", 0)
    for number in range(REMEMBERED + 50):
        guess(counted, "one host", number)
    assert len(counted._addresses) == MOST_ADDRESSES
    assert len(counted._addresses["one host"].tried) == REMEMBERED


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox on Linux",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Macintosh) Version/18.0 Safari/605.1.15", "Safari on Mac"),
        ("Mozilla/5.0 (iPhone) CriOS/140.0 Mobile Safari/604.1", "Chrome on iPhone"),
        ("python-httpx/1.0", "python-httpx"),
        ("<script>alert(1)</script>", "A browser"),
        ("", "A browser"),
        ("x" * 100_000, "x" * 40),
    ],
)
def test_a_device_has_a_plain_name(agent: str, name: str) -> None:
    assert name_device(agent) == name
