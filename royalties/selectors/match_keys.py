"""Match keys between our entries and the provider's movements, and the way back: the entries under one key.

The key of a payment is its order or milestone, known from the entry of its fee; of everything else it is the provider's
id. An entry that corrects the provider's balance has the key of the item it corrects.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from royalties.chart import AccountKind
from royalties.models import (
    EntryKind,
    JournalEntry,
    ManualEntry,
    Payout,
    Reversal,
    ReversalPurpose,
    SaleRecord,
)

# Prefixes of the provider's payment ids: by card, and by other means.
_CHARGES = ("ch_", "py_")
# Entries whose event name is their match key.
_NAMED_BY_ID = (
    EntryKind.REFUND,
    EntryKind.REFUND_FAILED,
    EntryKind.NEEDLESS_RETURNED,
    EntryKind.DISPUTE_OPENED,
    EntryKind.DISPUTE_WON,
    EntryKind.APPEAL_WON,
    EntryKind.BANK_SWEEP,
    EntryKind.CONVERSION,
    EntryKind.MILESTONE_RETURNED,
)
_BY_REVERSAL = (EntryKind.TRANSFER_REVERSED, EntryKind.PAYOUT_RETURNED)


def keys_of(entries: Iterable[JournalEntry]) -> dict[int, str]:
    """Return the match key of each entry, by its primary key."""
    entries = list(entries)
    sold = [entry.pk for entry in entries if entry.kind == EntryKind.SALE]
    orders = dict(SaleRecord.objects.filter(entry__in=sold).values_list("entry_id", "order_reference"))
    paid_out = [entry.reference for entry in entries if entry.kind == EntryKind.TRANSFER_CONFIRMED]
    transfers = dict(Payout.objects.filter(public_id__in=paid_out).values_list("public_id", "transfer_id"))
    corrected = [entry.pk for entry in entries if entry.kind == EntryKind.BALANCE_CORRECTED]
    corrections = dict(ManualEntry.objects.filter(entry__in=corrected).values_list("entry_id", "item__key"))
    reversals = _reversal_ids(entries)
    keys = {}
    for entry in entries:
        match entry.kind:
            case EntryKind.SALE:
                keys[entry.pk] = orders[entry.pk]
            case EntryKind.BALANCE_CORRECTED:
                keys[entry.pk] = corrections[entry.pk]
            case EntryKind.PROCESSOR_FEE | EntryKind.NEEDLESS_PAYMENT | EntryKind.DEFERRED | EntryKind.MILESTONE_FUNDED:
                keys[entry.pk] = entry.reference
            case EntryKind.CONVERSION:
                # It converts a payment, or what later went back of it: a refund, a dispute.
                source = entry.external_id.split(":")[1]
                keys[entry.pk] = entry.reference if source.startswith(_CHARGES) else source
            case EntryKind.TRANSFER_REVERSED | EntryKind.PAYOUT_RETURNED:
                keys[entry.pk] = reversals.get(entry.external_id.split(":")[1]) or entry.reference
            case EntryKind.TRANSFER_CONFIRMED:
                keys[entry.pk] = transfers.get(entry.reference) or entry.reference
            case _:
                # `refund:re_…`, `dispute_opened:du_…`. One thing may have several entries: `refund:re_…:lin_…` for each
                # sale of a refund, `payout_fee:tr_…:txn_…` for each fee.
                keys[entry.pk] = entry.external_id.split(":")[1]
    return keys


def entries_of(key: str) -> list[JournalEntry]:
    """Return the entries that move the provider's balance and have this key, oldest first."""
    named = [f"{kind}:{key}" for kind in _NAMED_BY_ID]
    named += [f"{kind}:{name}" for kind in _BY_REVERSAL for name in _reversed_by(key)]
    payouts = Payout.objects.filter(transfer_id=key).values("public_id")
    found = JournalEntry.objects.filter(
        Q(external_id__in=named)
        | _named_further(key)
        | Q(reference=key)
        | Q(reference__in=payouts, kind=EntryKind.TRANSFER_CONFIRMED)
        | Q(sale__order_reference=key)
        | Q(manual__item__key=key)
    ).filter(postings__account__kind=AccountKind.STRIPE_BALANCE.value)
    entries = list(found.distinct().order_by("pk"))
    keys = keys_of(entries)
    return [entry for entry in entries if keys[entry.pk] == key]


def _named_further(key: str) -> Q:
    """Return a filter for events whose name goes on after the key: a fee, a line, a dispute's withdrawal."""
    kinds = (EntryKind.PAYOUT_FEE, EntryKind.CONVERSION, EntryKind.REFUND, EntryKind.REFUND_FAILED)
    further = Q()
    for kind in kinds:
        further |= Q(external_id__startswith=f"{kind}:{key}:")
    return further


def _reversed_by(key: str) -> list[str]:
    """Return the names that `_reversal_ids` maps to the key: our reversal, and the payout that it brought back."""
    rows = Reversal.objects.filter(reversal_id=key).values_list("public_id", "payout__public_id")
    return [name for row in rows for name in row]


def _reversal_ids(entries: Iterable[JournalEntry]) -> dict[str, str]:
    """Return the provider's ids of reversals, by our id or by the payout that the reversal brought back."""
    named = [entry.external_id.split(":")[1] for entry in entries if entry.kind in _BY_REVERSAL]
    found: dict[str, str] = {}
    rows = Reversal.objects.filter(Q(public_id__in=named) | Q(payout__public_id__in=named)).exclude(reversal_id="")
    for public_id, payout, purpose, reversal_id in rows.values_list(
        "public_id", "payout__public_id", "purpose", "reversal_id"
    ):
        found[payout if purpose == ReversalPurpose.RETURN else public_id] = reversal_id
    return found
