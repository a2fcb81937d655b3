"""Quoting and recording sales. Checkout calls it in the transaction that marks the order paid."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from common.money import Money
from common.periods import Month
from publishing.models import Edition
from royalties import calc, division, entries
from royalties.division import Part
from royalties.dto import LineBreakdown, QuoteLine, Sale
from royalties.entries import ContributorShare, Deferral, SaleAmounts
from royalties.errors import EntryDiffers, SaleRefused, SaleUnknown
from royalties.models import JournalEntry, SaleRecord, SaleShare, TowardsSum
from royalties.selectors import sale_terms, splits
from royalties.services import ledger
from royalties.services import terms as terms_services


@dataclass(frozen=True, slots=True)
class RecordedSale:
    """`entry_id` is None for a free sale. `is_new` is False if it was recorded before."""

    reference: str
    entry_id: int | None
    is_new: bool


def quote(*, lines: Sequence[QuoteLine], at: datetime) -> list[LineBreakdown]:
    """Return where each line's price goes if the cart is paid now, in the lines' order. Nothing is written.

    Each line has the terms of its author's plan. All lines have one currency. Raises NoTermsInForce, and ValueError for
    mixed currencies or tax above the price.
    """
    if not lines:
        return []
    currency = _one_currency(lines)
    terms, fees = terms_services.of_editions(editions=[line.edition_id for line in lines], currency=currency, at=at)
    parts = calc.quote(sale_terms.priced_lines(lines=lines, terms=terms), fees)
    return [
        LineBreakdown(
            edition_id=line.edition_id,
            paid=line.paid,
            tax=line.tax,
            processor_fee=Money(part.processor_fee, currency),
            platform_fee=Money(part.platform_fee, currency),
            royalty=Money(part.royalty, currency),
            terms_id=terms[line.edition_id].pk,
            promotion=Money(part.promotion, currency) if part.promotion else None,
        )
        for line, part in zip(lines, parts, strict=True)
    ]


def record_sale(*, sale: Sale) -> RecordedSale:
    """Record one paid line. For an order of several lines use `record_sales`: one call keeps the lock order."""
    return record_sales(sales=[sale])[0]


@transaction.atomic
def record_sales(*, sales: Sequence[Sale]) -> list[RecordedSale]:
    """Record the paid lines of an order, in order: terms and split are frozen, one journal entry each.

    A line recorded before (by `reference`) is left alone. Raises SaleRefused if a breakdown does not add up,
    EntryDiffers if the line was recorded with other amounts, LedgerError.
    """
    for sale in sales:
        _check(sale)
    works = dict(Edition.objects.filter(pk__in=[s.edition_id for s in sales]).values_list("pk", "work_id"))
    splits.lock_sums(work_ids=set(works.values()))
    known = _records(sales)
    for sale in sales:
        if sale.reference in known and _amounts_of(known[sale.reference]) != _amounts(sale):
            raise EntryDiffers(external_id=sale.reference)
    made = _record_new([sale for sale in sales if sale.reference not in known], works)
    records = _records(sales)
    return [RecordedSale(s.reference, records[s.reference].entry_id, s.reference in made) for s in sales]


@transaction.atomic
def record_deferred_payment(
    *,
    reference: str,
    order_reference: str,
    deferral: Deferral,
    paid: Money,
    tax: Money,
    tax_country: str,
    at: datetime,
) -> int | None:
    """Book the payment of a gift or pre-order that becomes a sale later. Return the entry's id, None for a free one.

    The tax of a pre-order is due now, that of a gift when it is redeemed (pass zero). Booking the same line twice gives
    one entry. The sale is recorded by `record_sales` with the same reference and `deferral`. Raises EntryDiffers.
    """
    if not paid:
        return None
    draft = entries.deferred_payment(
        reference=reference,
        order_reference=order_reference,
        currency=paid.currency,
        occurred_at=at,
        gross=paid.amount_minor,
        tax=tax.amount_minor,
        tax_country=tax_country,
        deferral=deferral,
    )
    return ledger.post_one(draft).entry_id


def is_deferred(reference: str) -> bool:
    """Return whether a line was paid for, is not supplied yet, and nothing has ended it."""
    return JournalEntry.objects.filter(
        external_id=f"deferred:{reference}", deferred_sale=None, reversed_by=None
    ).exists()


@transaction.atomic
def refund_deferred_payment(*, reference: str, external_id: str, at: datetime) -> int:
    """Refund a gift or pre-order before it became a sale. Return the entry's id. Raises SaleUnknown, SaleRefused."""
    payment = JournalEntry.objects.filter(external_id=f"deferred:{reference}").first()
    if payment is None:
        raise SaleUnknown(reference=reference)
    if SaleRecord.objects.filter(deferral_entry=payment).exists():
        raise SaleRefused(reference=reference, reason="it has become a sale")
    postings = [
        entries.Line(p.account.as_name(), -p.amount_minor, p.currency)
        for p in payment.postings.select_related("account")
    ]
    draft = entries.deferral_refunded(
        reference=reference, external_id=external_id, occurred_at=at, mirrored=postings, reverses_id=payment.pk
    )
    return ledger.post_one(draft).entry_id


