"""The address book. Checkouts begin with its default."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import FromPath

from app.accounts import operations as accounts
from app.accounts import queries as known
from app.checkout.operations import COUNTRIES, AddressForm, Country, judged
from app.members.door import member_of, member_or_refuse, shown, to_sign_in
from app.web.forms import read_form
from app.web.pages import Page, Visitor, action, page, redirect
from app.web.templates import url


class AddressesView(msgspec.Struct, frozen=True, kw_only=True):
    """The book, and a form: for a new address, or for the one that `editing` names."""

    addresses: list[known.SavedAddress]
    countries: tuple[Country, ...]
    typed: dict[str, str]
    errors: dict[str, str]
    editing: UUID | None = None


@page("/account/addresses", name="account_addresses")
async def addresses(request: Request, visitor: NamedDependency[Visitor]) -> Page | Response:
    """Where things are sent."""
    member = await member_of(visitor)
    if member is None:
        return to_sign_in(request)
    typed = {"name": member.name, "country": COUNTRIES[0].code}
    return shown("addresses", await _view(member.shopper_id, typed))


@page("/account/addresses/{address_id:uuid}", name="account_address")
async def address(request: Request, address_id: FromPath[UUID], visitor: NamedDependency[Visitor]) -> Page | Response:
    """One of them, to be changed."""
    member = await member_of(visitor)
    if member is None:
        return to_sign_in(request)
    found = next((a for a in await known.addresses_of(member.shopper_id) if a.address_id == address_id), None)
    if found is None:
        raise accounts.NoSuchAddress
    return shown("addresses", await _view(member.shopper_id, found.typed, editing=address_id))


@action("/account/addresses", name="add_address")
async def add(request: Request, visitor: NamedDependency[Visitor]) -> Page | Response:
    """One more address; the same one twice is once."""
    return await _written(request, visitor, None)


@action("/account/addresses/{address_id:uuid}", name="change_address")
async def change(request: Request, address_id: FromPath[UUID], visitor: NamedDependency[Visitor]) -> Page | Response:
    """The address says something else."""
    return await _written(request, visitor, address_id)


@action("/account/addresses/{address_id:uuid}/default", name="default_address")
async def default(address_id: FromPath[UUID], visitor: NamedDependency[Visitor]) -> Response:
    """Checkouts begin with this one."""
    member = await member_or_refuse(visitor)
    await accounts.make_default(member.shopper_id, address_id)
    return redirect(url("account_addresses"))


@action("/account/addresses/{address_id:uuid}/delete", name="delete_address")
async def delete(address_id: FromPath[UUID], visitor: NamedDependency[Visitor]) -> Response:
    """The book no longer has it."""
    member = await member_or_refuse(visitor)
    await accounts.forget_address(member.shopper_id, address_id)
    return redirect(url("account_addresses"))


async def _written(request: Request, visitor: Visitor, address_id: UUID | None) -> Page | Response:
    member = await member_or_refuse(visitor)
    form = await read_form(request, AddressForm)
    errors, postcode = judged(form, AddressForm)
    if not errors and form.value and postcode:
        values = msgspec.structs.asdict(form.value) | {"postcode": postcode}
        try:
            if address_id:
                await accounts.write_address(member.shopper_id, address_id, values)
            else:
                await accounts.keep_address(member.shopper_id, values)
            return redirect(url("account_addresses"))
        except accounts.FullBook as no:
            errors = {"name": no.say}
    typed = {name: text[:300] for name, text in form.typed.items()}
    return shown("addresses", await _view(member.shopper_id, typed, errors=errors, editing=address_id), 422)


async def _view(
    shopper_id: UUID, typed: dict[str, str], *, errors: dict[str, str] | None = None, editing: UUID | None = None
) -> AddressesView:
    found = await known.addresses_of(shopper_id)
    return AddressesView(addresses=found, countries=COUNTRIES, typed=typed, errors=errors or {}, editing=editing)


ROUTES = [addresses, address, add, change, default, delete]
