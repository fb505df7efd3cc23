"""Product types: what can be chosen, and what is worth knowing."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from app.demo.draft import Attribute, Kind, fact, flag, hidden, option
from app.drawing.palette import FABRICS, GLAZES, INKS, Tones

MATERIAL = fact("material", "Material", facet=True)
CARE = fact("care", "Care")
WASHABLE = flag("dishwasher_safe", "Dishwasher safe")
WEIGHT = fact("weight", "Weight", "kg")
HEIGHT = fact("height", "Height", "cm")
GIFT = hidden("gift", "Good gift for")
WOOD = fact("wood", "Wood", facet=True)
SEAT = {
    "wood": "Bare wood",
    "rust": "Rust wool",
    "moss": "Moss wool",
    "indigo": "Indigo wool",
    "oatmeal": "Oatmeal wool",
    "evergreen": "Evergreen wool",
    "charcoal": "Charcoal wool",
}
PLUGS = {"uk": "UK plug", "eu": "EU plug", "us": "US plug"}
METAL = {
    "brass": "Brass",
    "black": "Matt black",
    "steel": "Brushed steel",
    "white": "White enamel",
    "green": "Green enamel",
    "red": "Red enamel",
    "blue": "Blue enamel",
    "copper": "Copper",
    "galvanised": "Galvanised steel",
}
RIM = {
    "oak": "Oak",
    "walnut": "Walnut",
    "ash": "Ash",
    "beech": "Beech",
    "cherry": "Cherry",
    "black": "Black-stained ash",
}
FRAMES = {
    "none": "Unframed",
    "oak": "Oak frame",
    "walnut": "Walnut frame",
    "black": "Black frame",
    "white": "White frame",
}
SAUCER = {"with": "With saucer", "without": "Without saucer"}
GRADES = {"hb": "HB", "2b": "2B", "4b": "4B", "2h": "2H", "mixed": "Mixed grades"}
COVERS = {"chalkblue": "Chalk blue"}
SCENTS = {
    "fig-leaf": "Fig leaf",
    "cedar-and-moss": "Cedar and moss",
    "sea-holly": "Sea holly",
    "black-tea": "Black tea",
    "beeswax": "Plain beeswax",
}


def _kind(code: str, title: str, *attributes: Attribute) -> Kind:
    return Kind(code=code, title=title, attributes=(*attributes, GIFT))


def worded(code: str, label: str, words: dict[str, str], unit: str | None = None) -> Attribute:
    """An option whose values are codes with words of their own."""
    return option(code, label, unit, **words)


def swatched(attribute: Attribute, tones: Mapping[str, Tones]) -> Attribute:
    """The option as a facet with dots, before all others; the colours are those it is drawn in."""
    colours = {value: tone.mid for value, tone in tones.items()}
    return msgspec.structs.replace(attribute, facet_kind="swatch", facet_order=10, colours=colours)


GLAZE = swatched(option("glaze", "Glaze"), GLAZES)
COVER = swatched(worded("cover", "Cover", COVERS), INKS)
COLOURWAY = swatched(option("colourway", "Colourway"), FABRICS)

KINDS: dict[str, Kind] = {kind.code: kind for kind in (
    _kind("mug", "Mug", GLAZE, option("size", "Size", "ml"), MATERIAL, WASHABLE, fact("handle", "Handle", facet=True), CARE),
    _kind("bowl", "Bowl", GLAZE, option("diameter", "Diameter", "cm"), MATERIAL, WASHABLE, CARE),
    _kind("plate", "Plate", GLAZE, option("diameter", "Diameter", "cm"), MATERIAL, WASHABLE, CARE),
    _kind("dinner_set", "Dinner set", GLAZE, MATERIAL, WASHABLE, fact("pieces", "Pieces"), WEIGHT),
    _kind("jug", "Jug", GLAZE, MATERIAL, fact("capacity", "Capacity", "l"), WASHABLE, HEIGHT),
    _kind("vase", "Vase", GLAZE, option("size", "Height", "cm"), MATERIAL, flag("watertight", "Watertight")),
    _kind("candle", "Candle", worded("scent", "Scent", SCENTS), MATERIAL, fact("burns", "Burns for", "hours"), CARE),
    _kind("lamp", "Table lamp", option("base", "Base"), option("shade", "Shade"), worded("plug", "Plug", PLUGS), MATERIAL, fact("bulb", "Bulb", facet=True), fact("max_watts", "Highest power", "W"), flag("dimmable", "Dimmable"), HEIGHT),
    _kind("pendant", "Pendant", worded("shade", "Shade", METAL), option("width", "Width", "cm"), MATERIAL, fact("bulb", "Bulb", facet=True), fact("cord", "Cord", "m")),
    _kind("floor_lamp", "Floor lamp", worded("metal", "Stand", METAL | RIM), option("shade", "Shade"), MATERIAL, fact("bulb", "Bulb", facet=True), HEIGHT, WEIGHT),
    _kind("bulb", "Bulb", option("watts", "Power", "W"), MATERIAL, fact("fitting", "Fitting", facet=True), fact("light", "Colour of light", "K"), flag("dimmable", "Dimmable")),
    _kind("chair", "Chair", option("wood", "Wood", black="Black-stained ash"), worded("seat", "Seat", SEAT), MATERIAL, fact("seat_height", "Seat height", "cm"), WEIGHT, flag("stackable", "Stackable"), fact("assembly", "Assembly")),
    _kind("stool", "Stool", option("wood", "Wood", black="Black-stained ash"), worded("seat", "Seat", SEAT), MATERIAL, fact("seat_height", "Seat height", "cm"), WEIGHT, fact("assembly", "Assembly")),
    _kind("lounge", "Lounge chair", option("wood", "Wood"), worded("seat", "Cushions", SEAT), MATERIAL, fact("seat_height", "Seat height", "cm"), WEIGHT, fact("assembly", "Assembly")),
    _kind("notebook", "Notebook", COVER, option("size", "Size"), option("ruling", "Ruling"), MATERIAL, fact("pages", "Pages"), fact("paper", "Paper", "gsm"), fact("binding", "Binding", facet=True)),
    _kind("journal", "Journal", COVER, MATERIAL, fact("pages", "Pages"), fact("paper", "Paper", "gsm"), fact("binding", "Binding", facet=True)),
    _kind("pencils", "Pencils", worded("grade", "Grade", GRADES), MATERIAL, fact("count", "In the box"), WOOD),
    _kind("cushion", "Cushion", COLOURWAY, option("pattern", "Pattern"), option("size", "Size", "cm"), MATERIAL, fact("filling", "Filling", facet=True), CARE),
    _kind("throw", "Throw", COLOURWAY, MATERIAL, fact("measures", "Measures"), CARE),
    _kind("tea_towel", "Tea towel", COLOURWAY, MATERIAL, fact("measures", "Measures"), CARE),
    _kind("rug", "Rug", COLOURWAY, option("size", "Size", "cm"), MATERIAL, fact("pile", "Pile"), CARE, flag("underfloor", "Fine on underfloor heating")),
    _kind("clock", "Clock", option("face", "Face"), worded("rim", "Rim", RIM), MATERIAL, fact("movement", "Movement"), flag("silent", "Silent"), fact("measures", "Measures")),
    _kind("print", "Print", option("design", "Design"), option("size", "Size"), worded("frame", "Frame", FRAMES), MATERIAL, fact("edition", "Edition"), fact("paper", "Paper", "gsm")),
    _kind("mirror", "Mirror", worded("rim", "Frame", RIM), option("size", "Size", "cm"), MATERIAL, WEIGHT),
    _kind("shelf", "Shelf", option("wood", "Wood", black="Black-stained ash"), option("width", "Width", "cm"), option("tiers", "Boards"), MATERIAL, fact("bears", "Bears", "kg"), fact("assembly", "Assembly")),
    _kind("tray", "Tray", option("wood", "Wood", black="Black-stained ash"), MATERIAL, fact("measures", "Measures"), CARE),
    _kind("calendar", "Calendar", option("design", "Design"), MATERIAL, fact("paper", "Paper", "gsm"), fact("measures", "Measures")),
    _kind("planter", "Planter", GLAZE, option("size", "Size", "cm"), worded("saucer", "Saucer", SAUCER), MATERIAL, flag("frost_proof", "Frost proof")),
    _kind("watering_can", "Watering can", worded("metal", "Finish", METAL), MATERIAL, fact("capacity", "Capacity", "l"), WEIGHT),
    _kind("greeting_card", "Greeting cards", option("pack", "Pack", **{many: f"{many} cards" for many in ("5", "10", "20", "40")}), MATERIAL, fact("paper", "Paper", "gsm")),
)}  # fmt: skip
