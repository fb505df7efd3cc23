"""Generated lamps, seats, shelves and mirrors."""

from __future__ import annotations

from app.demo.form import Form

WOODS = ("oak", "ash", "walnut", "beech", "cherry", "black")
SHADES = ("oatmeal", "flax", "mustard", "rust", "charcoal", "evergreen", "stone", "heather")
WOOL = ("wood", "rust", "moss", "indigo", "oatmeal", "evergreen", "charcoal")
METALS = ("green", "white", "black", "red", "blue", "copper", "brass")

FORMS: tuple[Form, ...] = (
    Form(
        noun="table lamp", craft="light", family="lamp", kind="lamp", category="lighting/table-lamps", makers=("sella-lighting",), price=(6900, 11900),
        options={"base": (("fern", "oat", "ink", "rust", "slate", "celadon", "chalk", "plum"), 4), "shade": (SHADES, 3), "plug": (("uk", "eu"), 2)}, drawn={"profile": ("bottle", "ball", "column", "cone", "pebble"), "speckle": (0, 0, 4), "r2": (216, 236, 250), "r1": (140, 170, 196)},
        attributes={"material": "Stoneware and linen", "bulb": "E27", "max_watts": 40, "dimmable": True, "height": 48}, keywords="desk bedside reading light", on_hand=10,
        openings=("A pool of warm light and a base you will want to put a hand on.", "Low enough to read by, soft enough to talk by."), subtitles=("Thrown base, stitched linen shade", "For bedsides and corners"),
    ),
    Form(
        noun="wooden lamp", craft="light", family="lamp", kind="lamp", category="lighting/table-lamps", makers=("sella-lighting", "weald-joinery"), price=(7900, 12900),
        options={"base": (("oak", "walnut", "ash", "cherry"), 3), "shade": (SHADES, 3), "plug": (("uk", "eu"), 1)}, drawn={"base_kind": ("wood",), "profile": ("column", "cone", "bottle")}, attributes={"material": "Solid wood and linen", "bulb": "E27", "max_watts": 40, "dimmable": True, "height": 50}, keywords="desk bedside light turned wood", on_hand=8,
        openings=("Turned from one block, so the grain runs from foot to neck.", "A lamp that would still be a handsome object in a power cut."), subtitles=("Turned from a single block", "Oiled wood, linen shade"),
    ),
    Form(
        noun="pendant", craft="metal", family="pendant", kind="pendant", category="lighting/pendants", makers=("orrin-metalwork",), price=(7900, 14500),
        options={"shade": (METALS, 5), "width": (("28", "40"), 2)}, extra={"width": {"40": 3000}}, drawn={"hood": ("dome", "cone", "bell", "drum"), "metal": ("brass", "black", "steel")}, attributes={"material": "Enamelled steel", "bulb": "E27", "cord": 2}, keywords="ceiling hanging kitchen light", on_hand=10,
        openings=("Spun from one disc and enamelled white within, so no light is wasted.", "Hang it low and the table becomes the room."), subtitles=("Spun steel, fired enamel", "For tables and long counters"),
    ),
    Form(
        noun="floor lamp", craft="light", family="floor_lamp", kind="floor_lamp", category="lighting/floor-lamps", makers=("sella-lighting",), price=(16500, 26500),
        options={"metal": (("oak", "walnut", "brass", "black", "steel"), 4), "shade": (SHADES, 3)}, drawn={"stand": ("disc",)}, attributes={"material": "Wood or metal, linen", "bulb": "E27", "height": 150, "weight": 6.2}, keywords="standing reading light", on_hand=6,
        openings=("It stands behind the chair and minds its own business.", "Three legs or one, and either way it does not wobble."), subtitles=("Light where the socket isn’t", "For the chair by the window"),
    ),
    Form(
        noun="bulb", craft="light", family="bulb", kind="bulb", category="lighting/bulbs", makers=("sella-lighting",), price=(800, 1600),
        options={"watts": (("2", "4", "7"), 3)}, extra={"watts": {"4": 100, "7": 250}}, drawn={"shape": ("pear", "globe", "tube"), "tint": ("clear", "amber")}, attributes={"material": "Glass and brass", "fitting": "E27", "light": 2700, "dimmable": True}, keywords="led filament dimmable", on_hand=150,
        openings=("A filament you can look at and a light you can look by.", "Dims to a glow without a flicker."), subtitles=("Warm, dimmable, long-lived", "A filament worth seeing"),
    ),
    Form(
        noun="chair", craft="joinery", family="chair", kind="chair", category="seating/dining-chairs", makers=("weald-joinery", "ridge-and-rail"), price=(14500, 24500),
        options={"wood": (WOODS, 3), "seat": (WOOL, 4)}, extra={"wood": {"walnut": 3500}}, drawn={"back": ("slat", "spindle", "panel"), "count": (3,), "splay": (2, 3, 4.5), "tall": (78, 82, 86)}, attributes={"material": "Solid wood", "seat_height": 46, "weight": 5, "stackable": False, "assembly": "Comes assembled"}, keywords="dining kitchen seat", on_hand=8,
        openings=("A chair that lets you forget you are sitting on one.", "Comfortable bare, kinder still with wool."), subtitles=("Wedged joints, shaped seat", "For tables that see a lot of use"),
    ),
    Form(
        noun="stool", craft="joinery", family="stool", kind="stool", category="seating/stools", makers=("weald-joinery",), price=(7500, 11500),
        options={"wood": (WOODS, 4), "seat": (WOOL, 3)}, extra={"wood": {"walnut": 1800}}, drawn={"legs": (3, 4), "splay": (4, 5, 6.5)}, attributes={"material": "Solid wood", "seat_height": 46, "weight": 2.8, "assembly": "Comes assembled"}, keywords="seat step bedside", on_hand=14,
        openings=("A seat when you need one and a table when you don’t.", "Three legs never rock; four are easier to step on. Both are strong."), subtitles=("Seat, step, side table", "Turned legs, dished seat"),
    ),
    Form(
        noun="bar stool", craft="joinery", family="stool", kind="stool", category="seating/stools/bar-stools", makers=("weald-joinery", "ridge-and-rail"), price=(10500, 15500),
        options={"wood": (WOODS, 4), "seat": (WOOL, 3)}, drawn={"tall": (62, 66), "half": (15,), "legs": (3, 4), "splay": (5, 6.5)}, attributes={"material": "Solid wood", "seat_height": 66, "weight": 3.7, "assembly": "Comes assembled"}, keywords="kitchen counter high seat", on_hand=10,
        openings=("The right height for a counter and the wrong height for leaving in a hurry.", "A rung where your heels expect one."), subtitles=("For counters and benches", "Two heights of rung"),
    ),
    Form(
        noun="armchair", craft="joinery", family="lounge", kind="lounge", category="seating/lounge", makers=("ridge-and-rail",), price=(48000, 78000),
        options={"wood": (("oak", "walnut", "ash"), 2), "seat": (WOOL[1:], 5)}, extra={"wood": {"walnut": 6000}}, attributes={"material": "Solid wood and wool", "seat_height": 41, "weight": 17, "assembly": "One key, ten minutes"}, keywords="lounge easy chair reading", on_hand=5,
        openings=("Sit down in it for a minute and see what time you get up.", "Wide arms, deep seat, covers that come off."), subtitles=("Low, deep and slow", "Loose cushions, open frame"),
    ),
    Form(
        noun="shelf", craft="joinery", family="shelf", kind="shelf", category="wall/shelves", makers=("ridge-and-rail",), price=(5900, 9900),
        options={"wood": (WOODS, 3), "width": (("60", "80"), 2), "tiers": (("1", "2", "3"), 3)}, extra={"width": {"80": 1500}, "tiers": {"2": 3000, "3": 5500}}, drawn={"bracket": ("metal", "wood")}, attributes={"material": "Solid wood", "bears": 18, "assembly": "Two screws a bracket"}, keywords="wall storage bookshelf books", on_hand=12,
        openings=("A board that stays straight under a row of dictionaries.", "It asks for two screws and a spirit level."), subtitles=("Solid boards, honest brackets", "For books and other weights"),
    ),
    Form(
        noun="mirror", craft="joinery", family="mirror", kind="mirror", category="wall/mirrors", makers=("ridge-and-rail", "noon-instruments"), price=(8900, 16500),
        options={"rim": (WOODS, 4), "size": (("50", "70"), 2)}, extra={"size": {"70": 4500}}, drawn={"shape": ("round", "arch", "square")}, attributes={"material": "Solid wood and glass", "weight": 5.5}, keywords="looking glass hall bathroom", on_hand=9,
        openings=("Good glass, which is to say you will look like yourself.", "Hung opposite a window, it is a second one."), subtitles=("A solid frame, good glass", "For halls and over fireplaces"),
    ),
    Form(
        noun="clock", craft="wall", family="clock", kind="clock", category="wall/clocks", makers=("noon-instruments",), price=(4500, 7900),
        options={"face": (("chalk", "fern", "ink", "ochre", "rust", "slate", "celadon", "rose"), 5), "rim": (WOODS, 3)}, drawn={"ticks": ("lines", "dots", "minutes"), "accent": ("rust", "mustard", "evergreen")}, attributes={"material": "Wood and enamel", "movement": "Quartz, sweeping", "silent": True, "measures": "30 cm"}, keywords="wall time kitchen", on_hand=16,
        openings=("It tells the time from across the room and keeps quiet about it.", "A clear face, two plain hands, one that sweeps."), subtitles=("A silent sweep", "Reads well from the cooker"),
    ),
)  # fmt: skip
