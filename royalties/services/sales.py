"""Quoting, recording and refunding sales. Called by checkout in the transaction that marks the order paid."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from common import clock
from common.money import Money, allocate
from publishing.models import Edition
from royalties import calc, chart, entries
from royalties.chart import AccountKind
from royalties.entries import Part, SaleAmounts
from royalties.errors import EntryDiffers, SaleRefused, SaleUnknown
from royalties.facts import LineBreakdown, QuoteLine, Sale
from royalties.models import SaleRecord, SaleRefund, SaleShare, SaleState
from royalties.selectors import pricing, splits
from royalties.selectors.splits import Share
from royalties.services import ledger
from royalties.services import terms as terms_services


@dataclass(frozen=True, slots=True)
class RecordedSale:
    """`entry_id` is None for a free sale. `is_new` is False when it was recorded before."""

    reference: str
    entry_id: int | None
    is_new: bool


@dataclass(frozen=True, slots=True)
class RecordedRefund:
    """`entry_id` is None for a free sale. `is_new` is False when it was recorded before."""

    reference: str
    entry_id: int | None
    is_new: bool


def quote(*, lines: Sequence[QuoteLine], at: datetime) -> list[LineBreakdown]:
    """Where each line's price goes if the cart is paid now, in the lines' order. Nothing is written.

    All lines have one currency. Raises NoTermsInForce, ValueError for mixed currencies or tax above the price.
    """
    if not lines:
        return []
    currency = _one_currency(lines)
    terms, fees = terms_services.in_force(currency=currency, at=at)
    parts = calc.quote(pricing.priced_lines(lines=lines, terms=terms), fees)
    return [
        LineBreakdown(
            edition_id=line.edition_id,
            paid=line.paid,
            tax=line.tax,
            processor_fee=Money(part.processor_fee, currency),
            platform_fee=Money(part.platform_fee, currency),
            royalty=Money(part.royalty, currency),
            terms_id=terms.pk,
        )
        for line, part in zip(lines, parts, strict=True)
    ]


def record_sale(*, sale: Sale) -> RecordedSale:
    """Record one paid line. An order of several lines uses `record_sales`: one call keeps the lock order."""
    return record_sales(sales=[sale])[0]


@transaction.atomic
def record_sales(*, sales: Sequence[Sale]) -> list[RecordedSale]:
    """Record the paid lines of an order, in order: terms and split are frozen, one journal entry each.

    A line recorded before (by `reference`) is left alone. Raises SaleRefused when a breakdown does not add up,
    EntryDiffers when the line was recorded with other amounts, LedgerError.
    """
    for sale in sales:
        _check(sale)
    known = _records(sales)
    for sale in sales:
        if sale.reference in known and _amounts_of(known[sale.reference]) != _amounts(sale):
            raise EntryDiffers(external_id=sale.reference)
    made = _record_new([sale for sale in sales if sale.reference not in known])
    records = _records(sales)
    return [RecordedSale(s.reference, records[s.reference].entry_id, s.reference in made) for s in sales]


def record_processor_fee(*, order_reference: str, fee: Money, external_id: str) -> int | None:
    """Book the provider's real fee of one payment; returns the entry's id, None for no fee.

    The platform bears the difference to what was quoted. `external_id` is the provider's (its balance transaction or
    charge): the same one twice is one entry. Raises ValueError for a negative fee, EntryDiffers.
    """
    if fee.amount_minor < 0:
        raise ValueError("a fee is not negative")
    if not fee:
        return None
    draft = entries.processor_fee(
        order_reference=order_reference,
        currency=fee.currency,
        occurred_at=clock.now(),
        fee=fee.amount_minor,
        external_id=external_id,
    )
    return ledger.post_one(draft).entry_id


@transaction.atomic
def record_refund(*, reference: str, external_id: str, at: datetime) -> RecordedRefund:
    """Give one sale back in full. `reference` is the sale's, `external_id` the refund's own.

    Inside the window the sale is mirrored; after it the royalty comes out of what is payable to each contributor, and
    what is not there becomes a debt. The same refund twice is one. Raises SaleUnknown, SaleRefused when another
    refund of this sale was recorded.
    """
    # Races with clear_due and with a second refund: whoever has the row decides where the royalty is.
    sale = SaleRecord.objects.select_for_update().filter(reference=reference).first()
    if sale is None:
        raise SaleUnknown(reference=reference)
    if sale.state == SaleState.REFUNDED:
        return _known_refund(sale, external_id)
    was_cleared = sale.state == SaleState.CLEARED
    entry_id = None
    if sale.entry_id is not None:
        draft = _refund_after_clearing(sale, external_id, at) if was_cleared else _mirrored(sale, external_id, at)
        entry_id = ledger.post_one(draft).entry_id
    sale.state, sale.refunded_at = SaleState.REFUNDED, at
    sale.save(update_fields=["state", "refunded_at"])
    SaleRefund.objects.create(
        sale=sale, external_id=external_id, refunded_at=at, was_cleared=was_cleared, entry_id=entry_id
    )
    return RecordedRefund(reference, entry_id, is_new=True)


def _one_currency(lines: Iterable[QuoteLine]) -> str:
    currencies = {money.currency for line in lines for money in (line.paid, line.tax)}
    if len(currencies) > 1:
        raise ValueError("a cart has one currency")
    if any(not 0 <= line.tax.amount_minor <= line.paid.amount_minor for line in lines):
        raise ValueError("tax lies between 0 and the price")
    return currencies.pop()


def _check(sale: Sale) -> None:
    """Raises SaleRefused when the facts contradict each other."""
    given = sale.breakdown
    parts = (given.tax, given.processor_fee, given.platform_fee, given.royalty)
    if {part.currency for part in parts} != {given.paid.currency}:
        raise SaleRefused(reference=sale.reference, reason="its amounts have different currencies")
    if any(part.amount_minor < 0 for part in parts):
        raise SaleRefused(reference=sale.reference, reason="a part of the price is negative")
    if sum(part.amount_minor for part in parts) != given.paid.amount_minor:
        raise SaleRefused(reference=sale.reference, reason="its parts do not add up to the price")
    if given.edition_id != sale.edition_id:
        raise SaleRefused(reference=sale.reference, reason="the breakdown is of another edition")
    if given.tax.amount_minor and not sale.tax_country:
        raise SaleRefused(reference=sale.reference, reason="tax is owed to no country")
    if sale.clears_at < sale.sold_at:
        raise SaleRefused(reference=sale.reference, reason="it clears before it was sold")


def _records(sales: Iterable[Sale]) -> dict[str, SaleRecord]:
    rows = SaleRecord.objects.filter(reference__in=[sale.reference for sale in sales])
    return {row.reference: row for row in rows}


def _amounts(sale: Sale) -> tuple[str, int, int, int, int]:
    b = sale.breakdown
    parts = (b.paid, b.tax, b.processor_fee, b.platform_fee)
    return (b.paid.currency, parts[0].amount_minor, parts[1].amount_minor, parts[2].amount_minor, parts[3].amount_minor)


def _amounts_of(record: SaleRecord) -> tuple[str, int, int, int, int]:
    fees = (record.processor_fee_minor, record.platform_fee_minor)
    return (record.currency, record.paid_minor, record.tax_minor, *fees)


def _record_new(sales: Sequence[Sale]) -> set[str]:
    """Post and store sales not recorded yet; returns the references of those that this call recorded."""
    works = dict(Edition.objects.filter(pk__in=[s.edition_id for s in sales]).values_list("pk", "work_id"))
    divided = _divide(sales, works)
    drafts = [_draft(sale, divided[sale.reference]) for sale in sales]
    paid = [draft for draft in drafts if not draft.is_empty]
    posted = {draft.reference: result for draft, result in zip(paid, ledger.post(paid), strict=True)}
    # An entry that is not new was posted by a transaction that ran beside this one, and so was its sale.
    new = [sale for sale in sales if sale.reference not in posted or posted[sale.reference].is_new]
    records = SaleRecord.objects.bulk_create(
        _record(sale, works[sale.edition_id], posted[sale.reference].entry_id if sale.reference in posted else None)
        for sale in new
    )
    SaleShare.objects.bulk_create(
        SaleShare(
            sale=record,
            user_id=share.user_id,
            contributor_id=share.contributor_id,
            position=position,
            share_bps=share.share_bps,
            amount_minor=amount,
        )
        for record in records
        for position, (share, amount) in enumerate(divided[record.reference])
    )
    return {record.reference for record in records}


def _divide(sales: Iterable[Sale], works: dict[int, int]) -> dict[str, list[tuple[Share, int]]]:
    """Each royalty divided by the split in force when it was sold; the parts add up to it."""
    divided = {}
    for sold_at in {sale.sold_at for sale in sales}:
        at_once = [sale for sale in sales if sale.sold_at == sold_at]
        in_force = splits.splits_in_force(work_ids={works[sale.edition_id] for sale in at_once}, at=sold_at)
        for sale in at_once:
            shares = in_force[works[sale.edition_id]]
            parts = allocate(sale.breakdown.royalty.amount_minor, [share.share_bps for share in shares])
            divided[sale.reference] = list(zip(shares, parts, strict=True))
    return divided


def _draft(sale: Sale, divided: Iterable[tuple[Share, int]]) -> entries.Draft:
    given = sale.breakdown
    amounts = SaleAmounts(
        gross=given.paid.amount_minor,
        tax=given.tax.amount_minor,
        processor_fee=given.processor_fee.amount_minor,
        platform_fee=given.platform_fee.amount_minor,
        tax_country=sale.tax_country,
        shares=tuple(Part(share.owner, amount) for share, amount in divided),
    )
    return entries.sale(
        reference=sale.reference, currency=given.paid.currency, occurred_at=sale.sold_at, amounts=amounts
    )


def _record(sale: Sale, work_id: int, entry_id: int | None) -> SaleRecord:
    given = sale.breakdown
    return SaleRecord(
        reference=sale.reference,
        order_reference=sale.order_reference,
        edition_id=sale.edition_id,
        work_id=work_id,
        terms_id=given.terms_id,
        currency=given.paid.currency,
        paid_minor=given.paid.amount_minor,
        tax_minor=given.tax.amount_minor,
        processor_fee_minor=given.processor_fee.amount_minor,
        platform_fee_minor=given.platform_fee.amount_minor,
        royalty_minor=given.royalty.amount_minor,
        tax_country=sale.tax_country,
        tax_rate_bps=sale.tax_rate_bps,
        sold_at=sale.sold_at,
        clears_at=sale.clears_at,
        entry_id=entry_id,
    )


def _known_refund(sale: SaleRecord, external_id: str) -> RecordedRefund:
    refund = SaleRefund.objects.get(sale=sale)
    if refund.external_id != external_id:
        raise SaleRefused(reference=sale.reference, reason="it was refunded before")
    return RecordedRefund(sale.reference, refund.entry_id, is_new=False)


def _stored_amounts(sale: SaleRecord) -> SaleAmounts:
    shares = sale.shares.select_related("user")
    return SaleAmounts(
        gross=sale.paid_minor,
        tax=sale.tax_minor,
        processor_fee=sale.processor_fee_minor,
        platform_fee=sale.platform_fee_minor,
        tax_country=sale.tax_country,
        shares=tuple(Part(share.user.public_id, share.amount_minor) for share in shares),
    )


def _mirrored(sale: SaleRecord, external_id: str, at: datetime) -> entries.Draft:
    return entries.refund_in_window(
        reference=sale.reference,
        external_id=external_id,
        currency=sale.currency,
        occurred_at=at,
        amounts=_stored_amounts(sale),
        sale_entry_id=_entry_id(sale),
    )


def _refund_after_clearing(sale: SaleRecord, external_id: str, at: datetime) -> entries.Draft:
    """Take each share from what is payable; what is not there is owed."""
    amounts = _stored_amounts(sale)
    payable = {p.owner: chart.of_contributor(AccountKind.CONTRIBUTOR_PAYABLE, p.owner) for p in amounts.shares}
    owed = [chart.of_contributor(AccountKind.CONTRIBUTOR_RECEIVABLE, p.owner) for p in amounts.shares]
    touched = [*payable.values(), *owed, chart.tax(sale.tax_country)]
    # Races with a payout of the same money: the balance holds still until this commits.
    available = ledger.lock_balances((account, sale.currency) for account in touched)
    taken = [Part(p.owner, min(p.amount_minor, available[payable[p.owner], sale.currency])) for p in amounts.shares]
    return entries.refund_after_clearing(
        reference=sale.reference,
        external_id=external_id,
        currency=sale.currency,
        occurred_at=at,
        amounts=amounts,
        from_payable=taken,
        sale_entry_id=_entry_id(sale),
    )


def _entry_id(sale: SaleRecord) -> int:
    if sale.entry_id is None:
        raise SaleRefused(reference=sale.reference, reason="it was free, so there is nothing to give back")
    return sale.entry_id
