"""Hand-written products for the table, and cards to give with them."""

from __future__ import annotations

from app.demo.draft import Draft

EIGHT = ("moss", "oat", "chalk", "ink", "rust", "celadon", "ochre", "slate")

PRODUCTS: tuple[Draft, ...] = (
    Draft(
        slug="pell-mug", title="Pell mug", subtitle="A mug with a foot of bare clay and a handle that fits four fingers",
        description="Thrown a little thicker than it needs to be, so tea stays hot to the end of the chapter. The handle is pulled from the body, not stuck on afterwards, and leaves room for a whole hand.\n\nEach one is dipped by hand to a line that is never quite straight. Below it the stoneware is left bare, which is kinder to tables and nicer to hold. Iron in the clay comes through the glaze as speckle; how much is up to the kiln.\n\nBuy six and they cost less. Nobody has ever been sorry to have six.",
        kind="mug", maker="hollin-pottery", category="table/mugs", sku="PELL", family="mug", price=1400,
        options={"glaze": EIGHT, "size": ("250", "350", "450")}, extra={"size": {"350": 250, "450": 500}},
        drawn={"handle": "D", "speckle": 3, "dip": 0.16, "seed": 2, "wall": "sage"}, breaks=((6, 10),), on_hand=60, scarce={"ochre+450": 0, "slate+250": 2},
        attributes={"material": "Stoneware", "dishwasher_safe": True, "handle": "D shape", "care": "Dishwasher and microwave safe", "gift": ["desk", "kitchen"]},
        keywords="cup tea coffee beaker stoneware", reviews=38, age=410,
    ),
    Draft(
        slug="pell-breakfast-bowl", title="Pell breakfast bowl", subtitle="Deep enough for porridge, wide enough for fruit",
        description="The bowl that lives on the draining board because it never gets as far as the cupboard. Deep, with a small turned foot that lifts it off the table and gives your fingers somewhere to go.\n\nThe inside is glazed thick, so the colour pools darker at the bottom. You see it best when the bowl is empty.\n\nMade by the same two pairs of hands as the Pell mug, in the same eight glazes.",
        kind="bowl", maker="hollin-pottery", category="table/bowls", sku="PELB", family="bowl", price=1600,
        options={"glaze": EIGHT, "diameter": ("14", "18")}, extra={"diameter": {"18": 400}},
        drawn={"speckle": 3, "dip": 0.2, "seed": 3, "depth": 0.7, "wall": "clay"}, on_hand=45,
        attributes={"material": "Stoneware", "dishwasher_safe": True, "care": "Dishwasher and microwave safe", "gift": ["kitchen"]},
        keywords="cereal porridge soup dish stoneware", reviews=64, age=400,
    ),
    Draft(
        slug="dunmore-jug", title="Dunmore jug", subtitle="One litre, one clean pour",
        description="Elspeth tests every spout under the tap. If a last drop runs down the outside, the jug goes in the seconds bin, and the seconds bin is full. This is one of the others.\n\nA litre to the shoulder. Right for water, custard, batter or a handful of garden flowers, in roughly that order of frequency.",
        kind="jug", maker="dunmore-clay", category="table/jugs", sku="DUNJ", family="jug", price=3200,
        options={"glaze": ("chalk", "ink", "celadon", "rust")}, drawn={"dip": 0.2, "speckle": 4, "seed": 5, "wall": "dusk"}, on_hand=18, scarce={"celadon": 2},
        attributes={"material": "Stoneware", "dishwasher_safe": True, "capacity": 1, "height": 22, "gift": ["kitchen"]},
        keywords="pitcher carafe water milk", reviews=41, age=260,
    ),
    Draft(
        slug="harrow-dinner-set", title="Harrow dinner set", subtitle="Twelve pieces: four plates, four bowls, four mugs",
        description="A table for four in one box. Dinner plates with a proper rim, bowls that stack without sticking, and mugs that match without being a matching set.\n\nFired hotter than most, to 1,280 degrees, so it shrugs off knives, ovens and the teenager who empties the dishwasher.\n\nPacked in straw paper. If a piece arrives in two pieces, tell us and we will send another; you need not send the bits back.",
        kind="dinner_set", maker="hollin-pottery", category="table/bowls/serving", sku="HARR", family="dinner_set", price=14800,
        options={"glaze": ("celadon", "chalk", "ink", "oat")}, drawn={"speckle": 2, "handle": "C", "wall": "linen"}, on_hand=9,
        attributes={"material": "Stoneware", "dishwasher_safe": True, "pieces": "12", "weight": 8.4, "gift": ["wedding"]},
        keywords="crockery service plates bowls mugs tableware wedding", reviews=27, age=150,
    ),
    Draft(
        slug="greeting-cards", title="Greeting cards", subtitle="Blank inside, so that you say it yourself",
        description="For thank you, for sorry, and for all that a message on a telephone is too small for.\n\nA lark in gold on uncoated board, folded by hand, each with an envelope that closes with a lick and stays closed. They come in a box that is too good to throw away.",
        kind="greeting_card", maker="field-bindery", category="gifts/cards", sku="CARD", family="greeting_card", price=1000,
        options={"pack": ("5", "10", "20", "40")}, extra={"pack": {"10": 800, "20": 2200, "40": 4800}}, on_hand=40,
        drawn={"cover": "evergreen", "wall": "ochre"}, views=("angle", "scene"),
        attributes={"material": "Uncoated board", "paper": 300, "gift": ["anyone"]},
        keywords="card envelope birthday thank you stationery gift", reviews=12, age=420,
    ),
)  # fmt: skip
