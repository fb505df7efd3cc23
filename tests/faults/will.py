from __future__ import annotations

from app.payments.gateway import Answer as Said
from app.payments.gateway import Charge
from app.payments.testprovider import TestProvider
from tests.faults import ledger
from tests.faults.model import Answer


class Will(ledger.Ledger):
    """A provider that answers as it is told to: `silent` is no answer to the first question about each payment."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(says=ledger.Declined(reason="no") if answer == "declined" else None)
        self.answer = answer

    async def start(self, charge: Charge) -> Said:
        if self.answer == "redirect":
            return await TestProvider.start(self, charge)
        if self.answer == "silent" and charge.attempt_id not in {each.attempt_id for each in self.charges}:
            self.charges.append(charge)
            await ledger.broken()
        return await super().start(charge)
