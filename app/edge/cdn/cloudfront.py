"""CloudFront: a tag is a path that begins with `#`, the request is XML and signed (AWS Signature Version 4)."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import uuid4

import httpx

from app.edge.cdn.api import Call

VERSION = "2020-05-31"
REGION = "us-east-1"  # where a service without regions is signed for
BUSY = ("Throttling", "ThrottlingException", "TooManyInvalidationsInProgress")


class CloudFront:
    """`token` is `<access key id>:<secret access key>` of a user that may only create invalidations here."""

    def __init__(self, base: str, distribution: str, token: str) -> None:
        self.base = base
        self.path = f"/{VERSION}/distribution/{distribution}/invalidation"
        self.key_id, _, self.key = token.partition(":")

    def forget(self, tags: Sequence[str]) -> Call:
        return self._call([f"#{tag}" for tag in tags])

    def forget_everything(self) -> Call:
        return self._call(["/*"])

    def refusal(self, answer: httpx.Response) -> str | None:
        return None if b"<Invalidation" in answer.content else "its answer could not be read"

    def too_busy(self, answer: httpx.Response) -> bool:
        code = re.search(r"<Code>(\w+)</Code>", answer.text)
        return code is not None and code[1] in BUSY

    def _call(self, items: Sequence[str]) -> Call:
        host = urlsplit(self.base).netloc
        content = _batch(items, host=host, reference=uuid4().hex)
        headers = {"Host": host, "X-Amz-Date": f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"}
        path = urlsplit(self.base).path + self.path
        signature = authorization(self.key_id, self.key, path=path, headers=headers, content=content)
        return Call(self.path, headers | {"Authorization": signature, "Content-Type": "text/xml"}, content)


def _batch(items: Sequence[str], *, host: str, reference: str) -> bytes:
    """The XML of one invalidation. Its namespace is named after the API's own host."""
    paths = "".join(f"<Path>{item}</Path>" for item in items)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><InvalidationBatch xmlns="http://{host}/doc/{VERSION}/">'
        f"<CallerReference>{reference}</CallerReference><Paths><Items>{paths}</Items><Quantity>{len(items)}</Quantity></Paths></InvalidationBatch>"
    ).encode()


def authorization(key_id: str, key: str, *, path: str, headers: dict[str, str], content: bytes) -> str:
    """The header that signs a POST without a query; `headers` are those signed, X-Amz-Date among them."""
    date = headers["X-Amz-Date"]
    scope = f"{date[:8]}/{REGION}/cloudfront/aws4_request"
    signed = {name.lower(): value for name, value in headers.items()}
    names = ";".join(sorted(signed))
    lines = "".join(f"{name}:{signed[name]}\n" for name in sorted(signed))
    request = f"POST\n{path}\n\n{lines}\n{names}\n{hashlib.sha256(content).hexdigest()}"
    text = f"AWS4-HMAC-SHA256\n{date}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = hmac.new(signing_key(key, scope), text.encode(), hashlib.sha256).hexdigest()
    return f"AWS4-HMAC-SHA256 Credential={key_id}/{scope}, SignedHeaders={names}, Signature={signature}"


def signing_key(key: str, scope: str) -> bytes:
    """The key for one day, region and service, `scope` being day/region/service/aws4_request."""
    found = f"AWS4{key}".encode()
    for part in scope.split("/"):
        found = hmac.new(found, part.encode(), hashlib.sha256).digest()
    return found
