from __future__ import annotations

from typing import Annotated

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar import Litestar, Request, post
from msgspec import Meta

from app.web.forms import MOST_FIELDS, judge, read_form


class Order(msgspec.Struct):
    name: Annotated[
        str, Meta(min_length=1, max_length=20, extra={"error": "At most 20 letters.", "missing": "Who are you?"})
    ]
    cups: Annotated[int, Meta(ge=1, le=9, extra={"error": "From 1 to 9."})]
    sugar: bool = False
    note: str = ""


def test_a_good_form_becomes_its_struct():
    form = judge({"name": " Ada ", "cups": "3", "sugar": "true"}, Order)

    assert form.value == Order(name="Ada", cups=3, sugar=True)
    assert form.errors == {}


def test_every_wrong_field_is_told_and_everything_typed_is_kept():
    typed = {"name": "x" * 21, "cups": "many", "other": "kept too"}

    form = judge(typed, Order)

    assert form.value is None
    assert form.errors == {"name": "At most 20 letters.", "cups": "From 1 to 9."}
    assert form.typed == typed


@pytest.mark.parametrize("typed", [{}, {"name": ""}, {"name": "   "}])
def test_what_is_missing_has_words_of_its_own(typed):
    form = judge(typed, Order)

    assert form.errors == {"name": "Who are you?", "cups": "From 1 to 9."}


@pytest.mark.parametrize("cups", ["0", "10", "-1", "1e9", "1.5", "three", "1_0", "0x1", "NaN", "inf", " ", "9" * 500])
def test_a_number_outside_its_range_or_of_another_shape_is_wrong(cups):
    assert judge({"name": "Ada", "cups": cups}, Order).errors == {"cups": "From 1 to 9."}


def test_a_field_without_words_gets_plain_ones():
    class Plain(msgspec.Struct):
        size: int

    assert judge({"size": "x"}, Plain).errors == {"size": "This is not usable here."}
    assert judge({}, Plain).errors == {"size": "Please fill this in."}


@given(st.dictionaries(st.sampled_from(["name", "cups", "sugar", "note", "x"]), st.text()))
def test_whatever_is_typed_is_judged_and_never_crashes(typed):
    form = judge(typed, Order)

    assert (form.value is None) == bool(form.errors)
    assert form.typed == typed


@post("/", status_code=200)
async def tell(request: Request) -> dict:
    form = await read_form(request, Order)
    return {"typed": form.typed, "errors": form.errors, "good": form.value is not None}


@pytest.fixture
async def reader():
    app = Litestar([tell], openapi_config=None, logging_config=None)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as client:
        yield client


async def test_an_urlencoded_body_is_read(reader):
    answer = await reader.post("/", data={"name": "Ada & co", "cups": "2", "note": "ü\x00"})

    assert answer.json() == {"typed": {"name": "Ada & co", "cups": "2", "note": "ü"}, "errors": {}, "good": True}


async def test_of_a_field_sent_twice_the_first_counts(reader):
    answer = await reader.post(
        "/",
        content="name=Ada&name=Bob&cups=2",
        headers={"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"},
    )

    assert answer.json()["typed"]["name"] == "Ada"


async def test_an_empty_body_is_a_form_with_everything_missing(reader):
    assert (await reader.post("/")).json()["errors"].keys() == {"name", "cups"}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"name": "Ada"}'),
        ("multipart/form-data; boundary=x", b"--x--"),
        ("text/plain", b"name=Ada"),
        ("application/x-www-form-urlencoded", b"name=\xff\xfe"),
        ("application/x-www-form-urlencoded", b"&".join(b"f%d=1" % n for n in range(MOST_FIELDS + 1))),
    ],
)
async def test_a_body_that_is_no_form_is_refused(reader, kind, body):
    assert (await reader.post("/", content=body, headers={"Content-Type": kind})).status_code == 400
