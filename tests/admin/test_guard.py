from __future__ import annotations

import re
from uuid import UUID, uuid4

import pytest

from app import main
from app.admin import guard
from app.main import create_admin, create_app
from tests.conftest import ANONYMOUS_FORM

OPEN = {"/sign-in", "/sign-out", "/healthz", "/readyz", "/static/p/{name:str}", "/static/{fingerprint:str}/{name:path}"}


def admin_routes() -> list[tuple[str, str]]:
    """(method, path) of every route of the admin, with its parameters filled in."""
    filled = {"uuid": str(UUID(int=7)), "str": "AB123456", "path": "some/where"}
    found = []
    for route in create_admin().app.routes:
        path = re.sub(r"{\w+:(\w+)}", lambda part: filled[part[1]], route.path)
        found += [(method, path) for method in route.methods - {"OPTIONS"} if route.path not in OPEN]
    return sorted(set(found))


def test_there_are_routes_to_sweep() -> None:
    assert len(admin_routes()) >= 9


@pytest.mark.parametrize(("method", "path"), admin_routes())
async def test_a_stranger_is_sent_to_the_sign_in_page(admin, method: str, path: str) -> None:
    answer = await admin.request(method, path)

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=/")
    assert answer.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("token", ["x", "a" * 43, "\u00e9", "' OR 1=1 --", "x" * 5000])
async def test_a_forged_cookie_opens_nothing(admin, token: str) -> None:
    answer = await admin.get("/products", headers={"Cookie": f"{guard.cookie_name()}={token}".encode()})

    assert answer.headers["location"] == "/sign-in?next=/products&ended=1"


async def test_the_shops_cookie_opens_nothing(admin, shop) -> None:
    answer = await admin.get("/", headers={"Cookie": "sid_8080=AA" + "a" * 43})

    assert answer.headers["location"] == "/sign-in?next=/"


async def test_a_form_sent_without_a_session_changes_nothing_and_leads_back_to_its_page(admin) -> None:
    answer = await admin.post(
        f"/products/{uuid4()}/stock", headers={"Referer": f"http://localhost:8200/products/{uuid4()}"}
    )

    assert answer.headers["location"].startswith("/sign-in?next=/products/")


async def test_a_piece_asked_for_without_a_session_moves_the_whole_page(admin) -> None:
    answer = await admin.get(f"/products/{uuid4()}/live", headers={"HX-Request": "true"})

    assert answer.headers["hx-redirect"].startswith("/sign-in")
    assert answer.text == ""


async def test_a_form_from_another_site_is_refused(staff) -> None:
    answer = await staff.post("/sign-out", headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/", "/products", "/orders", "/nowhere"])
async def test_nothing_of_the_admin_may_be_kept(staff, path: str) -> None:
    answer = await staff.get(path, headers=ANONYMOUS_FORM)

    assert answer.headers["cache-control"] == "private, no-store"
    assert "x-vitrine-keep" not in answer.headers


async def test_staff_get_a_404_for_what_does_not_exist(staff) -> None:
    answer = await staff.get("/nowhere/at/all")

    assert answer.status_code == 404
    assert "nothing at this address" in answer.text


def test_no_route_of_the_admin_is_on_the_shop() -> None:
    paths = {route.path for route in create_app().app.routes}

    assert not {path for path in paths if path.startswith(("/products", "/sign-in", "/sign-out"))}
    assert not [route for route in main.edge_routes() if route.name.startswith("admin")]
