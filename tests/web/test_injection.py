"""Words of merchandisers and shoppers stay words: what the edge would act on never reaches it as markup."""

from __future__ import annotations

import httpx
import pytest

from app.db.engines import EVERYONE, writing
from tests import makers
from tests.conftest import ANONYMOUS_FORM, PERSONAL_FORM

EVIL = '<esi:include src="/_h/account"/><!--esi <esi:include src="/_h/badge"/>--><esi:remove>"\'<b>'


@pytest.fixture
async def shown(databases: None) -> list[str]:
    """Addresses of pages that say something evil in every field they show."""
    mugs = await makers.a_category(title=EVIL[:100], top=True)
    maker = await makers.a_maker(name=EVIL[:110])
    type_id = await makers.a_product_type(
        [{"code": "evil", "label": EVIL}, {"code": "glaze", "label": EVIL, "is_option": True}]
    )
    words = {"subtitle": EVIL, "description": f"{EVIL}\n\n{EVIL}", "attributes": {"evil": EVIL, "material": EVIL}}
    variants = [{"options": {"glaze": EVIL}, "title": EVIL}, {"options": {"glaze": "moss"}}]
    product = await makers.a_product(
        title=EVIL, category=mugs, maker_id=maker, type_id=type_id, variants=variants, **words
    )
    await makers.a_product(title=EVIL, category=mugs, maker_id=maker)
    await makers.a_review(product, title=EVIL, body=EVIL, author=EVIL[:80])
    picture = await makers.a_picture(product)
    flat = await makers.a_collection(products=[product], title=EVIL[:120])
    await makers.a_block(
        "hero", {"title": EVIL, "text": EVIL, "link_title": EVIL, "link_url": "/c/x", "picture": picture}
    )
    await makers.a_block("notice", {"text": EVIL})
    gone = await makers.a_product(category=mugs, status="archived")
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE picture SET alt = $2 WHERE hash = $1", picture, EVIL)
        await db.execute("UPDATE category SET summary = $2 WHERE id = $1", mugs.id, EVIL)
    panel = f"/_f/variant/{product.slug}"
    return [
        "/",
        product.url,
        mugs.url,
        flat.url,
        panel,
        gone.url,
        "/search?q=esi%3Ainclude",
        "/_f/suggest?q=esi:include",
        "/p/none",
    ]


async def test_stored_words_are_never_markup_for_the_edge(shop: httpx.AsyncClient, shown: list[str]) -> None:
    for path in shown:
        for form in (ANONYMOUS_FORM, PERSONAL_FORM, PERSONAL_FORM | {"X-Vitrine-Value": "0"}, {}):
            text = (await shop.get(path, headers=form)).text.lower()
            own = (
                text.count('<esi:include src="/_h/')
                if form.keys() & PERSONAL_FORM.keys() and form is not ANONYMOUS_FORM
                else 0
            )
            assert text.count("<esi") == own <= 3, path
            assert "<!--esi" not in text, path
        assert "esi:include" in text or path.startswith(("/p/none", "/_f/suggest"))
    async with writing(EVERYONE) as db:
        await db.execute("DELETE FROM block WHERE body::text LIKE '%esi:include%'")
        await db.execute(
            "UPDATE category SET title = 'Mugs', parent_id = (SELECT id FROM category WHERE path = 'everything') WHERE title LIKE '<esi%'"
        )
