"""Generated paper, prints and textiles."""

from __future__ import annotations

from app.demo.form import Form

COVERS = (
    "evergreen",
    "navy",
    "brick",
    "mustard",
    "stone",
    "soot",
    "blush",
    "chalkblue",
    "olive",
    "plum",
    "teal",
    "cream",
)
COLOURWAYS = ("bracken", "shore", "dusk", "field", "ember", "peat", "grove", "chalk")
PATTERNS = ("kite", "stripe", "check", "arches", "dash", "blocks", "border")
DESIGNS = ("contour", "hills", "tide", "stones", "stems", "arcs", "orbit", "strata", "flock", "cut")

FORMS: tuple[Form, ...] = (
    Form(
        noun="notebook", craft="paper", family="notebook", kind="notebook", category="desk/notebooks", makers=("field-bindery",), price=(700, 1200),
        options={"cover": (COVERS, 6), "size": (("A6", "A5", "A4"), 3), "ruling": (("plain", "lined", "dotted", "grid"), 2)}, extra={"size": {"A5": 350, "A4": 750}}, drawn={"elastic": (True, False), "label": (True, True, False), "ribbon": (False, True)}, attributes={"material": "Book linen", "pages": "144", "paper": 100, "binding": "Sewn", "gift": ["desk"]}, keywords="notepad paper stationery", on_hand=70,
        openings=("A notebook that opens flat and stays there.", "Good paper, a sewn spine and a cover that can be leant on."), subtitles=("Sewn, so it lies flat", "Linen cover, warm white paper"),
    ),
    Form(
        noun="journal", craft="paper", family="journal", kind="journal", category="desk/notebooks/journals", makers=("field-bindery",), price=(1900, 2900),
        options={"cover": (COVERS, 7)}, drawn={"monogram": (True, False), "ribbon_ink": ("brick", "mustard", "evergreen")}, attributes={"material": "Book linen", "pages": "288", "paper": 120, "binding": "Sewn", "gift": ["desk", "travel"]}, keywords="diary travel ribbon", on_hand=30,
        openings=("For the year you mean to write down.", "Heavy paper, a ribbon, and no dates to feel guilty about."), subtitles=("A ribbon and heavy paper", "For a year or a journey"),
    ),
    Form(
        noun="pencils", craft="paper", family="pencils", kind="pencils", category="desk/pencils", makers=("cumber-pencils",), price=(500, 900),
        options={"grade": (("hb", "2b", "4b", "2h", "mixed"), 5)}, drawn={"inks": (("soot", "evergreen", "brick", "mustard", "chalkblue"), ("navy", "teal", "olive", "cream", "brick"), ("plum", "blush", "stone", "soot", "mustard"))}, attributes={"material": "Cedar and graphite", "count": "5", "wood": "cedar", "gift": ["desk"]}, keywords="drawing writing sketch", on_hand=120,
        openings=("Five pencils that sharpen cleanly and smell of cedar.", "A box of five, dipped in five colours."), subtitles=("Five in a box", "Cedar, graphite, a dipped end"),
    ),
    Form(
        noun="calendar", craft="print", family="calendar", kind="calendar", category="desk/calendars", makers=("contour-press", "field-bindery"), price=(1400, 2200),
        options={"design": (DESIGNS, 4)}, drawn={"month": (1, 4, 6, 9), "seed": (2, 5, 9)}, attributes={"material": "Uncoated paper", "paper": 250, "measures": "24 × 38 cm", "gift": ["desk"]}, keywords="planner year wall diary", on_hand=35,
        openings=("A year of pictures with room to write under each.", "Twelve prints you will be sorry to tear off."), subtitles=("Twelve small prints", "Room beside every date"),
    ),
    Form(
        noun="print", craft="print", family="print", kind="print", category="wall/prints", makers=("contour-press",), price=(2000, 3400),
        options={"design": (DESIGNS, 4), "size": (("A4", "A3", "A2"), 3), "frame": (("none", "oak", "black", "walnut", "white"), 3)}, extra={"size": {"A3": 1200, "A2": 3000}, "frame": {"oak": 4000, "walnut": 4500, "black": 3500, "white": 3500}}, drawn={"frame": ("oak", "black", "none"), "seed": (3, 7, 11, 16, 21)}, attributes={"material": "Cotton paper", "edition": "100", "paper": 310}, keywords="art poster picture drawing", on_hand=25,
        openings=("Drawn by rule, finished by hand.", "A quiet picture that changes as you walk past."), subtitles=("Signed and numbered", "Pigment ink on cotton paper"),
    ),
    Form(
        noun="cushion", craft="cloth", family="cushion", kind="cushion", category="textiles/cushions", makers=("brae-weavers", "kite-mill"), price=(2900, 4900),
        options={"colourway": (COLOURWAYS, 5), "pattern": (PATTERNS, 2), "size": (("45", "50", "30x50"), 2)}, extra={"size": {"50": 500}}, drawn={"seed": (1, 2, 3)}, attributes={"material": "Lambswool", "filling": "Feather", "care": "Hand wash cool"}, keywords="pillow sofa wool scatter", on_hand=18,
        openings=("Woven on both sides, so there is no wrong way round.", "Plump, soft and happy to be leant on."), subtitles=("Woven wool, feather pad", "The same on both sides"),
    ),
    Form(
        noun="throw", craft="cloth", family="throw", kind="throw", category="textiles/throws", makers=("brae-weavers",), price=(6500, 11500),
        options={"colourway": (COLOURWAYS, 6)}, drawn={"pattern": ("check", "stripe", "border", "dash"), "seed": (1, 2, 3)}, attributes={"material": "Lambswool", "measures": "180 × 130 cm", "care": "Hand wash cool"}, keywords="blanket plaid bed sofa", on_hand=14,
        openings=("It lives on the arm of the sofa until eight o’clock.", "Lambswool, woven wide and finished with a teasel."), subtitles=("Lambswool with a twisted fringe", "Wide enough for two"),
    ),
    Form(
        noun="tea towel", craft="cloth", family="tea_towel", kind="tea_towel", category="textiles/tea-towels", makers=("kite-mill",), price=(1100, 1600),
        options={"colourway": (COLOURWAYS, 6)}, drawn={"pattern": ("stripe", "check", "dash", "border"), "seed": (1, 2)}, attributes={"material": "Linen", "measures": "70 × 48 cm", "care": "Wash at 60 °C", "gift": ["kitchen"]}, keywords="dish cloth linen kitchen", on_hand=45,
        openings=("Linen dries a glass without leaving a hair, and gets better every wash.", "Hang it by its loop; it is too good for the drawer."), subtitles=("Pure linen, with a loop", "Softer every wash"),
    ),
    Form(
        noun="rug", craft="cloth", family="rug", kind="rug", category="textiles/rugs", makers=("kite-mill",), price=(16500, 28500),
        options={"colourway": (COLOURWAYS, 4), "size": (("140x200", "170x240"), 2)}, extra={"size": {"170x240": 14000}}, drawn={"pattern": ("kite", "blocks", "arches", "stripe", "dash"), "seed": (1, 2, 3)}, attributes={"material": "Wool", "pile": "None, flat-woven", "care": "Vacuum; cold water for spills", "underfloor": True}, keywords="carpet kilim floor", on_hand=6,
        openings=("Flat-woven and reversible: two rugs for the price of a good one.", "Bold enough for a bare floor, calm enough for a small room."), subtitles=("Flat-woven wool", "Reversible, and meant to be"),
    ),
    Form(
        noun="runner", craft="cloth", family="rug", kind="rug", category="textiles/rugs/runners", makers=("kite-mill",), price=(9500, 14500),
        options={"colourway": (COLOURWAYS, 5), "size": (("70x200", "80x240"), 2)}, extra={"size": {"80x240": 2500}}, drawn={"pattern": ("border", "stripe", "kite"), "seed": (1, 2)}, attributes={"material": "Wool", "pile": "None, flat-woven", "care": "Vacuum; cold water for spills", "underfloor": True}, keywords="carpet hall kilim long", on_hand=8,
        openings=("For the hall that needs a little encouragement.", "Long, flat and hard to trip over."), subtitles=("For halls and bedsides", "Long, narrow, fringed"),
    ),
)  # fmt: skip
