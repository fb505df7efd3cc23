"""Hand-written chairs and stools."""

from __future__ import annotations

from app.demo.draft import Draft

PRODUCTS: tuple[Draft, ...] = (
    Draft(
        slug="weald-dining-chair", title="Weald dining chair", subtitle="Seven spindles and not one screw",
        description="A chair built the way chairs were built before anyone thought to save time on it. Legs go right through the seat and are wedged from above; the harder you sit, the tighter they get.\n\nThe seat is shaped with a curved plane until it is comfortable bare. If you prefer wool, the pad is tied, not glued, and can be washed.\n\nTom makes them to order, in the order the orders come. Twenty-one days is usual; we write when yours is on the bench.",
        kind="chair", maker="weald-joinery", category="seating/dining-chairs", sku="WEAC", family="chair", price=18500,
        options={"wood": ("oak", "ash", "walnut"), "seat": ("wood", "rust", "moss", "indigo")}, extra={"wood": {"walnut": 4000}, "seat": {"rust": 2000, "moss": 2000, "indigo": 2000}},
        drawn={"back": "spindle", "count": 7, "wall": "pine"}, policy="made_to_order", lead_days=21, on_hand=0,
        attributes={"material": "Solid wood", "seat_height": 46, "weight": 5.2, "stackable": False, "assembly": "Comes assembled", "gift": []},
        keywords="kitchen seat windsor spindle wooden", reviews=22, age=330,
    ),
    Draft(
        slug="weald-stool", title="Weald stool", subtitle="A seat, a step, somewhere to put the lamp",
        description="Four legs, four rungs and a round seat, turned from the same boards as the Weald chair. Light enough to carry in one hand with a cup in the other.\n\nThe rungs sit at two heights, because feet like a choice.",
        kind="stool", maker="weald-joinery", category="seating/stools", sku="WEAS", family="stool", price=9500,
        options={"wood": ("oak", "ash", "walnut"), "seat": ("wood", "evergreen")}, extra={"wood": {"walnut": 2000}, "seat": {"evergreen": 1500}},
        drawn={"legs": 4, "wall": "dusk"}, on_hand=11, scarce={"walnut+evergreen": 0},
        attributes={"material": "Solid wood", "seat_height": 46, "weight": 2.9, "assembly": "Comes assembled"},
        keywords="seat bedside milking step wooden", reviews=31, age=320,
    ),
    Draft(
        slug="ridge-lounge-chair", title="Ridge lounge chair", subtitle="Low, deep, and in no hurry",
        description="An armchair with nothing to hide: a frame you can see all of, two cushions you can turn over, arms wide enough for a mug and a book.\n\nThe cushions are feather around a firm core, covered in wool from Brae Weavers. Every cover has a zip; every part can be had again in ten years’ time.\n\nThe first batch leaves the workshop next month. Order now and yours is in it.",
        kind="lounge", maker="ridge-and-rail", category="seating/lounge", sku="RIDG", family="lounge", price=64000,
        options={"wood": ("oak", "walnut"), "seat": ("rust", "oatmeal", "evergreen", "indigo", "charcoal", "moss")}, extra={"wood": {"walnut": 6000}},
        drawn={"wall": "ochre"}, policy="preorder", back_in=45, lead_days=5, on_hand=0,
        attributes={"material": "Solid wood and wool", "seat_height": 41, "weight": 17.5, "assembly": "One key, ten minutes"},
        keywords="armchair easy chair reading sofa", reviews=6, age=12,
    ),
)  # fmt: skip
