"""Every call that changes something at the payment provider, and how a process that dies in it is set up.

A `Step` says which call it is, where in the shop it is made, at which of the provider's addresses the process dies,
what is there before, and what the process does that dies. Sweepers come afterwards; where a person is meant to come
back instead, it says so. Beside it stands what all of this must have come to: what was made at the provider, what was
booked, and how our rows stand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from accounts.models import User
from common import clock, jobs
from hiring.funding import services as funding_services
from hiring.funding.errors import DisputeAnswered
from hiring.funding.models import BankDispute, MilestoneEvidence, MilestonePayment, MilestoneRefund
from payments import services as payment_services
from payments.models import SandboxObject
from payments.stripe.sandbox import accounts as provider_accounts
from payments.stripe.sandbox import disputes
from payments.stripe.sandbox.resources import save
from royalties.models import AccountTrouble, Payout, PayoutAccount, Reversal
from royalties.services import clearing, payout_accounts, payouts, reversals
from storefront.checkout.disputes.services import disputes as dispute_services
from storefront.checkout.errors import DisputeClosed
from storefront.checkout.models import Dispute, EvidencePack, Order, Payment, Refund
from storefront.checkout.orders.services import checkout, settlement
from storefront.checkout.refunds import services as refunds
from tests.conftest import NOON
from tests.factories import buying
from tests.factories.accounts import make_finance, make_reader
from tests.hiring.funding import paying
from tests.payments.postman import deliver_all

READER = "reader@example.org"
CLEARED = NOON + timedelta(days=15)
DEBT_WAITED = CLEARED + timedelta(days=31)
ONBOARDED = {"country": "US", "return_url": "https://shop.example/back", "refresh_url": "https://shop.example/again"}


@dataclass(frozen=True, kw_only=True)
class Step:
    """One place where a process may die on its way to the provider, and what it must come to."""

    call: str  # of `payments.gateway.Gateway`
    site: str  # the function that makes the call
    dies_at: str  # the provider's address, as a pattern
    prepare: Callable[[], None]
    act: Callable[[], None]  # in the process that dies
    made: Mapping[str, int]  # at the provider, by kind
    booked: Mapping[str, int]  # entries, by kind
    rows: Callable[[], Mapping[str, str]]
    stand: Mapping[str, str]  # how those rows stand
    made_before: Mapping[str, int] = field(default_factory=dict)  # there at the death, when killed before the call
    made_at_death: Mapping[str, int] = field(default_factory=dict)  # and when killed after it
    made_untouched: Mapping[str, int] | None = None  # in the end, where a call that never was leaves something else
    comes_back: Callable[[], None] = lambda: None
    at: datetime = NOON  # when the process dies
    waits: timedelta = timedelta(minutes=2)  # until the sweepers come


def void(made: object) -> None:
    """What was made is found again in the database."""


def _reader() -> User:
    return User.objects.get(email=READER)


def _finance() -> User:
    return User.objects.filter(is_finance=True).order_by("pk")[0]


def _ordered() -> Order:
    return buying.place_order(make_reader(email=READER), buying.make_book())


def _bought() -> Order:
    """A paid order whose events have all arrived."""
    order = buying.buy(make_reader(email=READER), buying.make_book())
    deliver_all()
    return order


def _charge() -> str:
    payment = Payment.objects.get()
    return payment_services.gateway().fetch_payment(payment_id=payment.provider_payment_id).charge_id


def _page_opened() -> None:
    checkout.payment_page(order=Order.objects.get())


def _page_opened_again_and_paid() -> None:
    session_id = buying.open_page(Order.objects.get())
    buying.pay_session(session_id)
    settlement.settle_session(session_id=session_id)


def _order_with_page() -> None:
    buying.open_page(_ordered())


def _cart_changed() -> None:
    """Another order takes the first one's place, whose page is closed."""
    buying.place_order(_reader(), buying.make_book())


def _given_back() -> None:
    order = Order.objects.get()
    refunds.request_refund(actor=order.buyer, line=order.lines.get(), reason="", at=clock.now())


def _disputed() -> None:
    _bought()
    make_finance()
    disputes.open_dispute(_charge())
    deliver_all()


def _answered() -> None:
    dispute_services.answer_dispute(actor=_finance(), dispute=Dispute.objects.get(), explanation="", at=clock.now())


def _accepted() -> None:
    with suppress(DisputeClosed):  # the second time, after all
        dispute_services.accept_dispute(actor=_finance(), dispute=Dispute.objects.get())


