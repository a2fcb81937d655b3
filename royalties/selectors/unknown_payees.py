"""People to whom money is owed and who have not said who they are: nothing is paid to them before they do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from common.money import Money
from royalties.chart import AccountKind
from royalties.models import AccountBalance, PayeeDetails

_OWED = (
    AccountKind.CONTRIBUTOR_CLEARING,
    AccountKind.CONTRIBUTOR_PAYABLE,
    AccountKind.CONTRIBUTOR_RESERVE,
    AccountKind.CONTRIBUTOR_DISPUTED,
    AccountKind.CONTRIBUTOR_CLAIMED,
)


@dataclass(frozen=True, slots=True)
class UnknownPayee:
    """One person, and what is owed to them in each currency."""

    user: User
    asked_at: datetime
    owed: Sequence[Money]

    @property
    def can_answer(self) -> bool:
        """Whether they can still log in and be asked."""
        return bool(self.user.is_active and self.user.mail_to)


def unknown_payees() -> list[UnknownPayee]:
    """Return them: first those who cannot answer any more, then whoever was asked first."""
    asked = list(PayeeDetails.objects.missing().select_related("user").order_by("asked_at", "pk"))
    owed = owed_to([one.user_id for one in asked])
    found = [UnknownPayee(one.user, one.asked_at, owed[one.user_id]) for one in asked if one.user_id in owed]
    return sorted(found, key=lambda one: one.can_answer)


def owed_to(user_ids: Sequence[int]) -> dict[int, list[Money]]:
    """Return what is owed to each of these people, in clearing or payable, by currency; nobody with nothing."""
    rows = AccountBalance.objects.filter(
        account__owner__in=user_ids, account__kind__in=[kind.value for kind in _OWED], balance_minor__lt=0
    )
    sums: dict[tuple[int, str], int] = {}
    for owner, currency, minor in rows.values_list("account__owner", "account__currency", "balance_minor"):
        if owner is not None:
            sums[owner, currency] = sums.get((owner, currency), 0) - minor
    found: dict[int, list[Money]] = {}
    for (owner, currency), minor in sorted(sums.items()):
        found.setdefault(owner, []).append(Money(minor, currency))
    return found


def count_who_cannot_answer() -> int:
    """Return how many of them finance has to look after."""
    return sum(not one.can_answer for one in unknown_payees())
