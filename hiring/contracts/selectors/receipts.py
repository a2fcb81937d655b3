"""The receipt of a milestone's payment, for its client. It is no invoice: who did the work writes that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from common.money import Money
from common.templatetags.money import day, percent
from common.templatetags.money import money as in_words
from hiring.contracts.models import Milestone
from hiring.funding.selectors import payment_of
from hiring.service_kinds import ServiceKind
from royalties.selectors import milestones as ledger


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was paid, to whom, when, and by which payment. `fee` is what we take of it once all of it is released."""

    milestone: Milestone
    service: str
    amount: Money
    fee: Money
    paid_at: datetime
    reference: str

    @property
    def returned(self) -> Money:
        """What came back of it, by us or by the bank."""
        return Money(self.milestone.returned_minor + self.milestone.taken_minor, self.amount.currency)

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Return its lines as the email and the page show them."""
        contract, rates = self.milestone.contract, self.milestone.rates
        found = [
            (_("For"), f"{contract.title}: {self.milestone.title} ({self.service})"),
            (
                _("Paid to"),
                _("%(name)s, held by us until you accept the work") % {"name": contract.provider.display_name},
            ),
            (_("Paid by"), _payer(self.milestone)),
            (_("Amount"), in_words(self.amount)),
            (_("Of it our fee"), _("%(fee)s at most, taken from what is released") % {"fee": in_words(self.fee)}),
        ]
        if rates is not None and rates.vat_bps:
            vat = {"rate": percent(rates.vat_bps), "country": rates.vat_country}
            found.append((_("VAT in our fee"), _("%(rate)s, %(country)s") % vat))
        return [*found, (_("Paid on"), day(self.paid_at)), (_("Payment"), self.reference)]


def receipt_of(milestone: Milestone) -> Receipt | None:
    """Return the receipt of a milestone; None before the payment, and where nothing is paid."""
    if milestone.funded_at is None or milestone.rates is None:
        return None
    payment = payment_of(milestone.public_id)
    return Receipt(
        milestone=milestone,
        service=str(ServiceKind(milestone.contract.kind).label),
        amount=milestone.amount,
        fee=ledger.fee_of(released=milestone.amount, rates=milestone.rates),
        paid_at=milestone.funded_at,
        reference=str(payment.public_id if payment is not None else milestone.public_id),
    )


def _payer(milestone: Milestone) -> str:
    name = milestone.contract.client.display_name
    if milestone.client_vat_number:
        return _("%(name)s, VAT number %(number)s") % {"name": name, "number": milestone.client_vat_number}
    return name
