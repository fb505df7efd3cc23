"""What `up` says when the shop serves."""

from __future__ import annotations

from urllib.parse import urlsplit

from app.ops.home import Home
from app.settings import Settings


def report(full: Settings, home: Home) -> str:
    """Where everything is, for the person who typed `up`."""
    host = "localhost" if full.host in ("127.0.0.1", "0.0.0.0", "::") else full.host  # noqa: S104
    lines = [
        "",
        f"  Shop    {full.public_origin}" + ("" if full.edge else "  (without an edge)"),
        f"  Admin   http://{host}:{full.admin_port}  {sign_in(home)}",
        f"  Mail    {full.public_origin}/dev/mail, or ./vitrine mail list" if full.dev else "",
        f"  Data    {home.root}",
        f"  Uses    PostgreSQL {place(full.shared_dsn)}, Redis {place(full.redis_url)}",
        "",
        "  Ctrl-C or ./vitrine down stops it.",
    ]
    return "\n".join(line for line in lines if line) + "\n"


def sign_in(home: Home) -> str:
    """How to sign in to the admin: the demo seed leaves its owner's e-mail and password in a file."""
    file = home.root / "admin-password"
    if not file.exists():
        return "(./vitrine staff add makes an account)"
    return f"as {file.read_text().partition(chr(10))[0]}; the password is in {file}"


def place(address: str) -> str:
    """A DSN or URL as people may see it: without its password."""
    parts = urlsplit(address)
    if not parts.hostname:
        return f"embedded ({parts.scheme} on a private socket)" if parts.query or parts.path else address
    return f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "") + parts.path
