"""A page as everyone may meet it: what axe, the console and the width of the window have to say against it."""

from __future__ import annotations

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

from tests.journeys.shopper import Shopper

ALL = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What another colour or width of the same elements can change; all else was asked already.
LOOKS = ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable", "landmark-unique"]
ASK = "rules => axe.run({runOnly: rules, resultTypes: ['violations']}).then(told => told.violations)"
# Narrow as a phone of ten years ago, or 1280 px at 400 %; a desk by day and at night; a desk at 200 %.
# On a screen as low as the first no bar lies over what axe measures.
ENLARGED = 720  # 1440 px at 200 %
WAYS = (
    ("light", 320, 470, ALL),
    ("light", 1440, 900, ALL),
    ("dark", 1440, 900, LOOKS),
    ("light", ENLARGED, 450, LOOKS),
)
# What WCAG 1.4.12 lets a reader ask for; a constructed sheet is no inline style to our policy.
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
                     p { margin-bottom: 2em !important }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""
# What the browser has not drawn yet has colours and sizes of before: it is looked at as if it had been scrolled to.
SHOWN = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { content-visibility: visible !important }");
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""
UNSPACED = "() => { document.adoptedStyleSheets = document.adoptedStyleSheets.slice(0, -1) }"
DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
SIDEWAYS = "() => document.documentElement.scrollWidth > innerWidth"
CUT = """() => [...document.querySelectorAll("button, .button, label, summary, h1, h2, h3")]
  .filter(each => each.checkVisibility() && !each.closest(".hidden") && getComputedStyle(each).overflowX !== "visible"
    && each.scrollWidth > each.clientWidth + 1)
  .map(each => each.outerHTML.slice(0, 90))"""


async def complaints(shopper: Shopper) -> list[str]:
    """All that is wrong with the page in sight, each with the way it was looked at."""
    found = []
    await shopper.page.evaluate(SHOWN)
    for scheme, width, height, rules in WAYS:
        way = f"{scheme} {width}"
        await _turn(shopper.page, scheme, width, height)
        found += [f"{way}: {each}" for each in [*await _by_axe(shopper.page, rules), *await _by_width(shopper.page)]]
    await shopper.page.evaluate(SPACED)
    for width in (ENLARGED, 320):
        await _turn(shopper.page, "light", width, 450)
        found += [f"spaced {width}: {each}" for each in await _by_width(shopper.page)]
        found += [f"spaced {width}: cut off {each}" for each in await shopper.page.evaluate(CUT)]
    for _ in (SPACED, SHOWN):
        await shopper.page.evaluate(UNSPACED)
    await _turn(shopper.page, "light", 1440, 900)
    found += [f"console: {each}" for each in shopper.complaints]
    shopper.complaints.clear()
    return [f"{shopper.page.url} {each}" for each in found]


async def _turn(page: Page, scheme: str, width: int, height: int) -> None:
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    await page.set_viewport_size({"width": width, "height": height})
    await page.evaluate(DRAWN)


async def _by_axe(page: Page, rules: list[str]) -> list[str]:
    """What axe still says when it is asked again: on a busy machine a colour may be on its way from day to night."""
    if not await _asked(page, rules):
        return []
    await page.wait_for_timeout(500)
    return await _asked(page, rules)


async def _asked(page: Page, rules: list[str]) -> list[str]:
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(Axe().axe_script)
    return [f"{each['id']} {node['target']}" for each in await page.evaluate(ASK, rules) for node in each["nodes"][:3]]


async def _by_width(page: Page) -> list[str]:
    return ["scrolls sideways"] if await page.evaluate(SIDEWAYS) else []
