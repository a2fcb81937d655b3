"""What finance staff are told by mail, because a person has to do something."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse

from accounts.models import User
from common.money import Money
from royalties.models import Payout

_WHAT_TO_DO = {
    "balance_insufficient": "Our balance at the provider is too small. Add to it or wait for sales to settle; the "
    "money is payable again and goes with the next run.",
    "no_transfer_found": "The provider's answer was lost and no transfer was found. The money is payable again.",
}
_OTHERWISE = "The money is payable again. The payee was told when the reason lies with their account."


def tell_payout_failed(*, payout: Payout) -> None:
    """Everybody of finance: which payout failed, why, and what comes next. Without the payee's name or address."""
    people = list(User.objects.filter(is_finance=True, is_active=True).values_list("email", flat=True))
    if not people:
        return
    amount = Money(payout.amount_minor, payout.currency).format()
    page = settings.SITE_URL + reverse("finance-run", args=[payout.run.public_id])
    text = f"{payout.public_id}, {amount}: {payout.reason}.\n\n{_WHAT_TO_DO.get(payout.reason, _OTHERWISE)}\n\n{page}\n"
    send_mail(f"A payout failed: {payout.reason}", text, None, people)
