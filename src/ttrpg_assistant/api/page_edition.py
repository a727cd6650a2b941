"""The page as it is sent now: its modules and style sheets joined, under the name of their content.

Nothing is built beforehand. What `web/` holds is joined in memory when the page is first opened,
and again when the page is opened after a file changed, so that editing and reloading is all
there is to do. A name holds the hash of what stands behind it, so a browser keeps it for good.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import structlog

from ttrpg_assistant.api.page_joining import CannotJoin, Joined, join_modules, join_styles

log = structlog.get_logger(__name__)

OWN_FOLDERS = ("app", "styles")
"""Files that are joined, and looked at each time the page is opened."""

VENDORED_FOLDERS = ("vendor", "fonts")
"""Files that change with a release only, and are looked at when the server starts."""

ENTRY = "/app/main.js"
FIRST = "/app/first.js"
"""An ordinary script: it runs before the first paint, so it cannot wait for the modules."""

EDITIONS_KEPT = 4
"""A page opened just before a file changed still asks for what it was told of."""

TYPES = {".js": "text/javascript", ".css": "text/css", ".map": "application/json"}

_STYLES = re.compile(r'[ \t]*<link rel="stylesheet" href="(/styles/[^"]+)">\n')
_INLINE_MAP = re.compile(r'<script type="importmap">(.*?)</script>', re.DOTALL)


class Made:
    """A text to send, and the same compressed. Once it is, only that is kept."""

    def __init__(self, text: bytes, media_type: str) -> None:
        self.media_type = media_type
        self._text: bytes | None = text
        self._small: bytes | None = None
        self._compressing = threading.Lock()

    @property
    def text(self) -> bytes:
        """As it is."""
        text, small = self._text, self._small
        if text is None:
            assert small is not None
            text = gzip.decompress(small)
        return text

    def compress(self) -> bytes:
        """Compressed once, when it is first asked for: that is what browsers ask for."""
        with self._compressing:
            if self._small is None:
                self._small = gzip.compress(self.text, compresslevel=6, mtime=0)
                self._text = None
            return self._small


@dataclass(frozen=True, slots=True)
class Edition:
    """The page and what it names: texts by file name, all under `/v/{version}/`."""

    version: str
    index: bytes
    made: Mapping[str, Made]

    def compress(self) -> None:
        """Compress all of it, which a browser that has the page asks for next."""
        for made in self.made.values():
            made.compress()


class PageEditions:
    """The newest edition of the page in a folder, and a few before it.

    `made_modules` are texts by their address that take the place of files.
    """

    def __init__(self, web: Path, made_modules: Mapping[str, str] | None = None) -> None:
        self._web = web
        self.made_modules = made_modules or {}
        self._joining = threading.Lock()
        self._seen = ""
        self._kept: OrderedDict[str, Edition] = OrderedDict()
        self.vendored = self._hash_vendored()

    def script_hashes(self) -> list[str]:
        """The hashes of the import maps in the page, which no policy lets in otherwise."""
        return [
            "sha256-" + base64.b64encode(hashlib.sha256(found.encode()).digest()).decode()
            for found in _INLINE_MAP.findall(self._read_index())
        ]

    def current(self) -> Edition:
        """The page as its files are now. Takes some 50 ms after a change, else one or two."""
        with self._joining:
            seen = self._look()
            if seen != self._seen or not self._kept:
                made = self._make()
                self._kept[made.version] = made
                self._kept.move_to_end(made.version)
                while len(self._kept) > EDITIONS_KEPT:
                    self._kept.popitem(last=False)
                self._seen = seen
            return next(reversed(self._kept.values()))

    def find(self, version: str) -> Edition | None:
        """An edition that was current lately."""
        return self._kept.get(version)

    def _look(self) -> str:
        """Changes when any file of the page's own does: names, sizes and times, not contents."""
        seen = hashlib.sha256()
        for path in [self._web / "index.html", *self._list(OWN_FOLDERS)]:
            found = path.stat()
            seen.update(f"{path}:{found.st_mtime_ns}:{found.st_size};".encode())
        return seen.hexdigest()

    def _make(self) -> Edition:
        index = self._read_index()
        try:
            script, style = self._join_modules(), self._join_styles(index)
        except CannotJoin as fault:
            # Slower, and all the same: the page is made so that it runs from its files.
            log.warning("page.not_joined", why=str(fault))
            return Edition(_hash(index), index.encode(), {})
        first = (self._web / FIRST[1:]).read_bytes()
        texts = {
            "page.js": script.text,
            "page.js.map": script.source_map,
            "page.css": style.text,
            "page.css.map": style.source_map,
            "first.js": first,
        }
        version = _hash(*texts.values())
        named = f"/v/{version}/"
        index = index.replace(f'"{ENTRY}"', f'"{named}page.js"')
        index = index.replace(f'"{FIRST}"', f'"{named}first.js"')
        link = f'    <link rel="stylesheet" href="{named}page.css">\n'
        index = _STYLES.sub("", _STYLES.sub(lambda found: link + found[0], index, count=1))
        made = {name: Made(text, TYPES[Path(name).suffix]) for name, text in texts.items()}
        return Edition(version, index.encode(), made)

    def _join_modules(self) -> Joined:
        paths = {
            f"/{path.relative_to(self._web).as_posix()}": path
            for path in self._list(("app",), "*.js")
        }
        paths.pop(FIRST, None)
        return join_modules(_Modules(paths, self.made_modules), ENTRY)

    def _join_styles(self, index: str) -> Joined:
        sheets = [
            (name, self._name_vendored((self._web / name[1:]).read_text(encoding="utf-8")))
            for name in _STYLES.findall(index)
        ]
        return join_styles(sheets)

    def _read_index(self) -> str:
        return self._name_vendored((self._web / "index.html").read_text(encoding="utf-8"))

    def _name_vendored(self, text: str) -> str:
        """The same text with vendored files under their version."""
        for folder in VENDORED_FOLDERS:
            text = text.replace(f'"/{folder}/', f'"/v/{self.vendored}/{folder}/')
        return text

    def _hash_vendored(self) -> str:
        return _hash(*(path.read_bytes() for path in self._list(VENDORED_FOLDERS)))

    def _list(self, folders: tuple[str, ...], pattern: str = "*.*") -> list[Path]:
        return [path for folder in folders for path in sorted((self._web / folder).rglob(pattern))]


class _Modules(Mapping[str, str]):
    """Texts of modules by their address. What stands in a file is read when it is asked for: all of
    them at once are some megabytes, which an idle server would go on holding."""

    def __init__(self, paths: Mapping[str, Path], made: Mapping[str, str]) -> None:
        self._paths = paths
        self._made = made

    def __getitem__(self, name: str) -> str:
        made = self._made.get(name)
        return self._paths[name].read_text(encoding="utf-8") if made is None else made

    def __contains__(self, name: object) -> bool:
        return name in self._paths or name in self._made

    def __iter__(self) -> Iterator[str]:
        return iter({**self._paths, **self._made})

    def __len__(self) -> int:
        return len(self._paths.keys() | self._made.keys())


def _hash(*texts: bytes | str) -> str:
    seen = hashlib.sha256()
    for text in texts:
        seen.update(hashlib.sha256(text.encode() if isinstance(text, str) else text).digest())
    return seen.hexdigest()[:16]
