"""A shard: everything a shopper owns, and stock."""

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

from app.db.engines import SHARDS

MODULES = [
    f"app.{part}.tables"
    for part in (
        "db",
        "accounts",
        "reviews",
        "inventory",
        "promotions",
        "alerts",
        "lists",
        "cart",
        "payments",
        "orders",
        "checkout",
    )
]

APP_CONFIG = AppConfig(
    app_name="shards",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=[table for table in table_finder(MODULES) if table._meta.db is SHARDS],
)
