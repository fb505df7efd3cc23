"""The lines generated products come in, and what can be said of how each craft works."""

from __future__ import annotations

LINES = (
    "Corrie", "Marl", "Fenn", "Haugh", "Lowick", "Tansy", "Sedge", "Brock", "Wether", "Larch", "Hallam", "Eddy", "Thorn",
    "Mossdale", "Cairn", "Rill", "Staithe", "Furrow", "Hazel", "Skerry", "Brigg", "Loam", "Wold", "Reed", "Ashby", "Combe",
    "Esk", "Fell", "Garth", "Keld", "Linn", "Nab", "Oxley", "Pike", "Quarry", "Strand", "Tor", "Ure", "Vale", "Wick", "Yarrow",
    "Dovey", "Carse", "Holt", "Tillage", "Mere",
)  # fmt: skip

MAKING: dict[str, tuple[str, ...]] = {
    "clay": (
        "It is thrown, left overnight under a cloth, trimmed in the morning and fired twice, the second time to 1,260 degrees.",
        "The glaze is mixed from ash and iron and put on by hand, so no two take it quite alike. That is not a flaw; it is the point.",
        "The foot is left bare where it was held for dipping. Look closely and you can find the potter’s thumb.",
        "Made from a stoneware clay with a little grog in it, which is why it takes knocks and why the surface has something to say.",
    ),
    "wax": (
        "The wax is pressed from British rapeseed, scented with oils you could name if you tried, and poured in two goes so that it sets level.",
        "The pot is thrown and glazed next door to where the wax is poured. When it is empty, hot water and a cloth make it a beaker.",
    ),
    "light": (
        "Every lamp is wired by one person, lit for an hour and signed underneath before it goes in its box.",
        "The shade is linen on a steel ring, lined so the bulb does not show. It lifts off with one nut when you want another.",
        "Two and a half metres of braided cotton cord, with a switch where a hand will find it.",
    ),
    "metal": (
        "A disc of steel is pressed over a turning form by a man leaning on a long tool. It takes ninety seconds, and six years to learn.",
        "The enamel is glass, fired on in three coats. It will chip if you drop it from a ladder and not otherwise.",
        "Seams are rolled, not soldered, and every one is tested with water before it is painted.",
    ),
    "joinery": (
        "The timber is air-dried for three years in a shed with no front, then stood indoors until it stops moving.",
        "Joints are cut to be tight dry, then wedged. There is glue in them too, but it is only company.",
        "Finished with three coats of oil, rubbed back by hand between each. A fourth, from you, once a year, will see it through a lifetime.",
        "The grain is matched by eye at the bench, which is slower than not doing it.",
    ),
    "paper": (
        "Folded, gathered and sewn through the fold with linen thread, then glued, pressed and trimmed. It takes four days, three of them waiting.",
        "The paper is made in Somerset from cotton and wood that was planted for it. Ink sits on top and does not spread.",
        "Nothing on it is printed that need not be. There is a line inside for your name.",
    ),
    "print": (
        "Each design begins as a few rules and a seed number. A plotter draws it once with a real pen; the printing is done from that.",
        "Pigment inks on cotton paper, which between them should outlast the wall.",
        "Checked, signed in pencil, and packed flat between boards by the person who printed it.",
    ),
    "cloth": (
        "Woven on looms old enough to have opinions, at a speed that lets someone watch the edge.",
        "Dyed before it is spun, so the colour goes all the way through and has depth when you look into it.",
        "Washed in soft water, dried outdoors when the weather allows, and finished by hand.",
    ),
    "wall": (
        "The rim is turned from one board and the face is enamelled like a plate, fired until it is glass.",
        "A movement that sweeps and does not tick, from a maker who will sell you another in twenty years.",
    ),
}

ENDINGS: dict[str, tuple[str, ...]] = {
    "clay": (
        "Goes in the dishwasher, the microwave and, warmed gently, the oven.",
        "Sits well beside everything else from the same kiln.",
        "Allow for a few millimetres either way; hands are not moulds.",
    ),
    "wax": (
        "Burn it until the wax has melted to the edge the first time, and it will burn evenly ever after.",
        "Trim the wick, mind the curtains.",
    ),
    "light": ("Takes an E27 bulb, not included; our 4-watt filament suits it.", "UK plug unless you say otherwise."),
    "metal": (
        "Wipe with a damp cloth. It asks for nothing else.",
        "Comes with its fixings, and a note from the person who spun it.",
    ),
    "joinery": (
        "Please keep it out of full sun for the first month while the oil hardens.",
        "If a joint ever loosens, the workshop will take it back and put it right.",
        "Wood moves a little with the seasons. So do we all.",
    ),
    "paper": ("Refills and matching covers come back every spring.", "Made to be used up, and then bought again."),
    "print": (
        "Framed behind glass with a mount, or rolled in a tube for frames of your own.",
        "Colours on a screen are near; the paper is better.",
    ),
    "cloth": (
        "Air it rather than wash it, and it will stay as it is for years.",
        "Colours vary a shade between weavings. Order what you need together.",
    ),
    "wall": ("Hang it on one screw. Twelve goes at the top.", "One AA battery a year, which you will find in the box."),
}
