"""The mails about an account: one form for all of them."""

from __future__ import annotations

import msgspec

from app.accounts.links import Link, token_of


class AccountMail(msgspec.Struct, frozen=True, kw_only=True):
    """A subject, a few sentences and perhaps one button, which leads to `path`."""

    subject: str
    words: list[str]
    button: str = ""
    path: str = ""


NOT_YOU = "If you did not ask for this, you need not do anything: without the link nothing happens."

# Of each kind of link: the subject of its mail, what it does, its button.
ASKED = {
    "move": (
        "Confirm your new address",
        "With this link your account uses this address from now on. It works for a day.",
        "Use this address",
    ),
    "enter": ("Your link to sign in", "This link signs you in, once, within half an hour.", "Sign in"),
    "reset": (
        "Choose a new password",
        "With this link you choose a new password, within an hour.",
        "Choose a password",
    ),
    "erase": (
        "Delete your account",
        "With this link you delete your account, within half an hour. There is no way back.",
        "Delete my account",
    ),
}


def link_mail(link: Link, *, known: bool) -> AccountMail | None:
    """The mail with this link; None where nobody is to be told anything. `known`: its address has an account."""
    path = f"/account/link/{token_of(link.id)}"
    if link.kind == "join" and known:
        words = [
            "Somebody, perhaps you, wanted to make an account with this address. You have one already.",
            "Sign in with your password; if you have forgotten it, you can choose a new one there.",
        ]
        return AccountMail(
            subject="You have an account already", words=words, button="Sign in", path="/account/sign-in"
        )
    if link.kind == "join":
        words = ["One click, and your account is ready. The link works for a day.", NOT_YOU]
        # Whoever typed the address typed the name, too: nothing of theirs goes into somebody else's mailbox.
        return AccountMail(subject="Confirm your account", words=words, button="Confirm my address", path=path)
    if link.kind != "move" and not known:
        return None
    subject, does, button = ASKED[link.kind]
    return AccountMail(subject=subject, words=[does, NOT_YOU], button=button, path=path)


def notice_mail(what: str, about: str = "") -> AccountMail:
    """What happened to an account: `moved` to the address `about`, `erased`, or a new `password`."""
    if what == "erased":
        words = [
            "Your account is deleted, as you asked. We keep what the law asks us to: your orders and their invoices."
        ]
        return AccountMail(subject="Your account is deleted", words=words)
    if what == "moved":
        words = [
            f"Your account uses {about} from now on; mails about it go there.",
            "If this was not you, tell us at once by answering this mail.",
        ]
        return AccountMail(subject="Your e-mail address was changed", words=words)
    words = ["Every browser was signed out. If this was not you, ask for a new password at once, and tell us."]
    return AccountMail(subject="Your password was changed", words=words)
