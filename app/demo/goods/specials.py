"""Four products that are not simply on sale: gone, unfinished, coming tomorrow, and not for every market."""

from __future__ import annotations

from app.demo.draft import Draft

REDIRECTS = {"/p/harrow-mug": "/p/pell-mug", "/c/table/cups": "/c/table/mugs"}

# What shoppers type for what the shop calls otherwise: kind, terms, what they mean where it goes one way.
SYNONYMS = (
    ("both", ("mug", "cup", "beaker"), ()),
    ("both", ("notebook", "jotter", "writing pad"), ()),
    ("one", ("desk lite", "lite"), ("lamp",)),
    ("one", ("pot plant",), ("planter", "pot")),
)

PRODUCTS: tuple[Draft, ...] = (
    Draft(
        slug="harrow-mug", title="Harrow mug", subtitle="The one before the Pell", status="archived",
        description="Our first mug. The handle was too small and we knew it.",
        kind="mug", maker="hollin-pottery", category="table/mugs", sku="HARM", family="mug", price=1200,
        options={"glaze": ("chalk", "ink"), "size": ("350",)}, drawn={"handle": "ring"}, on_hand=0,
        attributes={"material": "Stoneware", "dishwasher_safe": True, "handle": "Ring"}, views=("angle",), age=700,
    ),
    Draft(
        slug="tarn-reading-lamp", title="Tarn reading lamp", subtitle="Photographs to come", status="draft",
        description="The Tarn with an arm that swings. Waiting for the second sample from the foundry.",
        kind="floor_lamp", maker="sella-lighting", category="lighting/floor-lamps", sku="TARR", family="floor_lamp", price=23500,
        options={"metal": ("brass", "black"), "shade": ("oatmeal",)}, on_hand=0,
        attributes={"material": "Metal and linen", "bulb": "E27", "height": 138}, views=("angle",), age=3,
    ),
    Draft(
        slug="weald-bar-stool", title="Weald bar stool", subtitle="The stool, grown up",
        description="The Weald stool on longer legs, for kitchen islands and workbenches. Same wedged joints, same shaped seat, one more rung for your heels.\n\nFour of them fit under a two-metre counter with room for elbows.",
        kind="stool", maker="weald-joinery", category="seating/stools/bar-stools", sku="WEAB", family="stool", price=12500, publish_in=24,
        options={"wood": ("oak", "black"), "seat": ("wood", "charcoal")}, extra={"seat": {"charcoal": 1500}}, drawn={"tall": 66, "half": 15, "legs": 4, "wall": "linen"}, on_hand=10,
        attributes={"material": "Solid wood", "seat_height": 66, "weight": 3.6, "assembly": "Comes assembled"}, age=1,
    ),
    Draft(
        slug="contour-calendar", title="Contour calendar", subtitle="Twelve small prints and the days under them", euro=False,
        description="A print for each month, wire-bound, with room beside every date for a dentist or a birthday. Tear off the bottom and the picture is a postcard.\n\nBank holidays are those of Scotland, England and Wales, which is why it only goes to the United Kingdom.",
        kind="calendar", maker="contour-press", category="desk/calendars", sku="CALE", family="calendar", price=1800,
        options={"design": ("hills", "tide", "cut", "strata")}, drawn={"month": 1, "wall": "clay"}, on_hand=40,
        attributes={"material": "Uncoated paper", "paper": 250, "measures": "24 × 38 cm", "gift": ["desk"]},
        keywords="diary planner year wall", reviews=9, age=20,
    ),
)  # fmt: skip
