"""Hand-written cushions, throws and rugs."""

from __future__ import annotations

from app.demo.draft import Draft

PRODUCTS: tuple[Draft, ...] = (
    Draft(
        slug="brae-cushion", title="Brae cushion", subtitle="Lambswool from the Borders, plump with feather",
        description="Woven in one piece with the pattern on both sides, so there is no back to hide. The wool is washed in soft water and brushed with teasels, which is what makes it feel like something between a blanket and a cat.\n\nThe pad is curled feather in a cotton case and comes with it. The zip is along the bottom, where zips belong.",
        kind="cushion", maker="brae-weavers", category="textiles/cushions", sku="BRAC", family="cushion", price=3800, was=21,
        options={"colourway": ("bracken", "shore", "field", "dusk"), "pattern": ("kite", "stripe", "check", "arches", "dash"), "size": ("45", "30x50")}, extra={"size": {"30x50": -300}},
        drawn={"wall": "sage", "seed": 2}, on_hand=16, scarce={"dusk": 3},
        attributes={"material": "Lambswool", "filling": "Feather", "care": "Hand wash cool"},
        keywords="pillow scatter sofa wool", reviews=52, age=210,
    ),
    Draft(
        slug="brae-throw", title="Brae throw", subtitle="The last of last winter’s weave",
        description="Wide enough for two people who like each other. A hundred and eighty centimetres of lambswool, fringed and twisted by hand.\n\nWe weave a new set of colourways every autumn and do not go back. These are what is left of the last, so it is one per customer.",
        kind="throw", maker="brae-weavers", category="textiles/throws", sku="BRAT", family="throw", price=7900,
        options={"colourway": ("dusk", "shore", "grove", "ember")}, drawn={"pattern": "check", "wall": "ochre"}, on_hand=2, scarce={"ember": 1, "grove": 3}, one_each=True,
        attributes={"material": "Lambswool", "measures": "180 × 130 cm", "care": "Hand wash cool"},
        keywords="blanket plaid wool bed sofa", reviews=35, age=300,
    ),
    Draft(
        slug="kite-rug", title="Kite rug", subtitle="Flat-woven wool, the same on both sides",
        description="Kites in rows, every other one the wrong way up, woven and not printed. Turn it over in spring and you have another rug.\n\nNo pile to shed, no backing to crumble, nothing for a vacuum cleaner to swallow. Fringed with its own warp.\n\nThe large one weighs more than twenty kilos and comes with two people. Please measure; it can’t go back by post.",
        kind="rug", maker="kite-mill", category="textiles/rugs", sku="KITE", family="rug", price=14500,
        options={"colourway": ("bracken", "shore", "ember"), "size": ("80x240", "140x200", "170x240")}, extra={"size": {"140x200": 11000, "170x240": 27500}},
        drawn={"pattern": "kite", "seed": 1, "wall": "dusk"}, on_hand=8, scarce={"ember+170x240": 1},
        attributes={"material": "Wool", "pile": "None, flat-woven", "care": "Vacuum; cold water for spills", "underfloor": True},
        keywords="carpet kilim runner floor wool", reviews=24, age=140, bulky=True,
    ),
)  # fmt: skip