def _onboarding() -> None:
    payout_accounts.start_onboarding(actor=_reader(), at=clock.now(), **ONBOARDED)


def _opened_account() -> None:
    make_reader(email=READER)
    _onboarding()


def _approved() -> None:
    """An author who introduced themselves to the provider has an approved payout of what one sale left."""
    author = _bought().lines.get().edition.work.owner
    payout_accounts.start_onboarding(actor=author, at=NOON, **ONBOARDED)
    provider_accounts.finish_onboarding(link_id=SandboxObject.objects.get(kind="account_link").object_id)
    deliver_all()
    PayoutAccount.objects.update(usable_from=NOON, minimum_units=1)
    with clock.frozen(CLEARED), jobs.collect_messages():  # it is not sent yet
        clearing.clear_due(at=CLEARED)
        run = payouts.propose_run(actor=make_finance(), currency="USD", at=CLEARED)
        payouts.approve_run(actor=make_finance(), run=run, at=CLEARED)


def _sent() -> None:
    payouts.send_payout(payout_id=Payout.objects.get().pk)


def _paid() -> None:
    """Pay somebody whose bank takes nothing: what it has could not be taken back."""
    _approved()
    with clock.frozen(CLEARED):
        _sent()
        for bank in SandboxObject.objects.filter(kind="bank_account"):
            save(bank, status="errored")
        deliver_all()


def _owing() -> None:
    """The payout left; then finance gave the reader their money back."""
    _paid()
    with clock.frozen(CLEARED):
        buying.buy()  # the first sale's own money left with the payout: another one's pays the refund
        line = Order.objects.order_by("pk")[0].lines.get()
        refund = refunds.propose_refund(actor=make_finance(), line=line, amount=None, reason="", at=CLEARED)
        refunds.send_refund(refund_id=refund.pk)
        deliver_all()


def _claimed() -> None:
    reversals.claw_back(owner=Payout.objects.get().user, currency="USD", cause="kill", at=DEBT_WAITED)


def _refused_by_bank() -> None:
    _paid()
    PayoutAccount.objects.update(trouble=AccountTrouble.BANK_REFUSED)


def _brought_back() -> None:
    payouts.bring_back(actor=_finance(), payout=Payout.objects.get(), at=clock.now())


def _order_rows() -> dict[str, str]:
    """How the first order and its payment stand."""
    order, payment = Order.objects.order_by("pk")[0], Payment.objects.order_by("pk")[0]
    return {"order": order.state, "payment": payment.state}


def _dispute_rows() -> dict[str, str]:
    packs = {f"pack {pack.number}": pack.state for pack in EvidencePack.objects.all()}
    submissions = SandboxObject.objects.get(kind="dispute").data["evidence_details"]["submission_count"]
    return {"dispute": Dispute.objects.get().status, "submissions": str(submissions), **packs}


def _account_rows() -> dict[str, str]:
    known = SandboxObject.objects.filter(kind="account").values_list("object_id", flat=True)
    return {"is the provider's": str(PayoutAccount.objects.get().provider_account_id in known)}


def _payout_rows() -> dict[str, str]:
    reversed_ = {f"reversal {reversal.purpose}": reversal.state for reversal in Reversal.objects.all()}
    return {"payout": Payout.objects.get().state, **reversed_}


_CLOSED = {"order": "canceled", "payment": "expired"}
_ANSWERED = {"dispute": "under_review", "submissions": "1", "pack 1": "sent"}


def _contract() -> None:
    paying.make_contract()


def _milestone_page() -> None:
    paying.page(_contract_again())


def _milestone_paid() -> None:
    paying.pay(_contract_again())


def _contract_again() -> paying.Contract:
    """The same contract, in the process that was killed or in the one that comes back."""
    people = {user.email: user for user in User.objects.all()}
    return paying.Contract(people["client@example.org"], people["provider@example.org"]).listen()


def _milestone_returned() -> None:
    """A milestone is decided: its money is owed to the client, and the refund waits to be sent."""
    paying.pay(paying.make_contract())
    with jobs.collect_messages():
        paying.settle(0, 50_000)


def _milestone_refunded() -> None:
    funding_services.send_refund(refund_id=MilestoneRefund.objects.get().pk)


