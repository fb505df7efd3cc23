"""The shared database: catalogue, content, staff, projections."""

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

from app.db.engines import SHARED

MODULES = [
    f"app.{part}.tables"
    for part in (
        "db",
        "catalog",
        "content",
        "inventory",
        "promotions",
        "reviews",
        "search",
        "payments",
        "orders",
        "checkout",
        "admin",
    )
]

APP_CONFIG = AppConfig(
    app_name="shared",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=[table for table in table_finder(MODULES) if table._meta.db is SHARED],
)
