"""From a journal entry to the provider: the objects that moved the money, or the nearest entry that has one."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q

from accounts.models import User
from royalties import chart
from royalties.models import (
    EntryKind,
    JournalEntry,
    MilestoneDispute,
    MilestoneRecord,
    Payout,
    ProviderKind,
    ProviderReference,
    SaleDispute,
    SaleRecord,
    SaleRefund,
)

_DASHBOARD = "https://dashboard.stripe.com"
_PATHS = {
    ProviderKind.PAYMENT: "payments",
    ProviderKind.CHARGE: "payments",
    ProviderKind.REFUND: "refunds",
    ProviderKind.DISPUTE: "disputes",
    ProviderKind.TRANSFER: "connect/transfers",
}
_PAID_IN = (
    EntryKind.SALE,
    EntryKind.PROCESSOR_FEE,
    EntryKind.DEFERRED,
    EntryKind.NEEDLESS_PAYMENT,
    EntryKind.MILESTONE_FUNDED,
)
_DISPUTED = (
    EntryKind.DISPUTE_OPENED,
    EntryKind.DISPUTE_WON,
    EntryKind.DISPUTE_LOST,
    EntryKind.DISPUTE_COVERED,
    EntryKind.APPEAL_WON,
    EntryKind.MILESTONE_LOST,
)
_PAID_OUT = (EntryKind.TRANSFER_ASKED, EntryKind.TRANSFER_CONFIRMED, EntryKind.PAYOUT_RETURNED, EntryKind.PAYOUT_FEE)
# What later entries with the same reference are about.
_BEGINNINGS = (EntryKind.SALE, EntryKind.MILESTONE_FUNDED)
# The name of such an event contains the refund's id at the provider.
_GIVEN_BACK = (EntryKind.REFUND, EntryKind.NEEDLESS_RETURNED, EntryKind.MILESTONE_RETURNED)


@dataclass(frozen=True, slots=True)
class ProviderObject:
    """One object at the provider. `url` is its page there, or "" in the sandbox, whose pages are ours."""

    kind: ProviderKind
    object_id: str
    url: str


def objects_of(entry: JournalEntry) -> list[ProviderObject]:
    """Return the provider's objects that the entry books; none for one that only moves money inside our books."""
    kind = EntryKind(entry.kind)
    if kind in _PAID_IN:
        return _of_order(entry.reference)
    if kind in _DISPUTED:
        return [_object(ProviderKind.DISPUTE, entry.external_id.split(":")[1])]
    if kind in _GIVEN_BACK:
        return [_object(ProviderKind.REFUND, entry.external_id.split(":")[1])]
    if kind in _PAID_OUT:
        named = Q(public_id=entry.reference) | Q(transfer_id=entry.reference)
        paid = Payout.objects.filter(named).exclude(transfer_id="")
        return [
            _object(ProviderKind.TRANSFER, transfer_id) for transfer_id in paid.values_list("transfer_id", flat=True)
        ]
    return []


def address_of(object_id: str) -> str:
    """Return the URL of an object that a movement of the provider names, or "" in the sandbox, whose pages are ours."""
    return "" if settings.PAYMENTS_SANDBOX else f"{_DASHBOARD}/search?{urlencode({'query': object_id})}"


def nearest_with_object(entry: JournalEntry, user: User | None = None) -> JournalEntry | None:
    """Return, for an entry without an object, the sale or milestone it is about, or else the last one nearby.

    Nearby is on accounts of the same contributors; with `user` only on theirs. None before anything was ever paid.
    """
    sale = JournalEntry.objects.filter(kind__in=_BEGINNINGS, reference=entry.reference).first()
    if sale is not None and sale.pk != entry.pk:
        return sale
    accounts = entry.postings.filter(account__kind__in=[kind.value for kind in chart.CONTRIBUTOR_KINDS])
    if user is not None:
        accounts = accounts.filter(account__owner=user)
    near = JournalEntry.objects.filter(
        kind__in=(*_BEGINNINGS, EntryKind.REFUND, EntryKind.TRANSFER_CONFIRMED),
        postings__account__owner__in=accounts.values("account__owner"),
        pk__lt=entry.pk,
    )
    return near.order_by("-pk").first()


def belongs_to(user: User, object_id: str) -> bool:
    """Return whether the object is behind an entry on one of the person's accounts."""
    orders = ProviderReference.objects.filter(object_id=object_id).values("reference")
    disputed = MilestoneDispute.objects.filter(external_id=object_id).values("milestone")
    return (
        MilestoneRecord.objects.filter(Q(reference__in=orders) | Q(pk__in=disputed), payee=user).exists()
        or SaleRecord.objects.filter(order_reference__in=orders, shares__user=user).exists()
        or SaleDispute.objects.filter(external_id=object_id, sales__sale__shares__user=user).exists()
        or Payout.objects.filter(transfer_id=object_id, user=user).exists()
        or SaleRefund.objects.filter(shares__user=user, external_id__in=_events_of(object_id)).exists()
    )


def _events_of(refund_id: str) -> list[str]:
    """Return a refund's names in the books: its id, followed by the line when it is for several."""
    lines = SaleRefund.objects.filter(external_id__startswith=f"{refund_id}:").values_list("external_id", flat=True)
    return [refund_id, *lines]


def _of_order(reference: str) -> list[ProviderObject]:
    """Return the objects of an order, found by the order itself or by one of its lines."""
    order = SaleRecord.objects.filter(reference=reference).values_list("order_reference", flat=True).first()
    notes = ProviderReference.objects.filter(reference=order or reference)
    return [_object(ProviderKind(note.kind), note.object_id) for note in notes]


def _object(kind: ProviderKind, object_id: str) -> ProviderObject:
    url = "" if settings.PAYMENTS_SANDBOX else f"{_DASHBOARD}/{_PATHS[kind]}/{object_id}"
    return ProviderObject(kind, object_id, url)
