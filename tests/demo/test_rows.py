from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import msgspec
import pytest

from app.demo import catalogue
from app.demo.columns import COLUMNS, SHARD_TABLES
from app.demo.foundation import chosen, foundation
from app.demo.mint import mint, sibling
from app.demo.reviews import reviews
from app.demo.rows import Batch, Shop, band_of, batch_of
from app.promotions.terms import Terms
from app.values import bucket_of, new_id

SHOP = Shop(datetime(2026, 11, 22, 9, tzinfo=UTC), "uk")
RANKED = catalogue.demo()


@pytest.fixture(scope="module")
def batch() -> Batch:
    made = batch_of(RANKED, SHOP, list(reviews(RANKED, SHOP.now)))
    chosen(made, {draft.slug: rank for rank, draft in RANKED})
    return made


def column(batch: Batch, table: str, name: str) -> list[object]:
    place = COLUMNS[table].index(name)
    return [row[place] for row in batch.tables[table]]


def test_every_row_has_its_columns(batch: Batch) -> None:
    for rows in (batch.tables, foundation().tables):
        for table, made in rows.items():
            assert {len(row) for row in made} == {len(COLUMNS[table])}


def test_ids_and_names_are_never_the_same_twice(batch: Batch) -> None:
    for table, name in (("product", "id"), ("product", "slug"), ("variant", "id"), ("variant", "sku"), ("price", "id"), ("picture", "hash"), ("product_picture", "id"), ("review", "id"), ("stock_ledger", "id")):  # fmt: skip
        values = column(batch, table, name)

        assert len(values) == len(set(values)), f"{table}.{name}"


def test_rows_point_at_rows(batch: Batch) -> None:
    base = foundation()
    for table, name, other, key, where in (
        ("product", "type_id", "product_type", "id", base), ("product", "maker_id", "maker", "id", base), ("product", "category_id", "category", "id", base),
        ("product", "picture_hash", "picture", "hash", batch), ("variant", "product_id", "product", "id", batch), ("price", "variant_id", "variant", "id", batch),
        ("product_picture", "picture_hash", "picture", "hash", batch), ("collection_product", "product_id", "product", "id", batch),
        ("review", "product_id", "product", "id", batch), ("stock_band", "variant_id", "variant", "id", batch), ("stock", "variant_id", "variant", "id", batch),
    ):  # fmt: skip
        assert set(column(batch, table, name)) <= set(column(where, other, key)), f"{table}.{name}"


def test_every_variant_has_a_price_a_picture_a_band_and_stock(batch: Batch) -> None:
    variants = set(column(batch, "variant", "id"))
    home = {row[1] for row in batch.tables["price"] if (row[2], row[3], row[6]) == ("uk", "GBP", 1)}

    assert home == variants
    assert set(column(batch, "stock_band", "variant_id")) == set(column(batch, "stock", "variant_id")) == variants
    assert variants <= set(column(batch, "product_picture", "variant_id"))
    assert all(row[4] > 0 and (row[5] is None or row[5] > row[4]) for row in batch.tables["price"])


def test_the_ledger_adds_up_to_what_is_on_hand(batch: Batch) -> None:
    on_hand = {row[0]: row[1] for row in batch.tables["stock"]}
    entered: Counter[object] = Counter()
    for _, variant, delta, *_ in batch.tables["stock_ledger"]:
        entered[variant] += delta

    assert {variant: many for variant, many in on_hand.items() if many} == dict(entered)


def test_stock_lies_with_its_variant(batch: Batch) -> None:
    assert all(bucket_of(id) == bucket_of(variant) for id, variant, *_ in batch.tables["stock_ledger"])
    assert len({bucket_of(variant) // 256 for variant in column(batch, "stock", "variant_id")}) == 4  # type: ignore[arg-type]
    assert not set(SHARD_TABLES) - batch.tables.keys()


def test_reviews_are_shaped_like_a_j(batch: Batch) -> None:
    shown = Counter(row[3] for row in batch.tables["review"] if row[6] == "approved")

    assert 1_200 <= shown.total() <= 1_800
    assert shown[5] > shown[4] > shown[3] > shown[2] < shown[1]
    assert sum(row[6] == "pending" for row in batch.tables["review"]) == 25
    assert (
        Counter(row[1] for row in batch.tables["review"] if row[6] == "approved")[mint("product", "pell-mug", 1)] == 38
    )


def test_rows_repeat(batch: Batch) -> None:
    again = batch_of(RANKED, SHOP, list(reviews(RANKED, SHOP.now)))
    chosen(again, {draft.slug: rank for rank, draft in RANKED})

    assert again.tables == batch.tables


@pytest.mark.parametrize(
    ("policy", "on_hand", "band"),
    [
        ("stock", 9, "in"),
        ("stock", 3, "few"),
        ("stock", 0, "out"),
        ("made_to_order", 0, "later"),
        ("made_to_order", 9, "in"),
        ("preorder", 0, "later"),
    ],
)
def test_bands_are_those_of_the_database(policy: str, on_hand: int, band: str) -> None:
    assert band_of(policy, on_hand) == band


def test_minted_ids_look_like_those_of_the_shop_and_repeat() -> None:
    made, usual = mint("variant", "PELL-MOSS-350", 7), new_id(3)

    assert made == mint("variant", "PELL-MOSS-350", 7) != mint("variant", "PELL-MOSS-350", 8)
    assert made.version == usual.version == 8
    assert made.variant == usual.variant
    assert 0 <= bucket_of(made) < 1024
    assert bucket_of(sibling(made, 6)) == bucket_of(made)
    assert len({made, sibling(made, 1), sibling(made, 6)}) == 3
    one, two = (mint("x", str(n), n) for n in (1, 2))
    assert (one.int >> 66 & (1 << 52) - 1) < (two.int >> 66 & (1 << 52) - 1), "later ones sort later inside a bucket"


def test_promotions_are_for_what_there_is_and_each_can_be_read() -> None:
    base = foundation()
    places = {*column(base, "category", "id"), *column(base, "collection", "id")}
    terms = [msgspec.json.decode(str(each), type=Terms) for each in column(base, "promotion", "terms")]

    assert all(set(each.only) <= places for each in terms)
    assert set(column(base, "promotion_code", "promotion_id")) < set(column(base, "promotion", "id"))
    assert "WELCOME10" in column(base, "promotion_code", "code")
