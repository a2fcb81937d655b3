"""What must hold once a schedule has come to rest; every sentence returned is something that does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.db.models import Sum

from payments.models import (
    EventState,
    ProviderEvent,
    SandboxBalance,
    SandboxBalanceTransaction,
    SandboxEvent,
    SandboxObject,
)
from royalties.chart import CONTRIBUTOR_KINDS
from royalties.models import AccountBalance, EntryKind, Payout, Posting, SaleDispute, SaleRecord, SaleRefund
from royalties.services import invariants
from storefront.checkout.models import Entitlement, Order, Payment, Refund
from tests.properties.money.model import ModelSale, Moved, cart, expected
from tests.properties.money.schedule import Schedule
from tests.properties.money.template import WORKS, Cast


def found_wrong(schedule: Schedule) -> list[str]:
    """Everything that does not hold."""
    return [*_rules(), *_rest(), *_balances(schedule.cast), *_provider(), *_readers(), *_nobody_owes_and_is_owed()]


def _rules() -> Iterator[str]:
    for one in invariants.check_invariants():
        yield f"{one.rule}: {one.row} {one.detail}"


def _rest() -> Iterator[str]:
    """Nothing is left waiting for ever."""
    for event in ProviderEvent.objects.exclude(state=EventState.PROCESSED):
        yield f"event {event} is {event.state}: {event.last_error}"
    for event in SandboxEvent.objects.filter(delivered_at=None):
        yield f"event {event.event_id} was not delivered"
    for payment in Payment.objects.filter(state="pending"):
        yield f"payment {payment.public_id} is pending"
    for refund in Refund.objects.filter(state="pending"):
        yield f"refund {refund.public_id} is pending"
    for payout in Payout.objects.filter(state="sent"):
        yield f"payout {payout} is sent and has no answer"


def _balances(cast: Cast) -> Iterator[str]:
    """Every balance is what the model says."""
    should = expected(_sales(cast), _moved(cast))
    found: Counter[tuple[str, str]] = Counter()
    # Between the platform's fees, its fund and its authors money moves by terms of the fund; here they are one purse.
    rows = (
        Posting.objects.exclude(entry__kind__in=[EntryKind.DISPUTE_COVERED, EntryKind.FUND_FED])
        .values_list("account__name", "account__kind", "currency")
        .annotate(total=Sum("amount_minor"))
    )
    for name, kind, currency, total in rows.order_by():
        is_author = kind in {one.value for one in CONTRIBUTOR_KINDS}
        key = f"author:{cast.authors.index(name.partition(':')[2])}" if is_author else name
        found[key, currency] += total
    for key in sorted(should.keys() | found.keys()):
        if should[key] != found[key]:
            yield f"{key[0]} {key[1]} is {found[key]}, not {should[key]}"


def _sales(cast: Cast) -> list[ModelSale]:
    """The lines of paid orders, less what was given back of them in the order in which the books say so."""
    sales: dict[str, ModelSale] = {}
    for order in Order.objects.filter(state="paid").order_by("pk").prefetch_related("lines__edition"):
        lines = list(order.lines.order_by("pk"))
        works = [cast.editions.index(line.edition.public_id) for line in lines]
        made = cart(works, order.currency, order.tax_country)
        sales.update({line.public_id: sale for line, sale in zip(lines, made, strict=True)})
    for refund in SaleRefund.objects.order_by("pk").select_related("sale"):
        if refund.paid_minor:
            sales[refund.sale.reference].give_back(refund.paid_minor)
    return list(sales.values())


def _moved(cast: Cast) -> Iterator[Moved]:
    """What the provider really did, read from its own records."""
    for row in SandboxObject.objects.filter(kind__in=["charge", "refund", "transfer", "dispute"]).order_by("pk"):
        data, currency = row.data, row.data["currency"].upper()
        if row.kind == "refund":
            yield Moved("bad debt", currency, _beyond(row.object_id))
        if row.kind == "charge":
            method = data["payment_method_details"]
            yield Moved("charge", currency, data["amount"], method[method["type"]]["country"])
        elif row.kind == "refund":
            yield Moved("refund", currency, data["amount"])
        elif row.kind == "dispute":
            yield from _disputed(row)
        else:
            yield Moved("transfer", currency, data["amount"], author=cast.author_accounts.index(data["destination"]))


def _beyond(refund_id: str) -> int:
    """What of a refund no sale accounted for any more, because a dispute had taken it."""
    losses = Posting.objects.filter(
        entry__external_id__startswith=f"refund:{refund_id}:",
        entry__external_id__endswith=":beyond",
        account__name="bad_debt",
    )
    total: int = losses.aggregate(total=Sum("amount_minor", default=0))["total"]
    return total


def _disputed(row: SandboxObject) -> Iterator[Moved]:
    """What the bank took and gave back, its fee, and what of a lost dispute no sale accounts for."""
    changes = SandboxBalanceTransaction.objects.filter(source_id=row.object_id).order_by("pk")
    if not changes:
        return  # an inquiry
    currency, amount = row.data["currency"].upper(), row.data["amount"]
    yield Moved("dispute fee", currency, sum(change.fee_minor for change in changes))
    if row.data["status"] == "lost":
        outcome = SaleDispute.objects.get(external_id=row.object_id).outcome_entry_id
        given_back = SaleRefund.objects.filter(entry=outcome).aggregate(total=Sum("paid_minor", default=0))["total"]
        yield Moved("dispute", currency, amount)
        owed = Posting.objects.filter(entry=outcome, account__name="refund_pending")
        settled = owed.aggregate(total=Sum("amount_minor", default=0))["total"]
        yield Moved("bad debt", currency, amount - given_back - settled)


def _provider() -> Iterator[str]:
    """I9: our balance at the provider is what it says itself; and each charge bought something or went back."""
    ours = Posting.objects.filter(account__kind="stripe_balance").values("currency").annotate(total=Sum("amount_minor"))
    totals = {row["currency"]: row["total"] for row in ours.order_by()}
    for balance in SandboxBalance.objects.all():
        if totals.get(balance.currency, 0) != balance.available_minor:
            yield f"I9: {balance.currency} {totals.get(balance.currency, 0)} here, {balance.available_minor} there"
    bought = Counter(
        Payment.objects.filter(order__state="paid", state="succeeded").values_list("order__public_id", flat=True)
    )
    taken_back = set(
        SandboxObject.objects.filter(kind="dispute", data__status="lost").values_list("data__charge", flat=True)
    )
    charged = Counter(
        row.data["metadata"]["reference"]
        for row in SandboxObject.objects.filter(kind="charge").exclude(object_id__in=taken_back)
        if not row.data["refunded"]
    )
    for order, times in charged.items():
        if times > bought[order]:
            yield f"{order} was paid {times} times and bought {bought[order]} times"


def _readers() -> Iterator[str]:
    """Whoever paid and did not give back may read, once; nobody else."""
    may_read = Counter(
        Entitlement.objects.filter(ended_at=None, line__isnull=False).values_list("line__public_id", flat=True)
    )
    given_back = set(SaleRecord.objects.filter(state="refunded").values_list("reference", flat=True))
    for order in Order.objects.filter(state="paid").prefetch_related("lines"):
        for line in order.lines.all():
            if may_read[line.public_id] != (0 if line.public_id in given_back else 1):
                yield f"line {line.public_id} gives {may_read[line.public_id]} rights to read"


def _nobody_owes_and_is_owed() -> Iterator[str]:
    """A debt is paid from what is payable before anything else happens."""
    balances = {
        (row.account.name, row.account.currency): row.balance_minor
        for row in AccountBalance.objects.select_related("account")
    }
    for (name, currency), owed in balances.items():
        kind, _, owner = name.partition(":")
        if kind == "contributor_receivable" and owed and balances.get((f"contributor_payable:{owner}", currency)):
            yield f"{owner} owes {owed} {currency} and has {balances[f'contributor_payable:{owner}', currency]} payable"


assert len(WORKS) == 6
