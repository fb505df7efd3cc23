from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest

from app.catalog import sitemap
from app.db.engines import EVERYONE, writing
from app.edge import tags
from app.values import now
from tests import makers
from tests.conftest import ANONYMOUS_FORM, PERSONAL_FORM


def statements(answer: httpx.Response) -> int:
    return int(answer.headers["server-timing"].rpartition("desc=")[2])


def kept_for(answer: httpx.Response) -> int:
    return int(answer.headers["cache-control"].rpartition("s-maxage=")[2])


def carried(answer: httpx.Response) -> set[str]:
    return set(answer.headers["xkey"].split())


async def test_a_product_page_shows_the_product(shop: httpx.AsyncClient) -> None:
    mug = await makers.a_product(title="Pell <mug>", price=1400)

    answer = await shop.get(mug.url)

    assert answer.status_code == 200
    assert "<h1>Pell &lt;mug&gt;</h1>" in answer.text
    assert "£14.00" in answer.text
    assert str(mug.variant_id) in answer.text
    assert f'<link rel="canonical" href="http://localhost:8080{mug.url}">' in answer.text


async def test_a_product_page_is_the_same_bytes_for_everyone(shop: httpx.AsyncClient) -> None:
    mug = await makers.a_product()

    stranger = await shop.get(mug.url, headers=ANONYMOUS_FORM)
    await shop.post("/cart/lines", data={"variant_id": str(mug.variant_id), "quantity": "1"})
    shopper = await shop.get(mug.url, headers=ANONYMOUS_FORM | {"HX-Request": "true"})

    assert shopper.content == stranger.content
    assert "set-cookie" not in shopper.headers
    assert shopper.headers["etag"] == stranger.headers["etag"]


async def test_a_deep_link_chooses_its_variant(shop: httpx.AsyncClient) -> None:
    mug = await makers.a_product(
        options=["glaze"], variants=[{"options": {"glaze": "moss"}}, {"options": {"glaze": "oat"}, "price": 1700}]
    )

    answer = await shop.get(f"{mug.url}?o_glaze=oat")
    nonsense = await shop.get(f"{mug.url}?o_glaze=%00%27--&o_=x&o_glaze[]=1&utm_source=y")

    assert "£17.00" in answer.text
    assert str(mug.variants[1].id) in answer.text
    assert nonsense.status_code == 200
    assert str(mug.variants[0].id) in nonsense.text


async def test_a_product_with_144_variants_is_one_small_page(shop: httpx.AsyncClient) -> None:
    axes = [(cover, size, ruling) for cover in range(12) for size in range(3) for ruling in range(4)]
    variants = [
        {"options": {"cover": f"c{cover}", "size": f"s{size}", "ruling": f"r{ruling}"}} for cover, size, ruling in axes
    ]
    notebook = await makers.a_product(variants=variants, options=["cover", "size", "ruling"])

    answer = await shop.get(notebook.url, headers=ANONYMOUS_FORM)

    assert sum(str(variant.id) in answer.text for variant in notebook.variants) == 1
    assert len(answer.content) < 30_000
    assert statements(answer) <= 4


@pytest.mark.parametrize(
    "more", [{"status": "draft"}, {"publish_at": now() + timedelta(days=1)}, {"variants": [{"price": None}]}]
)
async def test_what_is_not_on_sale_is_not_found_and_kept_shortly_under_its_address(
    shop: httpx.AsyncClient, more: dict
) -> None:
    product = await makers.a_product(**more)

    answer = await shop.get(product.url, headers=ANONYMOUS_FORM)

    assert answer.status_code == 404
    assert kept_for(answer) <= 60
    assert tags.path(product.url) in carried(answer)
    panel = await shop.get(f"/_f/variant/{product.slug}", headers=ANONYMOUS_FORM)
    assert panel.status_code == 404
    assert carried(panel) >= {tags.path(product.url), tags.product(product.id)}


async def test_what_comes_on_sale_by_itself_is_not_found_until_then(shop: httpx.AsyncClient) -> None:
    product = await makers.a_product(publish_at=now() + timedelta(seconds=20))

    missing = [await shop.get(path, headers=ANONYMOUS_FORM) for path in (product.url, f"/_f/variant/{product.slug}")]
    lists = [await shop.get(path, headers=ANONYMOUS_FORM) for path in (f"/c/{product.category_path}", "/sitemap.xml")]

    assert [answer.status_code for answer in missing] == [404, 404]
    assert all(0 < kept_for(answer) <= 20 for answer in [*missing, *lists])