def record_conversion(*, reference: str, external_id: str, booked: Money, settled: Money, at: datetime) -> int | None:
    """Book that the provider settled an amount in another currency than it was paid in; None if it did not.

    Both are negative for money going out. `external_id` is the provider's movement. Raises EntryDiffers.
    """
    if booked.currency == settled.currency:
        return None
    draft = entries.conversion(
        reference=reference, external_id=external_id, occurred_at=at, booked=booked, settled=settled
    )
    return ledger.post_one(draft).entry_id


def record_processor_fee(*, order_reference: str, fee: Money, external_id: str, at: datetime) -> int | None:
    """Book the provider's real fee for one payment. Return the entry's id, None for no fee.

    The platform bears the difference to the quoted fee. `external_id` is the provider's (its balance transaction or
    charge): booking the same one twice gives one entry. Raises ValueError for a negative fee, EntryDiffers.
    """
    if fee.amount_minor < 0:
        raise ValueError("a fee is not negative")
    if not fee:
        return None
    draft = entries.processor_fee(
        order_reference=order_reference,
        currency=fee.currency,
        occurred_at=at,
        fee=fee.amount_minor,
        external_id=external_id,
    )
    return ledger.post_one(draft).entry_id


def _one_currency(lines: Iterable[QuoteLine]) -> str:
    currencies = {money.currency for line in lines for money in (line.paid, line.tax)}
    if len(currencies) > 1:
        raise ValueError("a cart has one currency")
    if any(not 0 <= line.tax.amount_minor <= line.paid.amount_minor for line in lines):
        raise ValueError("tax lies between 0 and the price")
    return currencies.pop()


def _check(sale: Sale) -> None:
    """Check that the sale's data does not contradict itself. Raises SaleRefused."""
    given = sale.breakdown
    parts = (given.tax, given.processor_fee, given.platform_fee, given.royalty)
    if {part.currency for part in parts} != {given.paid.currency}:
        raise SaleRefused(reference=sale.reference, reason="its amounts have different currencies")
    if any(part.amount_minor < 0 for part in parts) or given.promotion_minor < 0:
        raise SaleRefused(reference=sale.reference, reason="a part of the price is negative")
    if sum(part.amount_minor for part in parts) != given.paid.amount_minor + given.promotion_minor:
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


def _amounts(sale: Sale) -> tuple[str | int, ...]:
    b = sale.breakdown
    parts = (b.paid, b.tax, b.processor_fee, b.platform_fee)
    return (b.paid.currency, b.promotion_minor, *(part.amount_minor for part in parts))


def _amounts_of(record: SaleRecord) -> tuple[str | int, ...]:
    fees = (record.processor_fee_minor, record.platform_fee_minor)
    return (record.currency, record.promotion_minor, record.paid_minor, record.tax_minor, *fees)


def _record_new(sales: Sequence[Sale], works: dict[int, int]) -> set[str]:
    """Post and store sales not recorded yet. Return the references of those that this call recorded."""
    divided = _divide(sales, works)
    drafts = [_draft(sale, divided[sale.reference]) for sale in sales]
    paid = [draft for draft in drafts if not draft.is_empty]
    posted = {draft.reference: result for draft, result in zip(paid, ledger.post(paid), strict=True)}
    # An entry that is not new was posted by a concurrent transaction, and so was its sale.
    new = [sale for sale in sales if sale.reference not in posted or posted[sale.reference].is_new]
    payments = _deferral_entries(new)
    records = SaleRecord.objects.bulk_create(
        _record(
            sale,
            works[sale.edition_id],
            posted[sale.reference].entry_id if sale.reference in posted else None,
            payments.get(sale.reference),
        )
        for sale in new
    )
    shares = [
        (_share(record, part, position, posted[record.reference].period if record.reference in posted else None), part)
        for record in records
        for position, part in enumerate(divided[record.reference])
    ]
    SaleShare.objects.bulk_create([share for share, _ in shares])
    TowardsSum.objects.bulk_create(
        TowardsSum(share=share, reference=reference, amount_minor=amount)
        for share, part in shares
        for reference, amount in part.towards.items()
    )
    return {record.reference for record in records}


