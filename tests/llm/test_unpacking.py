"""Answers that were packed although nobody asked for it."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import AsyncIterator, Callable

import httpx2
import pytest

from tests.llm.dialect_cases import hear, make_provider
from tests.llm.loopback import ANSWER, RawServer
from ttrpg_assistant.errors import BadAnswer, CutOff, ModelFault
from ttrpg_assistant.llm.answers import MAX_ANSWER_BYTES
from ttrpg_assistant.llm.unpacking import PIECE_BYTES, unpack

HEAD = b"HTTP/1.1 200 OK\r\ncontent-encoding: %s\r\ncontent-length: %d\r\n\r\n"


def deflate(data: bytes, bits: int = -zlib.MAX_WBITS) -> bytes:
    packer = zlib.compressobj(wbits=bits)
    return packer.compress(data) + packer.flush()


WAYS: list[tuple[bytes, Callable[[bytes], bytes]]] = [
    (b"gzip", gzip.compress),
    (b"X-GZip", gzip.compress),
    (b"deflate", zlib.compress),
    (b"deflate", deflate),
]


async def hear_packed(encoding: bytes, body: bytes) -> str | ModelFault:
    async with RawServer(HEAD % (encoding, len(body)) + body) as server:
        provider = make_provider("openai", f"http://127.0.0.1:{server.port}/v1")
        heard = await hear(provider)
        await provider.aclose()
    return heard.text if heard.fault is None else heard.fault


@pytest.mark.parametrize(("encoding", "pack"), WAYS)
async def test_a_packed_answer_is_the_answer(
    encoding: bytes, pack: Callable[[bytes], bytes]
) -> None:
    assert await hear_packed(encoding, pack(ANSWER)) == "Hi"


@pytest.mark.parametrize(("encoding", "pack"), WAYS)
async def test_a_packed_answer_that_breaks_off_is_never_whole(
    encoding: bytes, pack: Callable[[bytes], bytes]
) -> None:
    begun = b'data: {"choices":[{"delta":{"content":"Hi"}}]}\n\n'
    assert isinstance(await hear_packed(encoding, pack(begun * 40)[:-12]), CutOff)


async def test_an_answer_packed_in_an_unknown_way_is_named() -> None:
    fault = await hear_packed(b"br", b"\x1b\x00")
    assert isinstance(fault, BadAnswer)
    assert "packs its answers" in fault.sentence


@pytest.mark.parametrize(("encoding", "pack"), WAYS)
async def test_a_few_bytes_never_become_a_large_piece(
    encoding: bytes, pack: Callable[[bytes], bytes]
) -> None:
    async def bomb() -> AsyncIterator[bytes]:
        yield pack(b" " * 20_000_000)

    sizes = [len(piece) async for piece in unpack(bomb())]
    assert max(sizes) <= PIECE_BYTES
    assert sum(sizes) == 20_000_000


async def test_a_packed_answer_that_unpacks_without_end_is_given_up() -> None:
    bomb = gzip.compress(b"\n" * (MAX_ANSWER_BYTES + 1_000_000))
    assert len(bomb) < 100_000
    fault = await hear_packed(b"gzip", bomb)
    assert isinstance(fault, BadAnswer)
    assert "does not stop" in fault.sentence


async def test_what_is_no_packed_body_is_said_to_be_broken() -> None:
    async def body() -> AsyncIterator[bytes]:
        yield b"this was never packed"

    with pytest.raises(httpx2.DecodingError):
        [piece async for piece in unpack(body())]
