"""Hand-written paper and pencils."""

from __future__ import annotations

from app.demo.draft import Draft

TWELVE = (
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

PRODUCTS: tuple[Draft, ...] = (
    Draft(
        slug="field-notebook", title="Field notebook", subtitle="Thread-sewn, linen-bound, flat from the first page",
        description="Open it anywhere and it stays open. That is what sewing does that glue can’t, and it is why every Field notebook passes under a needle sixteen times.\n\nThe paper is 100 gsm, a warm white that takes fountain pen without feathering and pencil without shine. The cloth is real book linen; it darkens at the edges in a year or so, as it should.\n\nTwelve covers, three sizes, four rulings. Most people find theirs and stay with it.",
        kind="notebook", maker="field-bindery", category="desk/notebooks", sku="FIEL", family="notebook", price=800,
        options={"cover": TWELVE, "size": ("A6", "A5", "A4"), "ruling": ("plain", "lined", "dotted", "grid")}, extra={"size": {"A5": 400, "A4": 800}},
        drawn={"wall": "pine", "ruling": "lined"}, on_hand=80, scarce={"plum+A4+grid": 0, "teal+A6+dotted": 2},
        attributes={"material": "Book linen", "pages": "160", "paper": 100, "binding": "Sewn", "gift": ["desk"]},
        keywords="notepad sketchbook jotter paper stationery", reviews=142, age=500, breaks=((5, 10),),
    ),
    Draft(
        slug="monogram-journal", title="Monogram journal", subtitle="Three hundred pages, a ribbon, and a lark on the cover",
        description="Thick enough for a year, or for the one trip that mattered. The paper is heavier than in our notebooks, 120 gsm, and the edges are cut rough.\n\nThe lark is pressed with a brass block, in gold, by hand. A ribbon in brick red keeps the page; a pocket at the back keeps the tickets.\n\nUp to three letters of your own go below the lark, in the same gold. They are set by hand, so look twice before you send them.",
        kind="journal", maker="field-bindery", category="desk/notebooks/journals", sku="MONO", family="journal", price=2400,
        options={"cover": ("navy", "evergreen", "plum", "mustard", "soot", "brick")}, drawn={"monogram": True, "wall": "sage"}, on_hand=36,
        attributes={"material": "Book linen", "pages": "304", "paper": 120, "binding": "Sewn", "gift": ["desk", "travel"]},
        keywords="diary travel notebook ribbon initials engraving gift", reviews=47, age=240,
        personal={"label": "Letters on the cover", "most": 3, "chars": "letters", "needed": False, "extra": 400},
    ),
    Draft(
        slug="graphite-pencils", title="Graphite pencils", subtitle="Five in a box, from the valley where pencils began",
        description="Incense cedar, which sharpens in curls, around graphite ground for a day and a night. Five to a box, each dipped in a different colour so that you know which is yours.\n\nHB for writing, 2B for drawing, 4B for shading, 2H for joiners. The mixed box has one of each and a spare HB, since it is always the HB that walks off.",
        kind="pencils", maker="cumber-pencils", category="desk/pencils", sku="GRAP", family="pencils", price=600,
        options={"grade": ("hb", "2b", "4b", "2h", "mixed")}, drawn={"wall": "clay"}, on_hand=160, breaks=((3, 15),),
        attributes={"material": "Cedar and graphite", "count": "5", "wood": "cedar", "gift": ["desk"]},
        keywords="drawing sketching writing lead stationery", reviews=73, age=360,
    ),
)  # fmt: skip
