"""Static files, ready to serve from memory: bundled, compressed, named by their own hash.

It exists so that the shop needs no build step and no Node: the first call reads `static/`, and every page
of this process links to `/static/<hash>/<name>`, which may be kept for ever. The hash ends in a seal of ours, so that only
addresses that some build did give are ever looked up.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import brotli
import lightningcss

from app.settings import settings
from app.web import speculation

HASHED = 10  # hexadecimal digits of a file's SHA-256 in its address; six more are our seal
STATIC = Path(__file__).parents[2] / "static"
STYLES = ("app.css", "admin.css", "xray.css", "invoice.css")
FOREIGN = ("htmx.min.js", "hx-preload.min.js")
# Ours, in this order; `dom.js` holds what the others share. A new file is a line here.
OWN = (
    "dom.js",
    "theme.js",
    "badge.js",
    "toasts.js",
    "variant.js",
    "quantity.js",
    "cart.js",
    "focus.js",
    "menus.js",
    "filters.js",
    "gallery.js",
    "suggest.js",
    "fields.js",
    "transition.js",
    "recent.js",
    "hearts.js",
    "quick.js",
)
# Foreign code is served only as it was reviewed: npm htmx.org@4.0.1, dist/ and dist/ext/.
PINNED = {
    "htmx.min.js": "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130",
    "hx-preload.min.js": "6526defdf2cafd6a6b9f09fe39136e7af7611d103f05cc7068489ef83993f244",
}
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".json": "application/speculationrules+json",  # the only one there is
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
COMPRESSIBLE = (".css", ".js", ".svg", ".webmanifest")
# `url(../fonts/x.woff2)`, as the sources under static/css say it.
RELATIVE_URL = re.compile(r"""url\(\s*["']?\.\./([^"')]+)["']?\s*\)""")


class Changed(Exception):
    """A vendored file is not the one that was pinned."""


class Asset(NamedTuple):
    """One served file; `br` is None where compressing gains nothing."""

    url: str
    body: bytes
    content_type: str
    br: bytes | None


def asset(name: str) -> str:
    """The path of a static file, such as `app.css` or `fonts/figtree.woff2`. Raises KeyError."""
    return built()[name].url


@cache
def inline(name: str) -> str:
    """A small drawing itself as an address: a request less on every first visit. Raises KeyError."""
    return "data:image/svg+xml," + quote(built()[name].body.strip(), safe=" =:/")


def read(fingerprint: str, name: str) -> tuple[bytes, str, bytes | None]:
    """Body, content type and brotli body of a file in exactly this version. Raises KeyError."""
    found = built()[name]
    if found.url != f"/static/{fingerprint}/{name}":
        raise KeyError(name)
    return found.body, found.content_type, found.br


@cache
def built() -> dict[str, Asset]:
    """Every servable file by name. About 0.05 s when the compressed bodies are on disk, 0.3 s when not."""
    made = {name: _asset(name, (STATIC / name).read_bytes()) for name in _plain_files()}
    made["app.js"] = _asset("app.js", _script())
    made |= {name: _asset(name, _style(name, made)) for name in STYLES}
    made["speculation.json"] = _asset("speculation.json", speculation.document())
    made["manifest.webmanifest"] = _asset("manifest.webmanifest", _manifest(made))
    return made


def _plain_files() -> list[str]:
    """Fonts and images: files that are served as they are."""
    files = [*(STATIC / "fonts").iterdir(), *(STATIC / "img").iterdir()]
    return sorted(f"{file.parent.name}/{file.name}" for file in files if file.suffix in TYPES)


def _script() -> bytes:
    """One bundle: separate deferred scripts can miss htmx's start (bigskysoftware/htmx#3693)."""
    return b"\n;\n".join([*(_source(part) for part in FOREIGN), own_script()])


def own_script() -> bytes:
    """Our files as one function that leaves no name behind; all but the first are blocks, so names never collide."""
    shared, *parts = (_lean(_source(part).decode()) for part in OWN)
    return "\n".join(["(() => {", shared, *(f"{{\n{part}\n}}" for part in parts), "})();"]).encode()


def _lean(source: str) -> str:
    """Without whole-line comments and indentation: half a kilobyte of brotli. No string of ours spans lines."""
    lines = (line.strip() for line in source.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def _source(name: str) -> bytes:
    body = (STATIC / "js" / name).read_bytes()
    if name in PINNED and hashlib.sha256(body).hexdigest() != PINNED[name]:
        raise Changed(f"static/js/{name} is not the pinned version; see app/web/assets.py")
    return body


def _style(name: str, made: dict[str, Asset]) -> bytes:
    """One minified file. No browser list: lightningcss would rewrite `light-dark()` and nesting."""
    css = lightningcss.bundle_css(str(STATIC / "css" / name), minify=True)
    return RELATIVE_URL.sub(lambda found: f"url({made[found[1]].url})", css).encode()


def _manifest(made: dict[str, Asset]) -> bytes:
    icon = {"src": made["img/icon.svg"].url, "type": "image/svg+xml", "sizes": "any"}
    name = settings().shop_name
    about = {"name": name, "short_name": name, "start_url": "/", "display": "browser", "icons": [icon]}
    return json.dumps(about).encode()


def _asset(name: str, body: bytes) -> Asset:
    digest = hashlib.sha256(body).hexdigest()
    suffix = Path(name).suffix
    br = _brotli(digest, body) if suffix in COMPRESSIBLE else None
    return Asset(url_of(digest, name), body, TYPES[suffix], br)


def url_of(digest: str, name: str) -> str:
    """The address of a file with this SHA-256."""
    return f"/static/{digest[:HASHED]}{_seal(digest[:HASHED], name)}/{name}"


def is_ours(fingerprint: str, name: str) -> bool:
    """Whether the shop, in this build or another, has ever given a file this address: nobody else can make one up."""
    digest, seal = fingerprint[:HASHED], fingerprint[HASHED:]
    return hmac.compare_digest(seal.encode(), _seal(digest, name).encode())


def _seal(digest: str, name: str) -> str:
    said = f"{digest}/{name}".encode()
    return hmac.new(f"static:{settings().secret}".encode(), said, hashlib.sha256).hexdigest()[:6]


def _brotli(digest: str, body: bytes) -> bytes:
    """`body` at brotli's best, from the home folder when some process did it before."""
    if not settings().home:
        return brotli.compress(body, quality=11)
    kept = Path(settings().home) / "static" / f"{digest}.br"
    with suppress(OSError, brotli.error):
        packed = kept.read_bytes()
        if brotli.decompress(packed) == body:  # a half-written or foreign file is made anew
            return packed
    packed = brotli.compress(body, quality=11)
    _keep(kept, packed)
    return packed


def _keep(path: Path, packed: bytes) -> None:
    """Written whole or not at all; a folder that can't be written costs the next start a moment, no more."""
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(packed)
        Path(draft).replace(path)
