"""A shopper without a pointer: what the keys reach, and whether it can be seen that they do."""

from __future__ import annotations

from playwright.async_api import Locator, Page

FAR = 90  # presses of Tab after which something counts as out of reach
# What is drawn around the focused element, by itself or by what stands for it (a label, a card's link over the card).
FOCUSED = """() => {
  const it = document.activeElement;
  if (!it || it === document.body) return { name: "nothing", ring: false, seen: false, inside: false };
  const label = it.closest("label"), box = label ?? it;
  const ringed = (each, pseudo) => {
    const style = each && getComputedStyle(each, pseudo);
    return style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  const around = [...box.getClientRects()].find(each => each.width && each.height) ?? box.getBoundingClientRect();
  const points = [[.5, .5], [.1, .2], [.9, .2], [.1, .8], [.9, .8]].map(([x, y]) =>
    document.elementFromPoint(around.left + around.width * x, around.top + around.height * y));
  return {
    name: `${it.localName}#${it.id} ${it.ariaLabel ?? it.name ?? ""} ${it.textContent.trim().slice(0, 30)}`,
    ring: ringed(it) || ringed(it, "::after") || ringed(label),
    seen: points.some(each => each && (box.contains(each) || each.contains(box) || each.closest("label") === label && label)),
    inside: around.bottom > 0 && around.top < innerHeight && around.right > 0 && around.left < innerWidth,
  };
}"""


class Keys:
    """`unseen` collects every place where the focus was and could not be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.unseen: list[str] = []

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.page.keyboard.press(key)

    async def type(self, words: str) -> None:
        await self.page.keyboard.type(words)

    async def reach(self, wanted: Locator, key: str = "Tab") -> None:
        """Presses Tab until the focus is there; every stop on the way must be seen."""
        for _ in range(FAR):
            if await self.has(wanted):
                return
            await self.press(key)
            await self.look()
        raise AssertionError(f"{wanted} is out of reach of {key}")

    async def has(self, wanted: Locator) -> bool:
        return await wanted.count() > 0 and await wanted.first.evaluate("it => it === document.activeElement")

    async def look(self, *, may_leave: bool = False) -> None:
        """Notes the focused element if no ring is around it, or if it is out of sight or covered, and a focus that is nowhere.

        `may_leave`: whether it may be with the browser's own bar, which comes after the last and before the first.
        """
        found = await self.page.evaluate(FOCUSED)
        if found["name"] == "nothing" and may_leave:
            return
        if not (found["ring"] and found["seen"] and found["inside"]):
            self.unseen.append(f"{self.page.url}: {found}")
