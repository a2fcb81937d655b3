"""Emails to finance staff when a person has to act."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import regions
from accounts.models import User
from common.emails import send
from royalties.models import Payout

_WHAT_TO_DO = {
    "balance_insufficient": gettext_lazy(
        "Our balance at the provider is too low. Top it up, or wait for sales to settle. The money is payable again "
        "and will be sent with the next run."
    ),
    "no_transfer_found": gettext_lazy(
        "The provider’s answer was lost and no transfer was found. The money is payable again."
    ),
}
_OTHERWISE = gettext_lazy("The money is payable again. If the cause is the payee’s account, we have told them.")


def tell_payout_failed(*, payout: Payout) -> None:
    """Email all finance staff which payout failed, why, and what comes next; without the payee's name or address."""
    for person in User.objects.filter(is_finance=True, is_active=True).order_by("pk"):
        with regions.active(person.region):
            context = {"payout": payout, "what_to_do": _WHAT_TO_DO.get(payout.reason, _OTHERWISE)}
            send("payout_failed", _("A payout failed: %(reason)s") % {"reason": payout.reason}, person.email, context)
