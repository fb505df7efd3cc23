from __future__ import annotations

import time
from typing import Annotated

import msgspec
from litestar import Request, Response
from litestar.datastructures import Cookie
from msgspec import Meta

from app.admin import guard, operations, rules
from app.admin.attempts import BY_ACCOUNT, BY_CLIENT
from app.admin.screens import screen
from app.settings import settings
from app.web.forms import Form, read_form
from app.web.pages import action, page, redirect


class SignIn(msgspec.Struct, frozen=True, kw_only=True):
    """What the sign-in form holds."""

    email: Annotated[str, Meta(min_length=3, max_length=254, extra={"error": "This is not an e-mail address."})]
    password: Annotated[str, Meta(min_length=1, max_length=200, extra={"error": "This is not the password."})]
    next: Annotated[str, Meta(max_length=2000)] = "/"


class SignInView(msgspec.Struct, frozen=True, kw_only=True):
    """The sign-in page. `say`: why it is shown again."""

    email: str = ""
    next: str = "/"
    say: str = ""
    errors: dict[str, str] = {}


@page("/sign-in", name="admin_sign_in")
async def sign_in_page(request: Request) -> Response:
    """The only page for strangers."""
    asked = request.query_params
    say = "Your session has ended. Please sign in again." if asked.get("ended") else ""
    return screen(request, "sign_in.html", SignInView(next=rules.own_path(asked.get("next", "/")), say=say))


@action("/sign-in", name="admin_send_sign_in")
async def sign_in(request: Request) -> Response:
    """Opens a session, or says no: in the same words for a wrong address and a wrong password."""
    form = await read_form(request, SignIn)
    if form.value is None:
        return _again(request, form, "", 422)
    wait = _wait(request, form.value.email)
    if wait:
        return _again(request, form, f"Too many tries. Please wait {_shown(wait)}.", 429, {"Retry-After": str(wait)})
    old = request.cookies.get(guard.cookie_name(), "")
    try:
        token = await operations.sign_in(form.value.email, form.typed["password"], instead_of=old)
    except operations.WrongSignIn as no:
        return _again(request, form, no.say, no.status)
    BY_ACCOUNT.forget(_account(request, form.value.email))
    return _with_cookie(redirect(rules.own_path(form.value.next)), token, int(operations.LONGEST.total_seconds()))


@action("/sign-out", name="admin_sign_out")
async def sign_out(request: Request) -> Response:
    """Ends this browser's session."""
    await operations.sign_out(request.cookies.get(guard.cookie_name(), ""))
    return _with_cookie(redirect("/sign-in"), "", 0)


def _wait(request: Request, email: str) -> int:
    """Whole seconds to wait before this client may try this account again; 0 counts the try."""
    at = time.monotonic()
    wait = BY_CLIENT.take(_client(request), at) or BY_ACCOUNT.take(_account(request, email), at)
    return int(wait) + 1 if wait else 0


def _client(request: Request) -> str:
    # The connection's own address: a header such as X-Forwarded-For is whatever the sender likes.
    return request.client.host if request.client else ""


def _account(request: Request, email: str) -> str:
    return f"{_client(request)} {email.strip().lower()}"


def _shown(wait: int) -> str:
    return f"{wait} seconds" if wait < 120 else f"{wait // 60 + 1} minutes"


def _again(
    request: Request, form: Form[SignIn], say: str, status: int, headers: dict[str, str] | None = None
) -> Response:
    typed = form.typed
    view = SignInView(
        email=typed.get("email", ""), next=rules.own_path(typed.get("next", "/")), say=say, errors=form.errors
    )
    return screen(request, "sign_in.html", view, status=status, headers=headers)


def _with_cookie(answer: Response, token: str, age: int) -> Response:
    answer.set_cookie(
        Cookie(
            key=guard.cookie_name(),
            value=token,
            max_age=age,
            path="/",
            secure=settings().secure,
            httponly=True,
            samesite="strict",
        )
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
