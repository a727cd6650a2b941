"""What a hostile model, or a hostile card pasted into the talk, might write; and who listens.

Every payload tries to run a script (`pwned()`), to reach the collector (`{c}`), or to take the
page somewhere else.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

PAYLOADS = (
    "<script>pwned()</script>",
    "<script src='{c}/script.js'></script>",
    "<SCRIPT\n>pwned()</SCRIPT\t\n bar>",
    "<scr<script>ipt>pwned()</scr</script>ipt>",
    "<img src=x onerror=pwned()>",
    "<img src='{c}/pixel.gif'>",
    "<img srcset='{c}/set.gif 1x'>",
    "![pixel]({c}/markdown.gif)",
    "![pixel][ref]\n\n[ref]: {c}/reference.gif",
    "[![nested]({c}/nested.gif)]({c}/link)",
    "![pixel](//127.0.0.1:{port}/schemeless.gif)",
    "<svg onload=pwned()>",
    "<svg><script>pwned()</script></svg>",
    "<svg><image href='{c}/svg.gif'/><use href='{c}/use.svg#x'/></svg>",
    "<math><mtext><table><mglyph><style><!--</style>"
    '<img title="--&gt;&lt;img src=1 onerror=pwned()&gt;">',
    "<meta http-equiv='refresh' content='0;url={c}/refresh'>",
    "<base href='{c}/'>",
    "<link rel='stylesheet' href='{c}/style.css'>",
    "<link rel='preload' as='image' href='{c}/preload.gif'>",
    "<link rel='dns-prefetch' href='{c}/'><link rel='prefetch' href='{c}/prefetch'>",
    "<style>@import '{c}/import.css'; body {{ background: url({c}/background.gif) }}</style>",
    '<p style="background: url({c}/inline.gif); position: fixed; inset: 0">cover</p>',
    "<iframe src='{c}/frame'></iframe>",
    "<iframe srcdoc='<script>parent.pwned()</script>'></iframe>",
    "<object data='{c}/object'></object><embed src='{c}/embed'>",
    "<form action='{c}/form'><input autofocus onfocus=pwned()><button>Send</button></form>",
    "<video poster='{c}/poster.gif' autoplay><source src='{c}/v.mp4' onerror=pwned()></video>",
    "<audio src='{c}/a.mp3' onerror=pwned()></audio>",
    "<details open ontoggle=pwned()><summary>Open</summary></details>",
    "<body onload=pwned() background='{c}/body.gif'>",
    "<a href='javascript:pwned()'>raw</a>",
    "[click](javascript:pwned())",
    "[click](JaVaScRiPt:pwned())",
    "[click](java\tscript:pwned())",
    "[click](&#106;avascript:pwned())",
    "[click](vbscript:pwned())",
    "[click](data:text/html;base64,PHNjcmlwdD5wd25lZCgpPC9zY3JpcHQ+)",
    "<data:text/html,<script>pwned()</script>>",
    "<javascript:pwned()>",
    "[x]({c}/a 'title\" onmouseover=\"pwned()')",
    '[x](<{c}/" onmouseover="pwned()>)',
    "`<img src=x onerror=pwned()>`",
    "```html\n<img src='{c}/fence.gif' onerror=pwned()>\n```",
    '```" onmouseover="pwned()\ncode\n```',
    "| a |\n|:-:|\n| <img src='{c}/table.gif'> |",
    "> <img src='{c}/quote.gif' onerror=pwned()>",
    "<!--><img src=x onerror=pwned()>-->",
    '<noscript><p title="</noscript><img src=x onerror=pwned()>">',
    "<template><img src='{c}/template.gif'></template><slot name=x></slot>",
    "<xmp><img src=x onerror=pwned()></xmp><plaintext>",
    "<a id=pwned name=pwned ping='{c}/ping' href='#'>clobber</a>",
    "&lt;img src=x onerror=pwned()&gt;",
    "<button formaction='javascript:pwned()' popovertarget=x>Press</button>",
    "[card](ttrpg:npc/<script>pwned()</script>)",
)

WATCH = """
window.caught = [];
window.pwned = (what = "a script ran") => window.caught.push(what);
const FORBIDDEN = "script, style, link, meta, base, img, svg, math, iframe, object, embed, form," +
    "input, button, video, audio, details, template, noscript, [style], [id], [name], [ping]";
const look = (root) => {
  for (const element of root.querySelectorAll?.(".prose *") ?? []) {
    if (element.matches(FORBIDDEN)) pwned(element.outerHTML);
    for (const { name, value } of element.attributes) {
      if (name.startsWith("on")) pwned(element.outerHTML);
      if (name === "href" && !/^(https?:|mailto:|ttrpg:)/i.test(value)) pwned(value);
    }
  }
};
new MutationObserver(() => look(document)).observe(document, {
  childList: true, subtree: true, attributes: true,
});
addEventListener("securitypolicyviolation", (event) => {
  (window.blocked ??= []).push(event.effectiveDirective);
});
"""
"""Runs before the page: notes every script that runs and every element that must not be."""


@dataclass
class Collector:
    """Somebody else's server on this machine: it hears what leaks, and serves its own page."""

    port: int = 0
    heard: list[str] = field(default_factory=list)
    page: str = "<!doctype html><title>Elsewhere</title>"

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def arm(self, payload: str) -> str:
        """A payload that would reach this collector."""
        return payload.format(c=self.address, port=self.port)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            head = await reader.readuntil(b"\r\n\r\n")
            line = head.split(b"\r\n", 1)[0].decode("latin-1")
            if not line.startswith(("GET / ", "GET /favicon")):
                self.heard.append(head.decode("latin-1"))
            body = self.page.encode()
            writer.write(
                b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n"
                b"content-length: %d\r\n\r\n%b" % (len(body), body)
            )
            await writer.drain()
        writer.close()


@asynccontextmanager
async def collector() -> AsyncIterator[Collector]:
    """A collector that listens on a port of its own."""
    found = Collector()
    server = await asyncio.start_server(found.answer, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    async with server:
        yield found