def _share(record: SaleRecord, part: Part, position: int, period: Month | None) -> SaleShare:
    return SaleShare(
        sale=record,
        user_id=part.share.user_id,
        contributor_id=part.share.contributor_id,
        position=position,
        share_bps=part.share.share_bps,
        amount_minor=part.amount_minor,
        period=str(period) if period is not None else "",
        currency=record.currency,
        work_id=record.work_id,
        country=record.tax_country,
        unit_price_minor=record.paid_minor,
        terms_id=record.terms_id,
        net_minor=record.paid_minor + record.promotion_minor - record.tax_minor,
        processor_fee_minor=record.processor_fee_minor,
        platform_fee_minor=record.platform_fee_minor,
    )


def _deferral_entries(sales: Iterable[Sale]) -> dict[str, int]:
    """Return the entries of earlier payments, by the sale's reference. Raises SaleRefused if one is missing."""
    deferred = [sale.reference for sale in sales if sale.deferral and sale.breakdown.paid]
    names = {f"deferred:{reference}": reference for reference in deferred}
    rows = JournalEntry.objects.filter(external_id__in=names).values_list("external_id", "pk")
    found = {names[external_id]: pk for external_id, pk in rows}
    for reference in deferred:
        if reference not in found:
            raise SaleRefused(reference=reference, reason="its payment was not recorded")
    return found


def _divide(sales: Iterable[Sale], works: dict[int, int]) -> dict[str, list[Part]]:
    """Divide each royalty by the split in force at its sale; the parts add up to it."""
    divided: dict[str, list[Part]] = {}
    brought: dict[str, int] = {}
    for sold_at in sorted({sale.sold_at for sale in sales}):
        at_once = [sale for sale in sales if sale.sold_at == sold_at]
        in_force = splits.splits_in_force(work_ids={works[sale.edition_id] for sale in at_once}, at=sold_at)
        for sale in at_once:
            shares = in_force[works[sale.edition_id]]
            divided[sale.reference] = division.divide(sale.breakdown.royalty, shares, brought)
    return divided


def _draft(sale: Sale, divided: Iterable[Part]) -> entries.Draft:
    given = sale.breakdown
    amounts = SaleAmounts(
        gross=given.paid.amount_minor,
        tax=given.tax.amount_minor,
        processor_fee=given.processor_fee.amount_minor,
        platform_fee=given.platform_fee.amount_minor,
        tax_country=sale.tax_country,
        shares=tuple(ContributorShare(part.share.owner, part.amount_minor) for part in divided),
        promotion=given.promotion_minor,
    )
    return entries.sale(
        reference=sale.reference,
        currency=given.paid.currency,
        occurred_at=sale.sold_at,
        amounts=amounts,
        deferral=sale.deferral,
    )


def _record(sale: Sale, work_id: int, entry_id: int | None, deferral_entry_id: int | None) -> SaleRecord:
    given = sale.breakdown
    return SaleRecord(
        reference=sale.reference,
        order_reference=sale.order_reference,
        edition_id=sale.edition_id,
        work_id=work_id,
        terms_id=given.terms_id,
        currency=given.paid.currency,
        list_price_minor=sale.list_price.amount_minor,
        paid_minor=given.paid.amount_minor,
        promotion_minor=given.promotion_minor,
        tax_minor=given.tax.amount_minor,
        processor_fee_minor=given.processor_fee.amount_minor,
        platform_fee_minor=given.platform_fee.amount_minor,
        royalty_minor=given.royalty.amount_minor,
        tax_country=sale.tax_country,
        tax_rate_bps=sale.tax_rate_bps,
        sold_at=sale.sold_at,
        clears_at=sale.clears_at,
        entry_id=entry_id,
        deferral=sale.deferral or "",
        deferral_entry_id=deferral_entry_id,
    )
