from __future__ import annotations

import time
from typing import Annotated

import msgspec
from litestar import Request, Response
from litestar.datastructures import Cookie
from msgspec import Meta

from app.accounts import operations as accounts
from app.admin import guard, operations, rules
from app.admin.screens import screen
from app.settings import settings
from app.values import MINUTE
from app.web.client import client_name
from app.web.forms import Form, read_form
from app.web.pages import action, page, redirect
from app.web.visitor import KNOWN_LASTS

KIND = "staff"  # of tries


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
    email, device = form.value.email, _device(request, form.value.email)
    old = request.cookies.get(guard.cookie_name(), "")
    try:
        await accounts.count_try(KIND, whose=email, client=_client(request), device=device)
        token = await operations.sign_in(email, form.typed["password"], instead_of=old)
    except (operations.WrongSignIn, accounts.TooManyTries) as no:
        late = {"Retry-After": str(int(15 * MINUTE))} if no.status == 429 else None
        return _again(request, form, no.say, no.status, late)
    await accounts.forget_tries(KIND, email, device)
    to = redirect(rules.own_path(form.value.next))
    return _known(_with_cookie(to, token, int(operations.LONGEST.total_seconds())), email)


@action("/sign-out", name="admin_sign_out")
async def sign_out(request: Request) -> Response:
    """Ends this browser's session."""
    await operations.sign_out(request.cookies.get(guard.cookie_name(), ""))
    return _with_cookie(redirect("/sign-in"), "", 0)


def _client(request: Request) -> str:
    # The connection's own address: a header such as X-Forwarded-For is whatever the sender likes.
    return client_name(request.client.host if request.client else "")


def _device(request: Request, email: str) -> str:
    """The number of a browser that has signed in to this account before: strangers can't use up its tries."""
    mark = request.cookies.get(_known_name(), "")
    return accounts.device_of(mark, f"staff {email.strip()}", settings().secret, int(time.time()))


def _known_name() -> str:
    return "__Secure-admin-known" if settings().secure else f"{guard.cookie_name()}_known"


def _known(answer: Response, email: str) -> Response:
    """The same answer, after which this browser can show that it was let in; it sends that to this page alone."""
    mark = accounts.mark_of(f"staff {email.strip()}", settings().secret, int(time.time()))
    _set_cookie(answer, _known_name(), mark, KNOWN_LASTS, path="/sign-in")
    return answer


def _again(
    request: Request, form: Form[SignIn], say: str, status: int, headers: dict[str, str] | None = None
) -> Response:
    typed = form.typed
    view = SignInView(
        email=typed.get("email", ""), next=rules.own_path(typed.get("next", "/")), say=say, errors=form.errors
    )
    return screen(request, "sign_in.html", view, status=status, headers=headers)


def _with_cookie(answer: Response, token: str, age: int) -> Response:
    _set_cookie(answer, guard.cookie_name(), token, age)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _set_cookie(answer: Response, name: str, value: str, age: int, *, path: str = "/") -> None:
    secure = settings().secure
    answer.set_cookie(
        Cookie(key=name, value=value, max_age=age, path=path, secure=secure, httponly=True, samesite="strict")
    )