async def test_what_is_no_longer_sold_says_so_and_leads_to_its_category(shop: httpx.AsyncClient) -> None:
    mugs = await makers.a_category(title="Mugs")
    product = await makers.a_product(category=mugs, status="archived")

    answer = await shop.get(product.url, headers=ANONYMOUS_FORM)

    assert answer.status_code == 410
    assert kept_for(answer) <= 60
    assert f'href="{mugs.url}">Mugs' in answer.text
    assert carried(answer) >= {tags.path(product.url), tags.category_detail(mugs.id)}
    assert (await shop.get(f"/_f/variant/{product.slug}")).status_code == 410


async def test_a_page_past_the_last_of_a_list_is_missing_until_the_list_grows(shop: httpx.AsyncClient) -> None:
    mug = await makers.a_product()

    answer = await shop.get(f"/c/{mug.category_path}?page=2", headers=ANONYMOUS_FORM)

    assert answer.status_code == 404
    assert tags.category(mug.category_id) in carried(answer)


async def test_a_panel_of_a_renamed_product_leads_to_the_new_one(shop: httpx.AsyncClient) -> None:
    product, slug = await makers.a_product(), makers.unique("renamed")
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE product SET slug = $2 WHERE id = $1", product.id, slug)

    page, panel = [await shop.get(f"{at}{product.slug}", headers=ANONYMOUS_FORM) for at in ("/p/", "/_f/variant/")]

    assert (page.status_code, page.headers["location"]) == (301, f"/p/{slug}")
    assert (panel.status_code, panel.headers["location"]) == (301, f"/_f/variant/{slug}")


@pytest.mark.parametrize(
    "path",
    [
        "/p/unknown",
        "/p/%27%20OR%201=1",
        "/p/" + "x" * 3000,
        "/p/%00",
        "/c/unknown",
        "/c/a/b/c/d",
        "/c/%00",
        "/p/%ff",
        "/c/%0a",
        "/_f/variant/unknown",
    ],
)
async def test_unknown_addresses_are_not_found(shop: httpx.AsyncClient, path: str) -> None:
    assert (await shop.get(path)).status_code == 404


async def test_an_archived_product_that_went_somewhere_redirects_for_good(shop: httpx.AsyncClient) -> None:
    old = await makers.a_product(status="archived")
    await makers.a_redirect(old.url, "/p/new-teapot")

    answer = await shop.get(old.url, headers=ANONYMOUS_FORM)

    assert answer.status_code == 301
    assert answer.headers["location"] == "/p/new-teapot"
    assert carried(answer) >= {tags.path(old.url), tags.product(old.id), "all"}


async def test_a_product_on_sale_does_not_redirect(shop: httpx.AsyncClient) -> None:
    product = await makers.a_product()
    await makers.a_redirect(product.url, "/p/elsewhere")

    assert (await shop.get(product.url)).status_code == 200


async def test_an_old_category_redirects(shop: httpx.AsyncClient) -> None:
    old = makers.unique("old")
    await makers.a_redirect(f"/c/{old}/mugs", "/c/table/mugs")

    answer = await shop.get(f"/c/{old}/mugs")

    assert (answer.status_code, answer.headers["location"]) == (301, "/c/table/mugs")


async def test_a_product_page_carries_its_tags_and_is_kept_a_day(shop: httpx.AsyncClient) -> None:
    mug = await makers.a_product()

    answer = await shop.get(mug.url, headers=PERSONAL_FORM)

    assert kept_for(answer) == 86400
    assert {tags.product(mug.id), tags.category_detail(mug.category_id), tags.menu(), "all"} <= carried(answer)
    assert tags.category(mug.category_id) not in carried(answer)
    assert "<esi:include" in answer.text


async def test_pages_ask_few_statements(shop: httpx.AsyncClient) -> None:
    mugs = await makers.a_category()
    for _ in range(6):
        mug = await makers.a_product(category=mugs)
    flat = await makers.a_collection(products=[mug])

    asked = {
        path: statements(await shop.get(path)) for path in (mug.url, mugs.url, flat.url, f"/_f/variant/{mug.slug}")
    }

    assert asked == {mug.url: 3, mugs.url: 4, flat.url: 5, f"/_f/variant/{mug.slug}": 1}


async def test_a_category_page_shows_its_cards(shop: httpx.AsyncClient) -> None:
    mugs = await makers.a_category(title="Mugs & cups")
    await makers.a_product(title="Pell mug", category=mugs)

    answer = await shop.get(mugs.url, headers=ANONYMOUS_FORM)

    assert "<h1>Mugs &amp; cups</h1>" in answer.text
    assert answer.text.count('data-testid="product-card"') == 1
    assert kept_for(answer) == 6 * 3600
    assert tags.category(mugs.id) in carried(answer)


@pytest.mark.parametrize("query", ["page=abc", "page=0", "page=-1", "page=99999", "page=2", "page=1.5", "page=%00"])
async def test_a_page_that_is_none_is_not_found(shop: httpx.AsyncClient, query: str) -> None:
    mugs = await makers.a_category()
    await makers.a_product(category=mugs)

    assert (await shop.get(f"{mugs.url}?{query}")).status_code == 404


