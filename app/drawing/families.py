"""Every kind of thing that can be drawn, and how it is framed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from app.drawing import (
    books,
    bulbs,
    candles,
    cans,
    cloth,
    lamps,
    linens,
    lounge,
    mirrors,
    pencils,
    pottery,
    seating,
    shelves,
    stationery,
    tableware,
    vessels,
    wall,
)
from app.drawing.canvas import Canvas

Params = dict[str, Any]


class Family(NamedTuple):
    """`floor`: the y at which it stands (or hangs, for things on a wall) in its own picture.

    `detail`: left, top and width of the close-up, which shows the angled view unless the family draws its own.
    `place`: the kind of room its scene needs.
    """

    draw: Callable[[Canvas, Params, str], None]
    noun: str
    place: str
    floor: float
    detail: tuple[float, float, float]
    own_detail: bool = False


FAMILIES: dict[str, Family] = {
    "mug": Family(pottery.mug, "mug", "table", 760, (120, 270, 400)),
    "bowl": Family(pottery.bowl, "bowl", "table", 630, (330, 290, 420)),
    "plate": Family(pottery.plate, "plate", "table", 540, (60, 320, 400)),
    "dinner_set": Family(tableware.dinner_set, "dinner set", "table", 800, (200, 300, 420)),
    "jug": Family(vessels.jug, "jug", "table", 800, (150, 150, 440)),
    "vase": Family(vessels.vase, "vase", "table", 890, (230, 320, 380)),
    "candle": Family(candles.candle, "candle", "table", 790, (210, 240, 400)),
    "lamp": Family(lamps.lamp, "table lamp", "table", 850, (140, 380, 440)),
    "tray": Family(tableware.tray, "tray", "table", 640, (40, 330, 420)),
    "calendar": Family(stationery.calendar, "calendar", "wall", 860, (170, 420, 420)),
    "greeting_card": Family(stationery.greeting_card, "greeting card", "table", 800, (190, 180, 400)),
    "notebook": Family(books.notebook, "notebook", "desk", 700, (0, 0, 800), True),
    "journal": Family(books.journal, "journal", "desk", 700, (0, 0, 800), True),
    "pencils": Family(pencils.pencils, "set of pencils", "desk", 760, (120, 60, 440)),
    "pendant": Family(lamps.pendant, "pendant lamp", "ceiling", 0, (180, 330, 440)),
    "bulb": Family(bulbs.bulb, "filament bulb", "ceiling", 860, (220, 180, 360)),
    "floor_lamp": Family(lamps.floor_lamp, "floor lamp", "floor", 920, (180, 90, 440)),
    "chair": Family(seating.chair, "dining chair", "floor", 830, (170, 90, 460)),
    "stool": Family(seating.stool, "stool", "floor", 810, (190, 190, 420)),
    "lounge": Family(lounge.lounge, "lounge chair", "floor", 800, (90, 190, 440)),
    "planter": Family(vessels.planter, "planter", "floor", 860, (170, 370, 440)),
    "watering_can": Family(cans.watering_can, "watering can", "floor", 800, (60, 300, 420)),
    "rug": Family(cloth.rug, "rug", "rug", 500, (330, 480, 360)),
    "cushion": Family(cloth.cushion, "cushion", "bench", 820, (380, 430, 360)),
    "throw": Family(linens.throw, "throw", "bench", 760, (250, 560, 340)),
    "tea_towel": Family(linens.tea_towel, "tea towel", "table", 690, (260, 380, 340)),
    "clock": Family(wall.clock, "wall clock", "wall", 490, (330, 210, 380)),
    "print": Family(wall.print_, "print", "wall", 490, (180, 230, 380)),
    "mirror": Family(mirrors.mirror, "mirror", "wall", 490, (90, 160, 380)),
    "shelf": Family(shelves.shelf, "wall shelf", "wall", 560, (90, 370, 420)),
}