def _milestone_disputed() -> None:
    """The bank took a milestone's money, and finance is there to answer."""
    paying.pay(paying.make_contract())
    make_finance()
    disputes.open_dispute(paying.charge_of(MilestonePayment.objects.get().provider_payment_id))
    deliver_all()


def _milestone_answered() -> None:
    _contract_again()
    dispute = BankDispute.objects.get()
    funding_services.answer_dispute(actor=_finance(), dispute=dispute, explanation="", at=clock.now())


def _milestone_given_up() -> None:
    _contract_again()
    with suppress(DisputeAnswered):  # the second time, after all
        funding_services.accept_dispute(actor=_finance(), dispute=BankDispute.objects.get())


def _milestone_dispute_rows() -> dict[str, str]:
    packs = {f"pack {pack.number}": pack.state for pack in MilestoneEvidence.objects.all()}
    submissions = SandboxObject.objects.get(kind="dispute").data["evidence_details"]["submission_count"]
    return {"dispute": BankDispute.objects.get().status, "submissions": str(submissions), **packs}


def _milestone_rows() -> dict[str, str]:
    rows = {"payment": MilestonePayment.objects.get().state}
    refund = MilestoneRefund.objects.first()
    return rows | ({"refund": refund.state} if refund is not None else {})


STEPS: dict[str, Step] = {
    "page, the reader clicks again": Step(
        call="open_checkout",
        site="storefront.checkout.orders.services.checkout.payment_page",
        dies_at=r"/v1/checkout/sessions$",
        prepare=lambda: void(_ordered()),
        act=_page_opened,
        comes_back=_page_opened_again_and_paid,
        made_at_death={"checkout.session": 1},
        made={"checkout.session": 1, "payment_intent": 1, "charge": 1},
        booked={"sale": 1, "processor_fee": 1},
        rows=_order_rows,
        stand={"order": "paid", "payment": "succeeded"},
    ),
    "page, nobody comes back": Step(
        call="open_checkout",
        site="storefront.checkout.orders.services.checkout.payment_page",
        dies_at=r"/v1/checkout/sessions$",
        prepare=lambda: void(_ordered()),
        act=_page_opened,
        waits=timedelta(minutes=62),
        made_at_death={"checkout.session": 1},
        made={"checkout.session": 1},
        made_untouched={},
        booked={},
        rows=_order_rows,
        stand=_CLOSED,
    ),
    "closing a page": Step(
        call="expire_checkout",
        site="storefront.checkout.orders.services.checkout.close_page",
        dies_at=r"/expire$",
        prepare=_order_with_page,
        act=_cart_changed,
        made={},
        booked={},
        rows=_order_rows,
        stand=_CLOSED,
    ),
    "refund": Step(
        call="refund",
        site="storefront.checkout.refunds.services.sending._ask",
        dies_at=r"/v1/refunds$",
        prepare=lambda: void(_bought()),
        act=_given_back,
        made_at_death={"refund": 1},
        made={"refund": 1},
        booked={"refund": 1},
        rows=lambda: {"refund": Refund.objects.get().state},
        stand={"refund": "succeeded"},
    ),
    "page of a milestone, the client clicks again": Step(
        call="open_checkout",
        site="hiring.funding.services.payments.start_payment",
        dies_at=r"/v1/checkout/sessions$",
        prepare=_contract,
        act=_milestone_page,
        comes_back=_milestone_paid,
        made_at_death={"checkout.session": 1},
        made={"checkout.session": 1, "payment_intent": 1, "charge": 1},
        booked={"milestone_funded": 1, "processor_fee": 1},
        rows=_milestone_rows,
        stand={"payment": "succeeded"},
    ),
    "refund of a milestone": Step(
        call="refund",
        site="hiring.funding.services.refunds._ask",
        dies_at=r"/v1/refunds$",
        prepare=_milestone_returned,
        act=_milestone_refunded,
        made_at_death={"refund": 1},
        made={"refund": 1},
        booked={"milestone_returned": 1},
        rows=_milestone_rows,
        stand={"payment": "succeeded", "refund": "succeeded"},
    ),
    "evidence, its documents": Step(
        call="upload_evidence",
        site="storefront.checkout.disputes.services.evidence.send_pack",
        dies_at=r"/v1/files$",
        prepare=_disputed,
        act=_answered,
        made_at_death={"file": 1},
        made={"file": 2},
        booked={},
        rows=_dispute_rows,
        stand=_ANSWERED,
    ),
    "evidence, handed in": Step(
        call="submit_evidence",
        site="storefront.checkout.disputes.services.evidence.send_pack",
        dies_at=r"/v1/disputes/\w+$",
        prepare=_disputed,
        act=_answered,
        made_before={"file": 2},
        made_at_death={"file": 2},
        made={"file": 2},
        booked={},
        rows=_dispute_rows,
        stand=_ANSWERED,
    ),
    "dispute given up": Step(
        call="accept_dispute",
        site="storefront.checkout.disputes.services.disputes.accept_dispute",
        dies_at=r"/close$",
        prepare=_disputed,
        act=_accepted,
        comes_back=_accepted,
        made={},
        booked={"dispute_lost": 1},
        rows=_dispute_rows,
        stand={"dispute": "lost", "submissions": "0"},
    ),
    "evidence about a milestone, its documents": Step(
        call="upload_evidence",
        site="hiring.funding.services.evidence.send_pack",
        dies_at=r"/v1/files$",
        prepare=_milestone_disputed,
        act=_milestone_answered,
        made_at_death={"file": 1},
        made={"file": 2},
        booked={},
        rows=_milestone_dispute_rows,
        stand=_ANSWERED,
    ),
    "evidence about a milestone, handed in": Step(
        call="submit_evidence",
        site="hiring.funding.services.evidence.send_pack",
        dies_at=r"/v1/disputes/\w+$",
        prepare=_milestone_disputed,
        act=_milestone_answered,
        made_before={"file": 2},
        made_at_death={"file": 2},
        made={"file": 2},
        booked={},
        rows=_milestone_dispute_rows,
        stand=_ANSWERED,
    ),
    "dispute about a milestone given up": Step(
        call="accept_dispute",
        site="hiring.funding.services.evidence.accept_dispute",
        dies_at=r"/close$",
        prepare=_milestone_disputed,
        act=_milestone_given_up,
        comes_back=_milestone_given_up,
        made={},
        booked={"milestone_lost": 1},
        rows=_milestone_dispute_rows,
        stand={"dispute": "lost", "submissions": "0"},
    ),
    "account opened": Step(
        call="open_account",
        site="royalties.services.payout_accounts.start_onboarding",
        dies_at=r"/v2/core/accounts$",
        prepare=lambda: void(make_reader(email=READER)),
        act=_onboarding,
        comes_back=_onboarding,
        made_at_death={"account": 1},
        made={"account": 1, "account_link": 1},
        booked={},
        rows=_account_rows,
        stand={"is the provider's": "True"},
    ),
    "way to the account's page": Step(
        call="onboarding_url",
        site="royalties.services.payout_accounts.start_onboarding",
        dies_at=r"/v2/core/account_links$",
        prepare=_opened_account,
        act=_onboarding,
        comes_back=_onboarding,
        made_at_death={"account_link": 1},
        # A link is for one use, so each visit gets its own: the lost one leads nowhere and ends within the hour.
        made={"account_link": 2},
        made_untouched={"account_link": 1},
        booked={},
        rows=_account_rows,
        stand={"is the provider's": "True"},
    ),
    "payout": Step(
        call="transfer",
        site="payments.rails.provider.StripeRail.send",
        dies_at=r"/v1/transfers$",
        prepare=_approved,
        act=_sent,
        at=CLEARED,
        made_at_death={"transfer": 1},
        made={"transfer": 1},
        booked={"transfer_asked": 1, "transfer_confirmed": 1},
        rows=_payout_rows,
        stand={"payout": "paid"},
    ),
    "debt taken back": Step(
        call="reverse_transfer",
        site="royalties.services.reversals.send_reversal",
        dies_at=r"/reversals$",
        prepare=_owing,
        act=_claimed,
        at=DEBT_WAITED,
        made_at_death={"transfer_reversal": 1},
        made={"transfer_reversal": 1},
        booked={"transfer_reversed": 1},
        rows=_payout_rows,
        stand={"payout": "paid", "reversal debt": "done"},
    ),
    "returned payout brought back": Step(
        call="reverse_transfer",
        site="royalties.services.reversals.send_reversal",
        dies_at=r"/reversals$",
        prepare=_refused_by_bank,
        act=_brought_back,
        at=CLEARED,
        made_at_death={"transfer_reversal": 1},
        made={"transfer_reversal": 1},
        booked={"payout_returned": 1},
        rows=_payout_rows,
        stand={"payout": "returned", "reversal return": "done"},
    ),
}
