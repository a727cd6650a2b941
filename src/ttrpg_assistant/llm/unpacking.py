"""Unpacks answers that a server packed although it was asked not to, a bounded piece at a time.

A few bytes can unpack to gigabytes: what comes out is given on in pieces, so that the limits on
answers and lists end it.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncGenerator, AsyncIterable
from typing import Final

import httpx2

PACKED: Final = frozenset({"gzip", "x-gzip", "deflate"})
"""The encodings of a body that are understood."""

PIECE_BYTES: Final = 64 * 1024
_GZIP_OR_ZLIB: Final = 32 + zlib.MAX_WBITS


async def unpack(packed: AsyncIterable[bytes]) -> AsyncGenerator[bytes, None]:
    """The body as it was before it was packed. Raises `httpx2.DecodingError` where it is broken."""
    inflater = zlib.decompressobj(_GZIP_OR_ZLIB)
    began = False
    async for data in packed:
        is_more = bool(data) and not inflater.eof
        while is_more:
            try:
                piece = inflater.decompress(data, PIECE_BYTES)
            except zlib.error as reason:
                if began:
                    raise httpx2.DecodingError(str(reason)) from None
                # Some servers call it deflate and leave out its two bytes of head.
                inflater, began = zlib.decompressobj(-zlib.MAX_WBITS), True
                continue
            began = True
            data = inflater.unconsumed_tail
            is_more = not inflater.eof and (bool(data) or len(piece) == PIECE_BYTES)
            if piece:
                yield piece
    if began and not inflater.eof:
        raise httpx2.DecodingError("the packed body ended too early")
