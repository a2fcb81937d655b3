"""A milestone that is paid through the simulated provider, and a stand-in for the contract that it belongs to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from accounts.models import User
from common import clock
from common.money import Money
from hiring.funding import hooks, services
from hiring.funding.models import MilestoneRefund
from payments.services import gateway
from royalties.dto import FeeRates, MilestoneFunding, MilestoneParties, SettlementReason
from royalties.selectors import milestones as positions
from royalties.services import milestones
from tests.factories import buying
from tests.factories.accounts import make_reader
from tests.payments.postman import deliver_all

REFERENCE = "mst_one"
URL = "https://shop.example/contracts/ctr_one/"


def usd(minor: int) -> Money:
    return Money(minor, "USD")


@dataclass
class Contract:
    """What a contract does when money arrives: it books the milestone. It remembers what it was told."""

    client: User
    provider: User
    amount: Money = field(default_factory=lambda: usd(50_000))
    heard: list[tuple[str, ...]] = field(default_factory=list)

    def when_paid(self, reference: str, charge_reference: str, at: datetime) -> None:
        funding = MilestoneFunding(
            reference=reference,
            contract_reference="ctr_one",
            title="Copy-editing",
            parties=MilestoneParties(self.client.pk, self.provider.pk, "copy_editing"),
            amount=self.amount,
            rates=FeeRates(800, 400, 100_000),
            charge_reference=charge_reference,
        )
        milestones.fund(funding=funding, at=at)
        self.heard.append(("paid", reference))

    def when_refunded(self, reference: str, amount: Money, at: datetime) -> None:
        self.heard.append(("refunded", reference, str(amount)))

    def when_disputed(self, reference: str, what: hooks.Dispute, at: datetime) -> None:
        self.heard.append((what.value, reference))

    def listen(self) -> Contract:
        """Be the only one whom funding tells."""
        hooks._paid[:], hooks._refunded[:] = [self.when_paid], [self.when_refunded]
        hooks._disputed[:] = [self.when_disputed]
        return self


def make_contract() -> Contract:
    return Contract(make_reader(email="client@example.org"), make_reader(email="provider@example.org")).listen()


def page(contract: Contract, reference: str = REFERENCE) -> str:
    """The address of the payment page."""
    return services.start_payment(
        actor=contract.client,
        reference=reference,
        payer=contract.client,
        title="Copy-editing",
        amount=contract.amount,
        return_url=URL,
        at=clock.now(),
    )


def session_of(url: str) -> str:
    return url.rstrip("/").rpartition("/")[2]


def pay(contract: Contract, reference: str = REFERENCE, card: str = "us") -> None:
    """Pay on the provider's page, and let its events arrive."""
    buying.pay_session(session_of(page(contract, reference)), card=card)
    deliver_all()


def send_refunds() -> None:
    """What workers do after the commit."""
    for refund_id in MilestoneRefund.objects.filter(state="pending").order_by("pk").values_list("pk", flat=True):
        services.send_refund(refund_id=refund_id)


def settle(released: int, returned: int, reference: str = REFERENCE) -> None:
    """Decide about held money, and ask for a refund of what is returned."""
    milestones.settle(
        reference=reference,
        released=usd(released),
        returned=usd(returned),
        reason=SettlementReason.AGREED,
        at=clock.now(),
    )
    if returned:
        services.request_refund(reference=reference, amount=usd(returned), reason="agreed", at=clock.now())


def held(reference: str = REFERENCE) -> int:
    position = positions.position(reference)
    assert position is not None
    return position.held.amount_minor


def charge_of(payment_id: str) -> str:
    return gateway().fetch_payment(payment_id=payment_id).charge_id