async def test_a_sort_that_is_none_is_the_default(shop: httpx.AsyncClient) -> None:
    mugs = await makers.a_category()
    await makers.a_product(category=mugs)

    plain = await shop.get(mugs.url, headers=ANONYMOUS_FORM)

    for query in ("sort=nonsense", "sort=", "page=", "page=1", "page=1&sort=featured"):
        answer = await shop.get(f"{mugs.url}?{query}", headers=ANONYMOUS_FORM)
        if answer.status_code == 301:
            assert (answer.headers["location"], kept_for(answer)) == (mugs.url, 60), query
        else:
            assert answer.content == plain.content, query
    assert f'<link rel="canonical" href="http://localhost:8080{mugs.url}">' in plain.text


async def test_deep_pages_are_kept_shortly(shop: httpx.AsyncClient) -> None:
    mugs = await makers.a_category()
    for rank in range(73):
        await makers.a_product(category=mugs, rank=rank)

    third = await shop.get(f"{mugs.url}?page=3", headers=ANONYMOUS_FORM)
    fourth = await shop.get(f"{mugs.url}?page=4", headers=ANONYMOUS_FORM)

    assert (kept_for(third), kept_for(fourth)) == (6 * 3600, 600)
    assert fourth.text.count('data-testid="product-card"') == 1


async def test_a_list_is_not_kept_past_the_moment_a_product_joins_it(shop: httpx.AsyncClient) -> None:
    mugs = await makers.a_category()
    await makers.a_product(category=mugs, publish_at=now() + timedelta(minutes=5))

    answer = await shop.get(mugs.url, headers=ANONYMOUS_FORM)

    assert 200 < kept_for(answer) <= 300


async def test_the_variant_fragment_is_a_piece_that_may_be_kept(shop: httpx.AsyncClient) -> None:
    mug = await makers.a_product(
        options=["glaze"], variants=[{"options": {"glaze": "moss"}}, {"options": {"glaze": "oat"}, "price": 1700}]
    )

    answer = await shop.get(f"/_f/variant/{mug.slug}?o_glaze=oat")

    assert "<html" not in answer.text
    assert "£17.00" in answer.text
    assert answer.headers["x-robots-tag"] == "noindex"
    wave = tags.wave("variant", f"/_f/variant/{mug.slug}")
    assert carried(answer) == {tags.product(mug.id), tags.product_type(mug.type_id), tags.delivery(), wave, "all"}
    assert kept_for(answer) == 86400


async def test_a_picture_is_drawn_and_never_changes(shop: httpx.AsyncClient) -> None:
    product = await makers.a_product()
    hash = await makers.a_picture(product)

    answer = await shop.get(f"/static/p/{hash}.svg")

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.text.startswith("<svg")


async def test_a_picture_is_also_pixels_for_mails_and_shared_links(shop: httpx.AsyncClient) -> None:
    product = await makers.a_product()
    hash = await makers.a_picture(product)

    answer = await shop.get(f"/static/p/{hash}.jpg")
    page = await shop.get(product.url)

    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.content.startswith(b"\xff\xd8") and len(answer.content) > 2000
    assert "immutable" in answer.headers["cache-control"]
    assert '<meta property="og:image" content="http' in page.text and '.jpg">' in page.text


@pytest.mark.parametrize("name", ["none.svg", "unknown.svg", "unknown", "unknown.png", "none.svg.exe", ".svg"])
async def test_only_known_pictures_are_drawn(shop: httpx.AsyncClient, name: str) -> None:
    assert (await shop.get(f"/static/p/{name}")).status_code == (200 if name == "none.svg" else 404)


async def test_the_sitemap_leads_to_every_public_page(shop: httpx.AsyncClient) -> None:
    shown, draft = await makers.a_product(), await makers.a_product(status="draft")

    index = await shop.get("/sitemap.xml")
    parts = [await shop.get(url) for url in re.findall(r"<loc>http://localhost:8080(.*?)</loc>", index.text)]
    named = "".join(part.text for part in parts)

    assert "<sitemapindex" in index.text
    assert "<loc>http://localhost:8080/</loc>" in named
    assert re.search(rf"<loc>http://localhost:8080{shown.url}</loc><lastmod>\d{{4}}-\d\d-\d\d</lastmod>", named)
    assert f"<loc>http://localhost:8080/c/{shown.category_path}</loc>" in named
    assert draft.url not in named
    assert all(tags.listings() in carried(answer) for answer in (index, *parts))


