from __future__ import annotations

import re

import httpx
import pytest

from app.catalog import developing
from tests.admin.people import errors_in
from tests.admin.test_live import settle, state
from tests.catalog import photographs
from tests.makers import AProduct, a_picture, a_product

SMALL = photographs.jpeg(400, 500)


async def sent(staff: httpx.AsyncClient, product: AProduct, body: bytes = SMALL, **typed: str) -> httpx.Response:
    """The form, with a file of an honest name and kind whatever is in it."""
    file = {"photo": ("mug.jpg", body, "image/jpeg")}
    return await staff.post(f"/products/{product.id}/pictures", data={"alt": "A mug by a window"} | typed, files=file)


async def test_a_photograph_is_added_said_to_be_live_and_taken_off(staff: httpx.AsyncClient) -> None:
    product = await a_product()
    await a_picture(product)
    await settle()

    added = await sent(staff, product, first="yes")
    waiting = (await staff.get(added.headers["location"])).text
    await settle()
    page = (await staff.get(added.headers["location"])).text
    ids = re.findall(r"/pictures/([0-9a-f-]{36})/remove", page)

    assert added.status_code == 303 and state(waiting) == "waiting" and state(page) == "live"
    assert (
        len(ids) == 2 and page.count("on cards") == 1 and page.index("A mug by a window") < page.index("A mug in moss")
    )
    for _ in (1, 2):
        gone = await staff.post(f"/products/{product.id}/pictures/{ids[0]}/remove")
    assert gone.status_code == 404 and "not on this product any more" in gone.text
    assert (await staff.get(f"/products/{product.id}/pictures")).text.count('data-testid="admin-picture"') == 1
    assert f"/products/{product.id}/pictures" in (await staff.get(f"/products/{product.id}")).text


@pytest.mark.parametrize(
    ("body", "typed", "says"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", {}, "no photograph we can read"),
        (SMALL[:900], {}, "no photograph we can read"),
        (photographs.jpeg(300, 500), {}, "320 to 12,000 pixels"),
        (SMALL + bytes(developing.MOST_BYTES), {}, "at most 12 MB"),
        (b"", {}, "Choose a photograph"),
        (SMALL, {"alt": "  "}, "Say in 1 to 300 characters"),
        (SMALL, {"variant": "nonsense"}, "does not exist any more"),
    ],
)
async def test_what_is_refused_is_said_beside_its_field_with_the_words_kept(
    staff: httpx.AsyncClient, body: bytes, typed: dict[str, str], says: str
) -> None:
    product = await a_product(options=["glaze"], variants=[{"options": {"glaze": glaze}} for glaze in ("moss", "oat")])

    answer = await sent(staff, product, body, **typed)

    assert answer.status_code in (404, 422)
    [error] = errors_in(answer.text)
    assert says in error and ("A mug by a window" in answer.text or "alt" in typed)
    assert 'data-testid="admin-picture"' not in (await staff.get(f"/products/{product.id}/pictures")).text


async def test_what_is_no_form_or_far_too_much_changes_nothing(staff: httpx.AsyncClient) -> None:
    product = await a_product()
    path = f"/products/{product.id}/pictures"
    broken = {"content-type": "multipart/form-data; boundary=x"}

    assert (await staff.post(path, data={"alt": "A mug"})).status_code == 400
    assert (await staff.post(path, content=b"no such thing", headers=broken)).status_code in (400, 422)
    huge = await sent(staff, product, SMALL + bytes(developing.MOST_BYTES + 100_000))
    assert huge.status_code == 422 and "at most 12 MB" in huge.text
    assert (await staff.post(f"/products/{product.id}", content=bytes(100_000))).status_code in (400, 413)
