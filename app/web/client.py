"""Who asks, for limits: the only thing of a client that is ever counted."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from litestar import Request

from app.settings import settings


def client_of(request: Request) -> str:
    """Who tries, for limits: whom the edge takes for the client, else the connection's other end; an IPv6 one by its /64.

    Empty where one address would be all shoppers: this machine, or a CDN in front that names nobody.
    """
    ours = settings()
    said = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip() if ours.edge else ""
    unnamed = ours.edge and ours.cdn and not ours.client_header
    return "" if unnamed else client_name(said or (request.client.host if request.client else ""))


def client_name(address: str) -> str:
    """An address as limits count it: one home has all of an IPv6 /64. This machine is no client."""
    try:
        ip = ip_address(address)
    except ValueError:
        return ""
    ip = (ip.version == 6 and ip.ipv4_mapped) or ip
    if ip.is_loopback or ip.is_unspecified:
        return ""
    return str(ip) if ip.version == 4 else str(ip_network((ip, 64), strict=False))
