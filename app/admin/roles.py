"""What each member of staff may see and do: four roles, decided by the address that is asked for, so a new page has one of them."""

from __future__ import annotations

ROLES = {
    "owner": "everything",
    "merchant": "catalogue, content, promotions, reviews and search; no customers",
    "orders": "orders, customers and stock; reads the rest",
    "reader": "reads what is no customer's",
}
CUSTOMERS = ("/orders", "/customers")  # what names customers
OWNERS = ("/edits",)


def may(role: str, path: str, *, writes: bool = False) -> bool:
    """Whether somebody of this role may open the page, or send its form. Unknown roles may nothing."""
    if role == "owner":
        return True
    if role not in ROLES or _below(path, OWNERS):
        return False
    if _below(path, CUSTOMERS):
        return role == "orders"
    if path.startswith("/products/") and path.endswith("/stock"):
        return role in ("merchant", "orders")
    return role == "merchant" or not (writes or path.endswith("/codes.csv"))  # codes are money


def _below(path: str, prefixes: tuple[str, ...]) -> bool:
    return any(f"{path}/".startswith(f"{prefix}/") for prefix in prefixes)
