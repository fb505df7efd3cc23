"""Generated things for the table and the garden."""

from __future__ import annotations

from app.demo.form import Form

GLAZES = (
    "oat",
    "moss",
    "chalk",
    "ink",
    "rust",
    "celadon",
    "sky",
    "ochre",
    "slate",
    "rose",
    "plum",
    "fern",
    "clay",
    "charcoal",
)
WOODS = ("oak", "ash", "walnut", "beech", "cherry")
POTTERS = ("hollin-pottery", "dunmore-clay")
CLAY = {"material": "Stoneware", "dishwasher_safe": True, "care": "Dishwasher and microwave safe"}
SPECKLE, DIP = (0, 3, 5, 8), (0, 0.14, 0.2, 0.3)

FORMS: tuple[Form, ...] = (
    Form(
        noun="mug", craft="clay", family="mug", kind="mug", category="table/mugs", makers=POTTERS, price=(1300, 1900),
        options={"glaze": (GLAZES, 7), "size": (("250", "350", "450"), 3)}, extra={"size": {"350": 200, "450": 450}},
        drawn={"speckle": SPECKLE, "dip": DIP, "handle": ("D", "C", "ring"), "taper": (0, 0.05, 0.12), "belly": (0.02, 0.06, 0.1), "lip": (0, 0.04), "height": (420, 450, 470), "radius": (190, 205, 215)},
        attributes=CLAY, keywords="cup tea coffee stoneware", on_hand=40,
        openings=("An everyday mug with a generous handle and a rim that is kind to the lip.", "The mug people reach for when there are six to choose from."),
        subtitles=("A mug for the first cup of the day", "Round-bellied, hand-thrown, hard to put down", "Thrown, dipped and speckled"),
    ),
    Form(
        noun="espresso cup", craft="clay", family="mug", kind="mug", category="table/mugs/espresso-cups", makers=POTTERS, price=(900, 1300),
        options={"glaze": (GLAZES, 8), "size": (("80",), 1)}, drawn={"speckle": SPECKLE, "dip": DIP, "handle": ("none", "ring"), "taper": (0.04, 0.1), "height": (400, 440)},
        attributes=CLAY, keywords="small coffee cup", openings=("Two good mouthfuls, kept hot by a thick wall.", "Small enough for a saucer, sturdy enough to do without one."),
        subtitles=("Eighty millilitres, no more needed", "For short coffees and long mornings"), on_hand=50,
    ),
    Form(
        noun="bowl", craft="clay", family="bowl", kind="bowl", category="table/bowls", makers=POTTERS, price=(1400, 2200),
        options={"glaze": (GLAZES, 7), "diameter": (("14", "18"), 2)}, extra={"diameter": {"18": 350}},
        drawn={"speckle": SPECKLE, "dip": (0, 0.2, 0.28), "depth": (0.56, 0.64, 0.74), "flare": (0.04, 0.1, 0.16)}, attributes=CLAY, keywords="soup cereal dish",
        openings=("A bowl with room to stir.", "It holds a proper helping and looks well with half of one."), subtitles=("For soup, cereal and leftovers", "Turned foot, open rim"),
    ),
    Form(
        noun="serving bowl", craft="clay", family="bowl", kind="bowl", category="table/bowls/serving", makers=POTTERS, price=(3400, 5200),
        options={"glaze": (GLAZES, 6), "diameter": (("24",), 1)}, drawn={"speckle": SPECKLE, "dip": (0, 0.16), "depth": (0.46, 0.54), "flare": (0.1, 0.18)}, attributes=CLAY, keywords="salad fruit large dish",
        openings=("Set down in the middle of a table, it makes a meal of whatever is in it.", "Wide and low, for salad, for fruit, for a loaf cut in pieces."), subtitles=("Wide enough to share", "For the middle of the table"), on_hand=12,
    ),
    Form(
        noun="plate", craft="clay", family="plate", kind="plate", category="table/bowls", makers=POTTERS, price=(1400, 2400),
        options={"glaze": (GLAZES, 6), "diameter": (("17", "22", "27"), 3)}, extra={"diameter": {"22": 350, "27": 700}}, drawn={"speckle": SPECKLE, "band": ("", "", "ink", "rust")}, attributes=CLAY, keywords="dinner side dish",
        openings=("A flat plate with a raised rim, so gravy stays where it was put.", "Three sizes that stack into each other and wash up without chipping."), subtitles=("A rim to hold the sauce", "Side, supper and dinner"),
    ),
    Form(
        noun="jug", craft="clay", family="jug", kind="jug", category="table/jugs", makers=("dunmore-clay",), price=(2600, 3900),
        options={"glaze": (GLAZES, 6)}, drawn={"speckle": SPECKLE, "dip": DIP, "scale": (0.88, 0.95, 1)}, attributes={"material": "Stoneware", "dishwasher_safe": True, "capacity": 0.8, "height": 20}, keywords="pitcher milk water",
        openings=("A jug that pours where you point it.", "For milk, for water, for sweet peas."), subtitles=("A clean pour and a strap handle", "Pours well, stands well"), on_hand=16,
    ),
    Form(
        noun="vase", craft="clay", family="vase", kind="vase", category="table/jugs", makers=POTTERS, price=(2400, 4600),
        options={"glaze": (GLAZES, 6), "size": (("18", "26", "32"), 3)}, extra={"size": {"26": 800, "32": 1600}}, drawn={"shape": ("bottle", "moon", "tall", "flare"), "stems": ("olive", "straw", "fern", "none"), "speckle": SPECKLE, "dip": (0, 0, 0.2)},
        attributes={"material": "Stoneware", "watertight": True}, keywords="flowers stems", openings=("Narrow at the neck, so three stems look like a decision.", "It holds a branch from the garden and does not fall over."), subtitles=("For one branch or a bunch", "Made to stand alone, too"), on_hand=14,
    ),
    Form(
        noun="candle", craft="wax", family="candle", kind="candle", category="gifts/under-25", makers=("dunmore-clay",), price=(1600, 2400),
        options={"scent": (("fig-leaf", "cedar-and-moss", "sea-holly", "black-tea", "beeswax"), 5)}, drawn={"speckle": SPECKLE, "gloss": (0.4, 0.55)}, attributes={"material": "Rapeseed wax in stoneware", "burns": 45, "care": "Trim the wick to 5 mm", "gift": ["anyone"]}, keywords="scented wax gift",
        openings=("Forty-five hours of quiet light, in a pot you will use afterwards.", "A slow candle in a hand-thrown pot."), subtitles=("Burns for forty-five evenings", "Poured into a pot worth keeping"), on_hand=60,
    ),
    Form(
        noun="tray", craft="joinery", family="tray", kind="tray", category="desk/trays", makers=("ridge-and-rail", "weald-joinery"), price=(3200, 5800),
        options={"wood": (WOODS, 4)}, drawn={"shape": ("oblong", "round", "oblong")}, attributes={"material": "Solid wood", "measures": "48 × 33 cm", "care": "Wipe; oil once a year", "gift": ["desk", "kitchen"]}, keywords="breakfast letters serving", on_hand=15,
        openings=("For breakfast upstairs, letters in the hall, or the things that gather on a desk.", "A rim high enough to stop a pencil and low enough to reach over."), subtitles=("Steamed rim, solid base", "For letters or for toast"),
    ),
    Form(
        noun="planter", craft="clay", family="planter", kind="planter", category="garden/planters", makers=("dunmore-clay", "hollin-pottery"), price=(1600, 2800),
        options={"glaze": (GLAZES, 4), "size": (("12", "18", "24"), 3), "saucer": (("with", "without"), 2)}, extra={"size": {"18": 700, "24": 1600}, "saucer": {"with": 500}}, drawn={"shape": ("straight", "belly", "tapered"), "plant": ("rubber", "snake", "fern"), "speckle": (0, 0, 4)},
        attributes={"material": "Stoneware", "frost_proof": True}, keywords="pot plant flowerpot indoor", openings=("Fired hard enough to winter outdoors and glazed well enough to stay in.", "A hole to drain, a saucer to catch, a shape that suits leaves."), subtitles=("Frost proof, with a hole where it should be", "For windowsills and doorsteps"), on_hand=20,
    ),
    Form(
        noun="watering can", craft="metal", family="watering_can", kind="watering_can", category="garden/watering-cans", makers=("orrin-metalwork",), price=(3400, 5600),
        options={"metal": (("galvanised", "green", "copper", "red", "blue", "black"), 5)}, attributes={"material": "Steel", "capacity": 5, "weight": 1.6}, keywords="garden plants sprinkler", on_hand=14,
        openings=("Balanced on its hoop when full, and gentle as drizzle at the rose.", "A long spout reaches the back of the border without a foot in it."), subtitles=("Five litres, one steady hand", "A brass rose and two handles"),
    ),
)  # fmt: skip
