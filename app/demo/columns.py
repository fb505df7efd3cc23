"""Which columns each table is filled with, in the order COPY wants them. Kept apart from rows.py, which makes the values."""

from __future__ import annotations

SHARD_TABLES = ("stock", "stock_ledger")

COLUMNS: dict[str, tuple[str, ...]] = {
    "maker": ("id", "slug", "name", "place", "story"),
    "category": ("id", "parent_id", "path", "title", "summary", "position"),
    "product_type": ("id", "code", "title", "attributes"),
    "picture": ("hash", "family", "params", "view", "alt", "width", "height"),
    "photograph": ("name", "body"),
    "product": (
        "id", "slug", "title", "subtitle", "description", "type_id", "maker_id", "category_id", "status", "publish_at",
        "attributes", "keywords", "rank", "currency", "picture_hash", "created_at", "updated_at",
        "price_from", "price_to", "was_from", "band", "rating_sum", "rating_count", "personalisation", "shipping_class", "one_each",
    ),
    "variant": ("id", "product_id", "sku", "title", "options", "position", "published", "policy", "lead_days", "back_on"),
    "price": ("id", "variant_id", "market", "currency", "amount", "was", "min_quantity", "since"),
    "timed_price": ("id", "variant_id", "market", "currency", "amount", "starts_at", "ends_at"),
    "product_picture": ("id", "product_id", "variant_id", "picture_hash", "position"),
    "collection": ("id", "slug", "title", "summary", "kind", "rule", "position"),
    "collection_product": ("id", "collection_id", "product_id", "position"),
    "synonym": ("id", "kind", "terms", "means"),
    "association": ("id", "product_id", "other_id", "position"),
    "redirect": ("id", "old_path", "new_path"),
    "block": ("id", "page", "position", "kind", "body", "published"),
    "review": ("id", "product_id", "author", "rating", "title", "body", "state", "created_at", "verified", "helpful", "unhelpful", "reply"),
    "shipping_method": ("id", "code", "title", "promise", "price", "free_from", "currency", "position", "published", "min_days", "max_days", "bulky_extra", "countries"),
    "promotion": ("id", "title", "state", "trigger", "ends_at", "priority", "combines", "currency", "terms", "most_each"),
    "promotion_code": ("code", "promotion_id"),
    "stock_band": ("variant_id", "band", "back_on", "version", "updated_at"),
    "stock": ("variant_id", "on_hand", "policy", "few_at", "lead_days", "back_on", "band"),
    "stock_ledger": ("id", "variant_id", "delta", "reason", "reference", "at"),
    "staff": ("id", "email", "name", "password_hash"),
}  # fmt: skip
