"""One picture while it is drawn: definitions shared by its shapes, and the shapes from back to front."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from app.drawing.shape import num, pack

Stop = tuple[float, str] | tuple[float, str, float]  # offset 0..1, colour, opacity 0..1
Box = tuple[float, float, float, float]

WIDTH, HEIGHT = 800, 1000
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
THIN = 2  # the line width nothing needs to say
WORTH_SHARING = 40  # characters; a shorter path is cheaper written twice


class Canvas:
    """Collects markup. What is asked for twice, a definition or an outline, is kept once: pictures stay small."""

    def __init__(self) -> None:
        self._defs: dict[tuple[str, str, str], str] = {}
        self._shapes: list[tuple[str, str]] = []  # (path, attributes), or ("", markup)

    def define(self, tag: str, attributes: str, inner: str) -> str:
        """Keep a definition; returns its id."""
        return self._defs.setdefault((tag, attributes, inner), _name(len(self._defs)))

    def linear(self, stops: Sequence[Stop], along: Box = (0, 0, 1, 0), user: bool = False) -> str:
        """A linear gradient as a paint. `along` is x1 y1 x2 y2, in the shape's box or in picture units."""
        kept = self.define("linearGradient", "", _stops(stops))
        if along != (0, 0, 1, 0) or user:
            units = ' gradientUnits="userSpaceOnUse"' if user else ""
            usual = (0, 0, None if user else 1, 0)
            places = zip(("x1", "y1", "x2", "y2"), along, usual, strict=True)
            place = "".join(f' {name}="{num(value, 2)}"' for name, value, default in places if value != default)
            kept = self.define("linearGradient", f' href="#{kept}"{units}{place}', "")
        return f"url(#{kept})"

    def radial(self, stops: Sequence[Stop], x: float = 0.5, y: float = 0.5, r: float = 0.5) -> str:
        """A radial gradient in the shape's own box, as a paint."""
        place = "".join(
            f' {name}="{num(value, 2)}"' for name, value in (("cx", x), ("cy", y), ("r", r)) if value != 0.5
        )
        kept = self.define("radialGradient", place, _stops(stops))
        return f"url(#{kept})"

    def pattern(self, width: float, height: float, inner: str, transform: str = "") -> str:
        """A repeated tile in picture units, as a paint."""
        turned = f' patternTransform="{transform}"' if transform else ""
        size = f' width="{num(width)}" height="{num(height)}" patternUnits="userSpaceOnUse"'
        return f"url(#{self.define('pattern', size + turned, inner)})"

    def clip(self, path: str) -> str:
        """A clip as an attribute value."""
        kept = self.define("clipPath", "", f'<path d="{path}"/>')
        return f"url(#{kept})"

    def put(self, markup: str) -> None:
        self._shapes.append(("", markup))

    def fill(self, path: str, paint: str, opacity: float = 1, more: str = "") -> None:
        """Paint the inside of a path."""
        faint = f' fill-opacity="{num(opacity, 2)}"' if opacity < 1 else ""
        self._shapes.append((path, f' fill="{paint}"{faint}{more}'))

    def stroke(self, path: str, paint: str, width: float, opacity: float = 1, more: str = "") -> None:
        """Draw a path's line with round ends."""
        faint = f' stroke-opacity="{num(opacity, 2)}"' if opacity < 1 else ""
        wide = "" if width == THIN else f' stroke-width="{num(width)}"'
        self._shapes.append((path, f' stroke="{paint}"{wide}{faint}{more}'))

    def face(self, path: str, paint: str, edge: str, width: float = 2) -> None:
        """Paint the inside and ease the edge with a line of nearly the same colour, which also closes seams."""
        wide = "" if width == THIN else f' stroke-width="{num(width)}"'
        self._shapes.append((path, f' fill="{paint}" stroke="{edge}"{wide}'))

    def open(self, attributes: str) -> None:
        """Start a group; `close` ends it."""
        self.put(f"<g {attributes}>")

    def close(self) -> None:
        self.put("</g>")

    def svg(self, box: Box = (0, 0, WIDTH, HEIGHT), size: tuple[int, int] = (WIDTH, HEIGHT)) -> str:
        """The finished document; `box` is the part of the picture that shows."""
        body = self._body()
        kept = [f'<{tag} id="{name}"{more}{_inside(tag, inner)}' for (tag, more, inner), name in self._defs.items()]
        head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]}" height="{size[1]}" viewBox="{pack(box)}">'
        group = '<g fill="none" stroke-linecap="round" stroke-linejoin="round" stroke-width="2">'
        return f"{head}<defs>{''.join(kept)}</defs>{group}{body}</g></svg>"

    def _body(self) -> str:
        uses = Counter(path for path, _ in self._shapes if len(path) > WORTH_SHARING)
        parts = []
        for path, words in self._shapes:
            if uses[path] > 1:
                shared = self.define("path", f' d="{path}"', "")
                parts.append(f'<use href="#{shared}"{words}/>')
            else:
                parts.append(f'<path d="{path}"{words}/>' if path else words)
        return "".join(parts)


def _name(index: int) -> str:
    return LETTERS[index] if index < len(LETTERS) else f"a{index}"


def _inside(tag: str, inner: str) -> str:
    return f">{inner}</{tag}>" if inner else "/>"


def _stops(stops: Sequence[Stop]) -> str:
    return "".join(_stop(*stop) for stop in stops)


def _stop(offset: float, colour: str, opacity: float = 1) -> str:
    place = f' offset="{num(offset, 2)}"' if offset else ""
    faint = f' stop-opacity="{num(opacity, 2)}"' if opacity < 1 else ""
    return f'<stop{place} stop-color="{colour}"{faint}/>'
