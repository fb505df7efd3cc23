"""The codes of a promotion that work once each: made, and taken along as a table."""

from __future__ import annotations

import csv
import io
import re
from uuid import UUID

from litestar import Request, Response
from litestar.exceptions import NotFoundException

from app.admin import guard, promotions
from app.admin import promotion_form as form
from app.admin.screens import typed_fields
from app.promotions import operations, queries
from app.values import Refusal
from app.web.pages import action, page, redirect

PREFIX = re.compile(r"([A-Z0-9][A-Z0-9-]{0,19})?")


@action("/promotions/{promotion_id:uuid}/codes", name="admin_generate_codes")
async def generate(request: Request, promotion_id: UUID) -> Response:
    """So many more codes for one use each."""
    row, typed = await promotions.found(promotion_id), await typed_fields(request)
    prefix, many = typed.get("prefix", "").upper(), typed.get("many", "")
    errors = {}
    if not PREFIX.fullmatch(prefix):
        errors["prefix"] = "At most 20 letters A to Z, digits and hyphens; it starts with a letter or a digit."
    try:
        if not errors:
            batch = UUID(typed.get("key", ""))
            count, by = int(many) if many.isdecimal() else 0, guard.staff_of(request).email
            await operations.generate(promotion_id, count, prefix=prefix, batch=batch, by=by)
    except Refusal as no:
        errors["many"] = no.say
    except ValueError:
        raise NotFoundException from None
    if errors:
        held = await form.fields_of(row) | {"prefix": prefix, "many": many}
        return promotions.again(request, row, held, errors=errors)
    return redirect(f"/promotions/{promotion_id}?saved=1")


@page("/promotions/{promotion_id:uuid}/codes.csv", name="admin_codes")
async def codes(promotion_id: UUID) -> Response:
    """Every code of the promotion and whether it was used, as a table for a spreadsheet."""
    await promotions.found(promotion_id)
    out = io.StringIO()
    write = csv.writer(out, quoting=csv.QUOTE_ALL)
    write.writerow(("code", "used", "since"))
    write.writerows((c.code, "yes" if c.used else "no", c.at.isoformat()) for c in await queries.codes_of(promotion_id))
    headers = {"Content-Disposition": 'attachment; filename="codes.csv"', "Cache-Control": "private, no-store"}
    return Response(out.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)