async def test_a_large_catalogue_has_as_many_parts_as_it_needs(
    shop: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = {(await makers.a_product()).url for _ in range(3)}
    for name in ("PARTS", "PRODUCTS"):
        monkeypatch.setattr(sitemap, name, getattr(sitemap, name).replace(str(sitemap.PART), "2"))
    monkeypatch.setattr(sitemap, "PART", 2)

    products = [entry.path for entry in await sitemap.parts() if "products" in entry.path]
    texts = [(await shop.get(path)).text for path in products]

    assert all(text.count("<url>") <= 2 for text in texts)
    assert {url for url in made if sum(f"{url}</loc>" in text for text in texts) == 1} == made


@pytest.mark.parametrize("part", ["products-0.xml", "products-9999.xml", "products-x.xml", "lists", "lists.xml.gz"])
async def test_a_part_that_is_not_there_is_not_found(shop: httpx.AsyncClient, part: str) -> None:
    assert (await shop.get(f"/sitemap/{part}")).status_code == 404


async def test_robots_are_told_where_the_sitemap_is(shop: httpx.AsyncClient) -> None:
    answer = await shop.get("/robots.txt")

    assert "Disallow: /cart\n" in answer.text
    assert "Sitemap: http://localhost:8080/sitemap.xml" in answer.text


async def test_a_page_shows_a_price_changed_in_the_database(shop: httpx.AsyncClient) -> None:
    mug = await makers.a_product(price=1400)
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE price SET amount = 1234 WHERE variant_id = $1", mug.variant_id)

    assert "£12.34" in (await shop.get(mug.url)).text
    assert "£12.34" in (await shop.get(f"/c/{mug.category_path}")).text


async def test_what_anybody_can_make_up_is_kept_for_a_minute(shop: httpx.AsyncClient) -> None:
    mug = await makers.a_product(options=["glaze"], variants=[{"options": {"glaze": "moss"}}])
    panel, shelf = f"/_f/variant/{mug.slug}", f"/c/{mug.category_path}"
    sold = [f"{mug.url}?o_glaze=moss", f"{panel}?o_glaze=moss", f"{shelf}?sort=new", mug.url, panel, shelf]
    made_up = [f"{mug.url}?o_glaze=x", f"{mug.url}?o_x=moss", f"{panel}?o_glaze=moss&o_x=1", f"{shelf}?sort=x"]
    made_up += [f"{shelf}?sort=x&sort=new", f"{shelf}?sort=n%65w", f"{mug.url}?o_glaze=oat&o_glaze=moss"]

    times = [[kept_for(await shop.get(each, headers=ANONYMOUS_FORM)) for each in urls] for urls in (sold, made_up)]

    assert min(times[0]) >= 6 * 3600
    assert times[1] == [60] * 7


async def test_a_value_that_is_not_made_with_the_others_makes_them_give_way_and_says_so(
    shop: httpx.AsyncClient,
) -> None:
    chair = await makers.a_product(
        options=["wood", "seat"],
        variants=[
            {"options": {"wood": "oak", "seat": "moss"}},
            {"options": {"wood": "walnut", "seat": "rust"}},
        ],
    )

    before = await shop.get(f"{chair.url}?o_seat=moss&o_wood=oak")
    after = await shop.get(f"/_f/variant/{chair.slug}?o_seat=moss&o_wood=walnut%21", headers=ANONYMOUS_FORM)
    page = await shop.get(f"{chair.url}?o_seat=moss&o_wood=walnut%21")

    assert 'value="walnut!"' in before.text
    assert "not made in Moss" in before.text
    assert "Not made in Moss with Walnut: seat is now Rust." in after.text
    assert str(chair.variants[1].id) in after.text and str(chair.variants[1].id) in page.text
    assert kept_for(after) > 60
    assert f'<link rel="canonical" href="http://localhost:8080{chair.url}">' in page.text


async def test_the_department_of_a_product_and_of_a_list_below_it_is_marked(shop: httpx.AsyncClient) -> None:
    loft = await makers.a_category(title="Loft", top=True)
    beams = await makers.a_category(parent=loft)
    product = await makers.a_product(category=beams)

    marked = f'<a href="{loft.url}" aria-current="{{}}">'

    assert marked.format("true") in (await shop.get(product.url)).text
    assert marked.format("true") in (await shop.get(beams.url)).text
    assert marked.format("page") in (await shop.get(loft.url)).text


async def test_another_choice_brings_its_picture_large_and_small(shop: httpx.AsyncClient) -> None:
    product = await makers.a_product()
    hash = await makers.a_picture(product)

    page, panel = await shop.get(product.url), await shop.get(f"/_f/variant/{product.slug}")
    pieces = dict(re.findall(r'<hx-partial hx-target="#([a-z-]+)"[^>]*>(.*?)</hx-partial>', panel.text, re.S))

    assert 'id="main-picture"' in page.text
    assert all(f"/static/p/{hash}.svg" in pieces[name] for name in ("main-picture", "main-thumb"))
