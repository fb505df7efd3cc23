from __future__ import annotations

import html
import re
from collections import Counter
from datetime import UTC, datetime

from app.search import counting
from app.search.queries import groups
from app.values import now
from tests.makers import a_product, unique


async def test_what_found_nothing_leads_to_a_synonym_that_is_shown_before_it_is_saved(staff) -> None:
    await a_product(title="Escritoire small")
    word = unique("bureaux").replace("-", "")
    today = datetime.now(UTC).date()
    await counting.count(Counter({(today, word): 4}), node=word, upto=now())

    listed = (await staff.get("/search", params={"found": "none", "days": "7"})).text
    link = next(to for to in re.findall(r'href="(/search/synonyms/new[^"]+)"', listed) if word in to)
    form = await staff.get(html.unescape(link))
    typed = {"kind": "one", "terms": word, "means": "Escritoire", "version": "0"}
    preview = await staff.post("/search/synonyms/new", data=typed | {"does": "preview"})
    saved = await staff.post("/search/synonyms/new", data=typed | {"does": "save"})

    assert word in form.text
    assert re.search(rf"<td>{word}</td><td[^>]*>0</td><td[^>]*>[1-9]", preview.text)
    assert (saved.status_code, saved.headers["location"]) == (303, "/search/synonyms")
    assert word in (await staff.get("/search/synonyms")).text
    assert [each.means for each in await groups() if each.terms == [word]] == [["escritoire"]]


async def test_a_wrong_group_keeps_what_was_typed_and_says_what_is_wrong(staff) -> None:
    answer = await staff.post("/search/synonyms/new", data={"kind": "both", "terms": "lonely", "does": "save"})

    assert answer.status_code == 422
    assert "lonely" in answer.text
    assert "Two words at least" in answer.text


async def test_a_group_somebody_else_saved_is_a_conflict_and_can_be_saved_again(staff) -> None:
    word = unique("wwa").replace("-", "")
    await staff.post("/search/synonyms/new", data={"kind": "both", "terms": f"{word}, wwb", "does": "save"})
    id = next(each.id for each in await groups() if word in each.terms)
    edit = {"kind": "both", "terms": f"{word}, wwc", "version": "1", "does": "save"}
    await staff.post(f"/search/synonyms/{id}", data=edit)

    clash = await staff.post(f"/search/synonyms/{id}", data=edit | {"terms": f"{word}, wwd"})
    again = await staff.post(f"/search/synonyms/{id}", data=edit | {"terms": f"{word}, wwd", "version": "2"})
    gone = await staff.post(f"/search/synonyms/{id}", data={"version": "3", "does": "remove"})

    assert (clash.status_code, again.status_code, gone.status_code) == (409, 303, 303)
    assert "wwd" in clash.text
    assert 'value="2"' in clash.text
    assert (await staff.get(f"/search/synonyms/{id}")).status_code == 404


async def test_questions_come_as_a_table_that_runs_nothing(staff) -> None:
    await counting.count(Counter({(datetime.now(UTC).date(), "=cmd zq"): 10_000}), node="csv", upto=now())

    answer = await staff.get("/search/questions.csv", params={"days": "7"})

    assert answer.headers["content-type"].startswith("text/csv")
    assert "\n'=cmd zq,10000,1," in answer.text.replace("\r", "")
