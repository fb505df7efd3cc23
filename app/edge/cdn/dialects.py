"""How each provider wants to be asked. No address is known here: it is a setting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx
import msgspec

from app.edge.cdn.api import Call, Dialect
from app.edge.cdn.cloudfront import CloudFront
from app.settings import Settings

MOST_WORDS = 200  # of what a provider says


class Fastly:
    """Keys are purged softly: a copy past its time is asked for again, and what has not changed costs a 304."""

    def __init__(self, base: str, service: str, token: str) -> None:
        self.base = base
        self.service = service
        self.headers = {"Fastly-Key": token, "Accept": "application/json"}

    def forget(self, tags: Sequence[str]) -> Call:
        headers = self.headers | {"Fastly-Soft-Purge": "1", "Content-Type": "application/json"}
        return Call(f"/service/{self.service}/purge", headers, msgspec.json.encode({"surrogate_keys": tags}))

    def forget_everything(self) -> Call:
        """Files too, and never softly."""
        return Call(f"/service/{self.service}/purge_all", self.headers, b"")

    def refusal(self, answer: httpx.Response) -> str | None:
        said = _json(answer)
        if not isinstance(said, dict):
            return "its answer could not be read"
        return None if said.get("status", "ok") == "ok" else f"said {str(said['status'])[:MOST_WORDS]}"

    def too_busy(self, answer: httpx.Response) -> bool:
        return False


class Cloudflare:
    """An answer of 200 can still be a no: `success` decides."""

    def __init__(self, base: str, zone: str, token: str) -> None:
        self.base = base
        self.path = f"/zones/{zone}/purge_cache"
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def forget(self, tags: Sequence[str]) -> Call:
        return Call(self.path, self.headers, msgspec.json.encode({"tags": tags}))

    def forget_everything(self) -> Call:
        return Call(self.path, self.headers, b'{"purge_everything":true}')

    def refusal(self, answer: httpx.Response) -> str | None:
        said = _json(answer)
        if not isinstance(said, dict) or "success" not in said:
            return "its answer could not be read"
        if said["success"] is True:
            return None
        errors = said.get("errors")
        codes = [error.get("code") for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []
        return f"refused with {' '.join(map(str, codes))[:MOST_WORDS] or 'no reason'}"

    def too_busy(self, answer: httpx.Response) -> bool:
        return False


def dialect_of(settings: Settings) -> Dialect:
    """The provider's, with the shop's zone and token."""
    kinds: dict[str, Any] = {"fastly": Fastly, "cloudflare": Cloudflare, "cloudfront": CloudFront}
    return kinds[settings.cdn](settings.cdn_api.rstrip("/"), settings.cdn_zone, settings.cdn_token)


def _json(answer: httpx.Response) -> Any:
    try:
        return msgspec.json.decode(answer.content)
    except msgspec.DecodeError:
        return None
