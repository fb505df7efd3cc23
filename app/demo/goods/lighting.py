"""Hand-written lamps and bulbs."""

from __future__ import annotations

from app.demo.draft import Draft

PRODUCTS: tuple[Draft, ...] = (
    Draft(
        slug="sella-table-lamp", title="Sella table lamp", subtitle="A thrown base, a linen shade, a switch you can find in the dark",
        description="The base is thrown in one piece and glazed inside and out. The shade is stitched linen on a steel ring, lined so that the light comes out warm and the bulb doesn’t show through.\n\nThe switch sits on the cord where a hand falls on it. The cord is two and a half metres of braided cotton, because sockets are never where lamps want to be.\n\nTakes any E27 bulb up to 40 watts; our 4-watt filament is the one we use.",
        kind="lamp", maker="sella-lighting", category="lighting/table-lamps", sku="SELL", family="lamp", price=8900,
        options={"base": ("fern", "oat", "ink", "rust"), "shade": ("oatmeal", "flax", "mustard", "rust", "charcoal"), "plug": ("uk", "eu", "us")},
        drawn={"profile": "bottle", "wall": "clay"}, on_hand=12, scarce={"us": 4},
        attributes={"material": "Stoneware and linen", "bulb": "E27", "max_watts": 40, "dimmable": True, "height": 52, "gift": ["desk"]},
        keywords="desk light bedside reading lampshade", reviews=33, age=180,
    ),
    Draft(
        slug="orrin-pendant", title="Orrin pendant", subtitle="Spun steel, fired enamel, a pool of light over the table",
        description="A disc of steel is pressed over a turning form until it is a dome; the ridge you can feel inside is where the spinner’s tool ran. Then enamel, three coats outside and white within, fired until it is glass.\n\nHang it low, sixty or seventy centimetres over the table, and the room behind it goes quiet.\n\nHung from two metres of cotton cord with a brass cap. An electrician should fit it.",
        kind="pendant", maker="orrin-metalwork", category="lighting/pendants", sku="ORRI", family="pendant", price=11500,
        options={"shade": ("green", "white", "black", "red", "blue", "copper"), "width": ("28", "40")}, extra={"width": {"40": 3500}},
        drawn={"hood": "dome", "wall": "linen"}, on_hand=14,
        attributes={"material": "Enamelled steel", "bulb": "E27", "cord": 2},
        keywords="ceiling light hanging lamp enamel kitchen", reviews=29, age=95,
    ),
    Draft(
        slug="tarn-floor-lamp", title="Tarn floor lamp", subtitle="One slender stem, one heavy foot",
        description="A lamp that asks for thirty centimetres of floor and gives back an armchair’s worth of light. The foot is solid and weighs five kilos, so the cat may rub against it as much as she likes.\n\nSwitch by foot on the cord. Shade of stitched linen, easily changed when you paint the room.\n\nToo long for the post: it comes with the furniture van, who will ring first.",
        kind="floor_lamp", maker="sella-lighting", category="lighting/floor-lamps", sku="TARN", family="floor_lamp", price=21000, offer=(15, 2, 12),
        options={"metal": ("brass", "black", "steel"), "shade": ("oatmeal", "flax", "evergreen")}, drawn={"stand": "disc", "wall": "sage"}, on_hand=7, scarce={"steel": 3},
        attributes={"material": "Metal and linen", "bulb": "E27", "height": 152, "weight": 6.8},
        keywords="standing light standard lamp reading", reviews=18, age=75, bulky=True,
    ),
    Draft(
        slug="filament-bulb-e27", title="Filament bulb E27", subtitle="Warm light, a tenth of the electricity",
        description="An LED that looks like a bulb, lights like a bulb and dims like a bulb. 2,700 kelvin, the colour of late afternoon, with no flicker a camera can find.\n\nRated for fifteen thousand hours, which at three hours a night is thirteen years. Write the date on the cap in pencil; it is oddly satisfying.",
        kind="bulb", maker="sella-lighting", category="lighting/bulbs", sku="BULB", family="bulb", price=900,
        options={"watts": ("2", "4", "7")}, extra={"watts": {"4": 100, "7": 250}}, drawn={"shape": "pear", "wall": "dusk"}, on_hand=240, breaks=((4, 10),),
        attributes={"material": "Glass and brass", "fitting": "E27", "light": 2700, "dimmable": True},
        keywords="light led edison dimmable lamp", reviews=88, age=430,
    ),
)  # fmt: skip
