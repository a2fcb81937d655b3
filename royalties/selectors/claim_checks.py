"""Rule I17: what the records say is held for claims, paid to winners and unclaimed is what the accounts say."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from royalties.chart import AccountKind
from royalties.models import AccountBalance, ClaimHold, ClaimTaking, EntryKind, JournalEntry
from royalties.selectors.check_scope import Scope

type Found = tuple[str, str]


def violations(scope: Scope) -> Iterator[Found]:
    """Yield row and detail of each disagreement; balances are those of now, whatever the scope."""
    yield from _balances()
    rows = ClaimHold.objects.annotate(taken=Coalesce(Sum("takings__amount_minor"), 0))
    if not scope.is_whole:
        moved = JournalEntry.objects.filter(
            scope.entries(), kind__in=(EntryKind.CLAIM_DECIDED, EntryKind.CLAIM_TAKEN)
        ).order_by()
        rows = rows.filter(share__sale__reference__in=moved.values("reference"))
    for pk in rows.exclude(taken=F("taken_minor")).values_list("pk", flat=True):
        yield f"claim hold {pk}", "was taken from by more or less than its records say"
    lost = rows.filter(decided_at__isnull=False, paid_minor__gt=0, entry=None).values_list("pk", flat=True)
    for pk in lost:
        yield f"claim hold {pk}", "was paid without an entry"
    decided = JournalEntry.objects.filter(
        scope.entries(), kind__in=(EntryKind.CLAIM_DECIDED, EntryKind.CLAIM_RELEASED)
    ).exclude(external_id__startswith="claim_collected:")
    for entry in decided.filter(~Exists(ClaimHold.objects.filter(entry=OuterRef("pk")))):
        yield f"journal entry {entry.pk}", "decides a claim without a record"
    taken = JournalEntry.objects.filter(scope.entries(), kind=EntryKind.CLAIM_TAKEN)
    for entry in taken.filter(~Exists(ClaimTaking.objects.filter(entry=OuterRef("pk")))):
        yield f"journal entry {entry.pk}", "takes from the winner of a claim without a record"


def _balances() -> Iterator[Found]:
    rows = AccountBalance.objects.filter(account__kind=AccountKind.CONTRIBUTOR_CLAIMED.value)
    accounts = {
        (owner, currency): -balance
        for owner, currency, balance in rows.values_list("account__owner", "account__currency", "balance_minor")
    }
    held = ClaimHold.objects.filter(left_minor__gt=0).order_by().values_list("share__user", "share__currency")
    records = {(user, currency): total for user, currency, total in held.annotate(total=Sum("left_minor"))}
    for user, currency in sorted(accounts.keys() | records.keys(), key=str):
        lying, told = accounts.get((user, currency), 0), records.get((user, currency), 0)
        if lying != told:
            yield f"user {user} in {currency}", f"has {lying} held for claims, records say {told}"
    unclaimed = AccountBalance.objects.filter(account__kind=AccountKind.UNCLAIMED.value)
    lying_by = {c: -balance for c, balance in unclaimed.values_list("account__currency", "balance_minor")}
    nobody = ClaimHold.objects.filter(Q(payee=None), paid_minor__gt=F("taken_minor")).order_by()
    told_by = dict(nobody.values_list("share__currency").annotate(total=Sum(F("paid_minor") - F("taken_minor"))))
    for currency in sorted(lying_by.keys() | told_by.keys()):
        if lying_by.get(currency, 0) != told_by.get(currency, 0):
            yield (
                f"account unclaimed in {currency}",
                f"stands at {lying_by.get(currency, 0)}, not {told_by.get(currency, 0)}",
            )
