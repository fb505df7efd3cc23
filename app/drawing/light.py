"""The room every picture is taken in: a pale sweep, a window on the upper left, a soft shadow on the ground."""

from __future__ import annotations

from app.drawing.canvas import HEIGHT, WIDTH, Canvas
from app.drawing.palette import WALLS, Tones, blend
from app.drawing.shape import Ring, num, polygon, smooth

SHADE = "#3a2f22"  # shadows on warm paper are brown, never black


def sweep(canvas: Canvas) -> None:
    """A seamless paper background, lighter on the window side."""
    down = canvas.linear([(0, "#f5f2eb"), (0.62, "#efeae0"), (0.8, "#e9e3d6"), (1, "#efeae0")], (0, 0, 0, 1))
    canvas.put(f'<path d="M0 0h{WIDTH}v{HEIGHT}H0z" fill="{down}"/>')
    glow = canvas.radial([(0, "#fff", 0.75), (1, "#fff", 0)], 0.25, 0.2, 0.7)
    canvas.put(f'<path d="M0 0h{WIDTH}v{HEIGHT}H0z" fill="{glow}"/>')


def shadow(canvas: Canvas, ring: Ring, strength: float = 0.34) -> None:
    """A soft shadow that falls to the right of what touches the ground in a ring, with a darker line of contact."""
    x, y, rx, ry = ring
    soft = canvas.radial([(0, SHADE, strength), (0.45, SHADE, strength * 0.55), (1, SHADE, 0)])
    ellipse(canvas, (x + rx * 0.28, y + ry * 0.12, rx * 1.5, ry * 1.35), soft)
    tight = canvas.radial([(0, SHADE, 0.62), (0.72, SHADE, 0.5), (1, SHADE, 0)])
    ellipse(canvas, (x + rx * 0.02, y + ry * 0.06, rx * 1.04, ry * 1.06), tight)


def pool(canvas: Canvas, ring: Ring, strength: float = 0.3) -> None:
    """Only the soft part of a shadow, for things that stand on thin legs or hang."""
    ellipse(canvas, ring, canvas.radial([(0, SHADE, strength), (0.5, SHADE, strength * 0.5), (1, SHADE, 0)]))


def ellipse(canvas: Canvas, ring: Ring, paint: str, more: str = "") -> None:
    x, y, rx, ry = ring
    canvas.put(f'<ellipse cx="{num(x)}" cy="{num(y)}" rx="{num(rx)}" ry="{num(ry)}" fill="{paint}"{more}/>')


def painted(canvas: Canvas, wall: str) -> None:
    """A coloured sweep, for tiles: one hue from wall to floor, lit from the upper left."""
    high, low = WALLS[wall]
    down = canvas.linear(
        [(0, high), (0.66, blend(high, low, 0.6)), (0.8, low), (1, blend(high, low, 0.5))], (0, 0, 0, 1)
    )
    sheet = f"M0 0h{WIDTH}v{HEIGHT}H0z"
    canvas.fill(sheet, down)
    canvas.fill(sheet, canvas.radial([(0, "#fff", 0.5), (1, "#fff", 0)], 0.22, 0.18, 0.7))


def room(canvas: Canvas, wall: str, floor: Tones, edge: float, size: tuple[int, int] = (WIDTH, HEIGHT)) -> None:
    """A painted wall with window light on it, and a table or floor from `edge` down."""
    high, low = WALLS[wall]
    wide, tall = size
    canvas.put(f'<path d="M0 0h{wide}v{num(edge)}H0z" fill="{canvas.linear([(0, high), (1, low)], (0, 0, 0.4, 1))}"/>')
    window(canvas, edge, wide)
    lit, far = blend(floor.mid, floor.light, 0.5), blend(floor.mid, floor.dark, 0.3)
    top = canvas.linear([(0, lit), (0.3, floor.mid), (1, far)], (0, 0, 0.3, 1))
    canvas.put(f'<path d="M0 {num(edge)}h{wide}V{tall}H0z" fill="{top}"/>')
    fall = canvas.linear([(0, SHADE, 0), (1, SHADE, 0.2)], (0, 0, 0, 1))
    canvas.put(
        f'<path d="M0 {num(edge - 70)}h{wide}v70H0z" fill="{fall}"/><path d="M0 {num(edge)}h{wide}" stroke="{floor.light}" stroke-opacity=".8" stroke-width="3"/>'
    )


def boards(canvas: Canvas, floor: Tones, edge: float, size: tuple[int, int] = (WIDTH, HEIGHT)) -> None:
    """Floorboards running away from us, and a skirting along the wall."""
    wide, tall = size
    lines = "".join(
        f"M{num(wide * (0.5 + n * 0.09), 0)} {num(edge, 0)}L{num(wide * (0.5 + n * 0.24), 0)} {tall}"
        for n in range(-6, 7)
    )
    canvas.stroke(lines, floor.line, 2, 0.32)
    canvas.put(
        f'<path d="M0 {num(edge - 46)}h{wide}v46H0z" fill="#fff" fill-opacity=".34"/><path d="M0 {num(edge - 46)}h{wide}" stroke="#fff" stroke-opacity=".55" stroke-width="3"/>'
    )


def grain(canvas: Canvas, floor: Tones, edge: float, size: tuple[int, int] = (WIDTH, HEIGHT)) -> None:
    """A table top: long lines of grain, wider apart the nearer they are."""
    wide, tall = size
    runs = []
    for n in range(7):
        y = edge + (tall - edge) * ((n + 0.6) / 7) ** 1.5
        sway = 4 + n * 2
        runs.append(
            smooth(
                [
                    (-10, y),
                    (wide * 0.24, y + sway),
                    (wide * 0.5, y - sway),
                    (wide * 0.78, y + sway * 0.6),
                    (wide + 10, y),
                ]
            )
        )
    canvas.stroke("".join(runs), floor.line, 2.4, 0.2)


def window(canvas: Canvas, edge: float, wide: float) -> None:
    """Sun through a paned window, thrown across the wall."""
    fade = canvas.linear([(0, "#fff", 0.5), (1, "#fff", 0.1)], (0, 0, 1, 1))
    panes = []
    for column in (0, 1):
        for row in (0, 1, 2):
            x, y = wide * 0.08 + column * 168 + row * 52, 70 + row * 172
            low = min(y + 156, edge)
            slip = 52 * (low - y) / 172
            if low > y:
                panes.append(polygon([(x, y), (x + 154, y - 26), (x + 154 + slip, low - 26), (x + slip, low)]))
    canvas.fill("".join(panes), fade)
