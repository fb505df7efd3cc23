"""What follows from what, on one screen: every event of a shard's outbox and the job that does it."""

from __future__ import annotations

from app.accounts import events as people
from app.alerts import events as waiting
from app.inventory.events import StockBandChanged
from app.orders import events as orders
from app.payments.events import CapturePayment, CountDecline, RefundPayment, VoidPayment, WebhookDue
from app.reviews.events import ReviewVoted
from jobs import accounts, alerts, inventory, payments, reviews
from jobs import orders as order_jobs
from jobs.run import Jobs

JOBS: Jobs = {
    StockBandChanged: inventory.project_band,
    people.ShopperChanged: accounts.forget_holes,
    people.SendAccountLink: accounts.send_link,
    people.SendAccountNotice: accounts.send_notice,
    people.PasswordChanged: accounts.end_old_sessions,
    people.GuestSignedIn: accounts.settle_guest,
    people.AddressProved: accounts.share_orders,
    people.ShopperErased: accounts.settle_erasure,
    people.AccountMoved: accounts.settle_move,
    ReviewVoted: reviews.note_vote,
    waiting.SendAlertLink: alerts.send_link,
    waiting.AlertsDue: alerts.wake,
    waiting.SendAlert: alerts.send_alert,
    orders.OrderOpened: accounts.remember_order,
    orders.OrderChanged: order_jobs.index_order,
    orders.ClaimStock: order_jobs.claim_stock,
    orders.ReleaseStock: order_jobs.release_stock,
    orders.ClearHeir: order_jobs.clear_heir,
    orders.SendConfirmation: order_jobs.send_confirmation,
    orders.SendReminder: order_jobs.remind_to_pay,
    orders.SendShipped: order_jobs.send_shipped,
    orders.SendCancelled: order_jobs.send_cancelled,
    orders.SendPartCancelled: order_jobs.send_part_cancelled,
    orders.SendRefunded: order_jobs.send_refunded,
    orders.SendReturn: order_jobs.send_return,
    orders.IssueInvoice: order_jobs.issue_invoice,
    orders.PutBack: order_jobs.put_back,
    orders.TakeReplacement: order_jobs.take_replacement,
    CapturePayment: payments.capture_payment,
    VoidPayment: payments.void_payment,
    RefundPayment: payments.refund_payment,
    CountDecline: payments.count_decline,
    WebhookDue: payments.deliver_webhook,
}

# Projections that pages and the admin wait for: the relay does them itself, without the way through the queue.
AT_ONCE = frozenset({"StockBandChanged", "ShopperChanged", "OrderChanged"})

# The other two lanes: what is sent by mail, and the rest.
MAILS, REST = "mails", "rest"


def lane_of(kind: str) -> str:
    """The lane of an event's name: what sends a mail is called so."""
    return MAILS if kind.startswith("Send") else REST
