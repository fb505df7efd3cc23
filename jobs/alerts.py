from __future__ import annotations

from uuid import UUID

from app.alerts import operations, queries
from app.alerts.events import AlertsDue, SendAlert, SendAlertLink
from app.alerts.queries import AlertMail
from app.settings import settings
from jobs import mail


async def send_link(event: SendAlertLink, row_id: UUID) -> None:
    """Asks the owner of the address whether it was them."""
    view = await queries.link_mail(event.alert_id)
    if view:
        await _send(row_id, view)


async def wake(event: AlertsDue, row_id: UUID) -> None:
    """Whoever waits for the variant will be told, if it is back. Twice is once."""
    await operations.wake(event.variant_id)


async def send_alert(event: SendAlert, row_id: UUID) -> None:
    """Tells somebody that it is back or costs less, then forgets them; somebody was quicker: they wait on. Killed in between it sends once more, under the same Message-ID."""
    if await queries.waits_again(event.alert_id):
        await operations.wait_on(event.alert_id)
        return
    view = await queries.news_mail(event.alert_id)
    if view:
        await _send(row_id, view)
    await operations.end(event.alert_id)


async def _send(row_id: UUID, view: AlertMail) -> None:
    """With the headers by which mail programs offer to end it (RFC 2369, RFC 8058)."""
    headers = {
        "List-Unsubscribe": f"<{settings().public_origin}{view.stop_path}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    await mail.send(row_id, to=view.to, subject=view.subject, template="alert", view=view, headers=headers)
