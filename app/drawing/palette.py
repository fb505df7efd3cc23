"""Named materials. Each has four tones: in the light, itself, in the shade, and its drawn line."""

from __future__ import annotations

from typing import NamedTuple


class Tones(NamedTuple):
    """Hex colours. The shade leans cool and the light warm, as under a north window."""

    title: str
    light: str
    mid: str
    dark: str
    line: str


GLAZES = {
    "chalk": Tones("chalk", "#fdfbf5", "#efe9dd", "#bdb3a3", "#9c917f"),
    "oat": Tones("oat", "#f3e6cd", "#dfcbaa", "#a58d6a", "#84704f"),
    "moss": Tones("moss", "#a3ab78", "#727d4a", "#404a28", "#313a1d"),
    "celadon": Tones("celadon", "#d5e4d5", "#a9c3b1", "#6d8c7c", "#557263"),
    "fern": Tones("fern", "#6f9c80", "#3b6e55", "#1c4032", "#143127"),
    "ink": Tones("ink", "#6c7f97", "#31445c", "#172538", "#0f1a29"),
    "sky": Tones("sky", "#cfdfe8", "#9dbccd", "#64869a", "#4c6c7f"),
    "rust": Tones("rust", "#df936b", "#b8603a", "#74331b", "#5b2614"),
    "clay": Tones("clay", "#e6b394", "#c9896a", "#8b5540", "#6f4230"),
    "ochre": Tones("ochre", "#f0cb7a", "#d3a03d", "#90671b", "#735113"),
    "rose": Tones("rose", "#f0cfc6", "#d9a598", "#a06e64", "#80554c"),
    "plum": Tones("plum", "#9d7589", "#6c4359", "#3d2233", "#2d1825"),
    "slate": Tones("slate", "#a4acb0", "#747f86", "#434d54", "#333c42"),
    "charcoal": Tones("charcoal", "#73706c", "#43413f", "#232221", "#181716"),
}
WOODS = {
    "oak": Tones("oak", "#ecd0a0", "#d0aa72", "#94703f", "#7a5a30"),
    "ash": Tones("ash", "#f6e8cb", "#e3cda4", "#ac9065", "#8f764e"),
    "walnut": Tones("walnut", "#a97e5c", "#7c5538", "#46301f", "#382517"),
    "beech": Tones("beech", "#f3d3b0", "#dfb489", "#a67b52", "#8a633e"),
    "cherry": Tones("cherry", "#d9986c", "#b36b42", "#6f3c22", "#5a2f19"),
    "black": Tones("black-stained ash", "#6b6863", "#3b3936", "#1e1d1b", "#141312"),
}
INKS = {
    "evergreen": Tones("evergreen", "#3f8066", "#1c5b45", "#0d3529", "#09271e"),
    "navy": Tones("navy", "#4d6384", "#263c5e", "#12203a", "#0c172b"),
    "brick": Tones("brick", "#c96f56", "#a3432e", "#652215", "#4e190f"),
    "mustard": Tones("mustard", "#eabf5f", "#cd9630", "#8c6114", "#714d0e"),
    "stone": Tones("stone", "#d8d0c1", "#b9ae9b", "#80755f", "#675d4a"),
    "soot": Tones("soot", "#5b5a59", "#333231", "#191918", "#111010"),
    "blush": Tones("blush", "#efcbbd", "#dba690", "#a26d57", "#845441"),
    "chalkblue": Tones("chalk blue", "#b9cfdb", "#88a9bc", "#54758a", "#40606f"),
    "olive": Tones("olive", "#a3a163", "#75743a", "#44431e", "#343315"),
    "plum": Tones("plum", "#94657d", "#653b53", "#391e2e", "#2a1521"),
    "teal": Tones("teal", "#5d9a9c", "#2b6d70", "#134143", "#0d3234"),
    "cream": Tones("cream", "#fbf4e2", "#eee2c6", "#b8a983", "#988a66"),
}
FABRICS = {
    "flax": Tones("flax", "#efe6d3", "#d8cab0", "#a08f71", "#84745a"),
    "oatmeal": Tones("oatmeal", "#f4eee1", "#e2d8c4", "#aea088", "#91846d"),
    "moss": Tones("moss", "#9ba376", "#70784c", "#434a2a", "#343a20"),
    "rust": Tones("rust", "#d78f6a", "#b4623f", "#743720", "#5b2a17"),
    "indigo": Tones("indigo", "#6e82a4", "#3c5179", "#1e2e4d", "#15223b"),
    "charcoal": Tones("charcoal", "#7b7975", "#4b4947", "#282726", "#1c1b1a"),
    "heather": Tones("heather", "#c0acb5", "#97808b", "#63505a", "#4d3d46"),
    "mustard": Tones("mustard", "#e8c067", "#c9983a", "#8b651c", "#705014"),
    "evergreen": Tones("evergreen", "#5b8f78", "#2f6650", "#163c2d", "#0f2d21"),
    "stone": Tones("stone", "#d3cec4", "#b0a99b", "#777061", "#5f594c"),
}
METALS = {
    "brass": Tones("brass", "#f7e2a6", "#cba557", "#7d5d22", "#654a18"),
    "steel": Tones("brushed steel", "#f4f5f5", "#b9bec1", "#6d7478", "#565d61"),
    "black": Tones("matt black", "#6d6b69", "#353433", "#171716", "#0e0e0d"),
    "white": Tones("white enamel", "#ffffff", "#f0ede6", "#bab4a8", "#9a9486"),
    "green": Tones("green enamel", "#6a9b82", "#2c6a4f", "#123d2c", "#0c2d20"),
    "red": Tones("red enamel", "#dd7961", "#b63d2a", "#711d12", "#57140c"),
    "blue": Tones("blue enamel", "#8ba9c4", "#4a7094", "#26435f", "#1b334a"),
    "copper": Tones("copper", "#f6c2a0", "#c67f55", "#7b4426", "#62341b"),
    "galvanised": Tones("galvanised", "#e5e9e9", "#b4bcbd", "#7a8485", "#616b6c"),
}
STONEWARE = Tones("bare stoneware", "#e3c9a8", "#c6a47d", "#8d6d4c", "#725539")
PAPER = Tones("paper", "#fffdf7", "#f6f0e2", "#d4c9b3", "#b0a48b")
WALLS = {
    "linen": ("#efe8da", "#e4dac7"),
    "sage": ("#c9d0bd", "#b5bea7"),
    "clay": ("#e2c4b0", "#d5b09a"),
    "dusk": ("#b9c4cc", "#a4b2bd"),
    "ochre": ("#e8d3a2", "#dcc28a"),
    "pine": ("#557566", "#456455"),
}
KINDS = {"glaze": GLAZES, "wood": WOODS, "ink": INKS, "fabric": FABRICS, "metal": METALS}


def tones(kind: str, code: str) -> Tones:
    """The tones of a named material. Raises KeyError for a name nobody has mixed."""
    return KINDS[kind][code]


def blend(first: str, second: str, share: float) -> str:
    """The colour `share` (0..1) of the way from the first hex colour to the second."""
    pairs = [(int(first[i : i + 2], 16), int(second[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)
