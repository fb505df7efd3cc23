"""Hand-written clock and print."""

from __future__ import annotations

from app.demo.draft import Draft

PRODUCTS: tuple[Draft, ...] = (
    Draft(
        slug="noon-clock", title="Noon clock", subtitle="Thirty centimetres, no numerals, no tick",
        description="You know where twelve is. Everything else has been left off: numbers, branding, the sound.\n\nThe face is enamelled like a plate and the rim is turned from one board. The movement sweeps and does not tick, so it may hang where people sleep. One AA battery a year.",
        kind="clock", maker="noon-instruments", category="wall/clocks", sku="NOON", family="clock", price=5800,
        options={"face": ("chalk", "fern", "ink", "ochre"), "rim": ("oak", "walnut", "black")}, drawn={"ticks": "lines", "wall": "clay"}, on_hand=22,
        attributes={"material": "Wood and enamel", "movement": "Quartz, sweeping", "silent": True, "measures": "30 cm", "gift": ["desk", "kitchen"]},
        keywords="time wall watch kitchen silent", reviews=44, age=280,
    ),
    Draft(
        slug="contour-print", title="Contour print", subtitle="Ten drawings made of rules, in an edition of fifty",
        description="Each design is a handful of instructions and one number. A plotter follows them with a real pen for most of an hour; then it is printed, checked, and signed in pencil below the right-hand corner.\n\nFifty of each size, numbered, and then the number is crossed out in the ledger. Heavy cotton paper, pigment inks that outlast the wall.\n\nFramed behind glass with a mount, or sent rolled in a tube for people with frames of their own.",
        kind="print", maker="contour-press", category="wall/prints", sku="CONT", family="print", price=2200,
        options={"design": ("contour", "hills", "tide", "stones", "stems", "arcs", "orbit", "strata", "flock", "cut"), "size": ("A4", "A3", "A2"), "frame": ("none", "oak", "black", "white")},
        extra={"size": {"A3": 1300, "A2": 3300}, "frame": {"oak": 4000, "black": 3500, "white": 3500}},
        drawn={"wall": "linen", "seed": 4, "frame": "oak", "size": "A3"}, on_hand=30, scarce={"orbit+A2": 0, "tide+A2": 2},
        attributes={"material": "Cotton paper", "edition": "50 of each size", "paper": 310, "gift": ["wall"]},
        keywords="art poster picture generative drawing frame", reviews=58, age=25,
    ),
)  # fmt: skip
