"""The category tree: path, title, one sentence. Order is the order of the menu."""

from __future__ import annotations

CATEGORIES: tuple[tuple[str, str, str], ...] = (
    ("table", "Table", "Stoneware and wood for every day, made to be used and washed and used again."),
    ("table/mugs", "Mugs & cups", "Thrown by hand, glazed in small kilns, no two quite alike."),
    ("table/mugs/espresso-cups", "Espresso cups", "Small, thick-walled and warm in the hand."),
    ("table/bowls", "Bowls & plates", "For porridge, for soup, for the last of the plums."),
    ("table/bowls/serving", "Serving bowls", "Wide enough for the whole table."),
    ("table/jugs", "Jugs & vases", "They pour without a drip, and stand well empty."),
    ("lighting", "Lighting", "Warm light, good switches, cords long enough to reach the wall."),
    ("lighting/table-lamps", "Table lamps", "For reading, for corners, for coming home to."),
    ("lighting/pendants", "Pendants", "Spun metal and enamel, to hang low over a table."),
    ("lighting/floor-lamps", "Floor lamps", "Light where the wall socket isn’t."),
    ("lighting/bulbs", "Bulbs", "Dimmable filaments at 2,700 kelvin, the colour of evening."),
    ("seating", "Seating", "Chairs with proper joints, made in workshops you could visit."),
    ("seating/dining-chairs", "Dining chairs", "Comfortable through pudding and the conversation after."),
    ("seating/stools", "Stools", "A seat, a step, a bedside table."),
    ("seating/stools/bar-stools", "Bar stools", "For kitchen islands and workbenches."),
    ("seating/lounge", "Lounge", "Low, deep and slow."),
    ("desk", "Desk & paper", "Paper that takes ink, pencils that keep a point, trays that keep order."),
    ("desk/notebooks", "Notebooks", "Thread-sewn, so they lie flat."),
    ("desk/notebooks/journals", "Journals", "Thicker paper and a ribbon, for the things worth keeping."),
    ("desk/pencils", "Pencils", "Cedar, graphite and nothing else."),
    ("desk/trays", "Trays", "For letters, for breakfast, for the things that gather."),
    ("desk/calendars", "Calendars", "A year of small prints."),
    ("textiles", "Textiles", "Wool, linen and cotton from mills that still weave."),
    ("textiles/cushions", "Cushions", "Woven covers, plump feather pads."),
    ("textiles/throws", "Throws", "Lambswool for the end of the bed and the end of the day."),
    ("textiles/tea-towels", "Tea towels", "Pure linen, which dries a glass without a hair."),
    ("textiles/rugs", "Rugs", "Flat-woven in wool, reversible, hard to wear out."),
    ("textiles/rugs/runners", "Runners", "Long and narrow, for halls and the side of the bed."),
    ("wall", "Wall", "Things to look at, and one to tell the time by."),
    ("wall/clocks", "Clocks", "Silent movements, clear faces."),
    ("wall/prints", "Prints", "Drawn by us, printed in Edinburgh, signed and numbered."),
    ("wall/mirrors", "Mirrors", "Solid frames, good glass."),
    ("wall/shelves", "Shelves", "Simple boards on honest brackets."),
    ("garden", "Garden", "For windowsills, doorsteps and gardens of any size."),
    ("garden/planters", "Planters", "Pots that breathe, with saucers that catch."),
    ("garden/watering-cans", "Watering cans", "Balanced when full, gentle when poured."),
    ("gifts", "Gifts", "Small things, well wrapped."),
    ("gifts/under-25", "Small gifts", "Thoughtful, and no more than you meant to spend."),
    ("gifts/cards", "Cards", "Blank inside, each with its envelope."),
)  # fmt: skip

COLLECTIONS: tuple[tuple[str, str, str, str, dict[str, object]], ...] = (
    ("new-in", "New in", "What came off the van in the last month.", "rule", {"kind": "new", "days": 30}),
    ("on-sale", "On sale", "Reduced for a while, not for ever.", "rule", {"kind": "on_sale"}),
    ("last-few", "Last few", "When these are gone they are gone.", "rule", {"kind": "last_few"}),
    ("made-from-oak", "Made from oak", "English and French oak, oiled, never lacquered.", "rule", {"kind": "attribute", "code": "wood", "value": "oak"}),
    ("under-25", "Under £25", "Everything good that costs less than a tank of petrol.", "rule", {"kind": "under", "amount": 2500}),
    ("best-rated", "Best rated", "Four stars and more, from people who bought it.", "rule", {"kind": "rating", "stars": 4}),
    ("gifts-for-desks", "Gifts for desks", "For people who work with a pencil behind one ear.", "rule", {"kind": "attribute", "code": "gift", "value": "desk"}),
    ("the-quiet-kitchen", "The quiet kitchen", "Things for a kitchen that doesn’t shout.", "manual", {}),
    ("first-flat", "First flat", "What you need, what you’ll keep, and nothing you’ll regret.", "manual", {}),
    ("studio", "Studio", "For the table where things get made.", "manual", {}),
)  # fmt: skip

CHOSEN: dict[str, tuple[str, ...]] = {  # products of the collections made by hand, in order
    "the-quiet-kitchen": ("pell-mug", "pell-breakfast-bowl", "dunmore-jug", "harrow-dinner-set", "orrin-pendant", "weald-dining-chair", "noon-clock", "weald-stool"),
    "first-flat": ("pell-mug", "sella-table-lamp", "brae-throw", "weald-stool", "contour-print", "filament-bulb-e27", "kite-rug", "harrow-dinner-set"),
    "studio": ("field-notebook", "graphite-pencils", "sella-table-lamp", "monogram-journal", "contour-print", "noon-clock", "tarn-floor-lamp", "weald-stool"),
}  # fmt: skip

BESIDE: dict[str, tuple[str, ...]] = {  # what staff show beside a product, in order
    "pell-mug": ("pell-breakfast-bowl", "dunmore-jug"),
    "sella-table-lamp": ("filament-bulb-e27",),
    "weald-dining-chair": ("weald-stool", "kite-rug"),
    "monogram-journal": ("graphite-pencils", "field-notebook"),
}

HERE, ABROAD = ["GB"], ["IE", "FR", "DE", "NL", "BE"]
# Code, title, promise, pence, free from, offered, working days at least and at most, pence more for an order with something bulky (None: not carried), where.
SHIPPING: tuple[tuple[str, str, str, int, int | None, bool, int, int, int | None, list[str]], ...] = (
    ("standard", "Standard", "2–4 working days", 495, 6000, True, 2, 4, 3000, HERE),
    ("express", "Express", "Next working day if ordered before 2 pm", 995, None, True, 1, 1, None, HERE),
    (
        "europe",
        "Europe",
        "5–8 working days, to Ireland, France, Germany, the Netherlands and Belgium",
        1495,
        None,
        True,
        5,
        8,
        None,
        ABROAD,
    ),
)
