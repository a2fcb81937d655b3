"""Payouts that reached the payee's account at the provider and were refused by their bank."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts import services as account_services
from accounts.models import User
from common import jobs
from common.errors import NotAllowed
from royalties import permissions
from royalties.errors import NothingToBringBack
from royalties.models import (
    AccountTrouble,
    Payout,
    PayoutAccount,
    PayoutRail,
    PayoutState,
    Reversal,
    ReversalPurpose,
    ReversalState,
)
from royalties.services.payouts import transitions

logger = structlog.stdlib.get_logger(__name__)


@transaction.atomic
def bank_refused(*, provider_account_id: str, code: str) -> PayoutAccount | None:
    """Record that the provider could not pay on to the payee's bank: no more payouts until the bank is changed.

    The money is in the payee's account at the provider; finance can bring it back. None when the account is none of
    ours. Safe to repeat.
    """
    account = PayoutAccount.objects.select_for_update().filter(provider_account_id=provider_account_id).first()
    if account is None:
        return None
    if account.rail == PayoutRail.STRIPE:
        transitions.mark_trouble(account.pk, AccountTrouble.BANK_REFUSED)
        account_services.record_audit(
            actor=None, verb="payout_account.refused_by_bank", subject=account, facts={"code": code}
        )
        logger.warning("payout_account.refused_by_bank", account=account.public_id, code=code)
    return account


@transaction.atomic
def account_closed(*, provider_account_id: str) -> PayoutAccount | None:
    """Record that the account does not exist any more: no more payouts until its owner chooses another way. None when
    the account is none of ours. Safe to repeat."""
    account = PayoutAccount.objects.select_for_update().filter(provider_account_id=provider_account_id).first()
    if account is not None and account.rail == PayoutRail.STRIPE:
        transitions.mark_trouble(account.pk, AccountTrouble.CLOSED)
        account_services.record_audit(actor=None, verb="payout_account.closed", subject=account)
    return account


@transaction.atomic
def bring_back(*, actor: User, payout: Payout, at: datetime) -> Reversal:
    """Take a payout back from the payee's account at the provider, to be payable again.

    Raises NotAllowed, NothingToBringBack.
    """
    if not permissions.may_hold_payouts(actor) or actor.pk == payout.user_id:
        raise NotAllowed
    payout = Payout.objects.select_for_update().select_related("account").get(pk=payout.pk)
    if payout.state != PayoutState.PAID or payout.rail != PayoutRail.STRIPE:
        raise NothingToBringBack(reason=_("it is %(state)s") % {"state": payout.get_state_display().lower()})
    if payout.account.trouble != AccountTrouble.BANK_REFUSED:
        raise NothingToBringBack(reason=_("the payee’s bank did not reject it"))
    asked = payout.reversals.exclude(state=ReversalState.REFUSED)
    left = payout.amount_minor - (asked.aggregate(n=Sum("amount_minor"))["n"] or 0)
    if left <= 0 or asked.filter(state__in=(ReversalState.PENDING, ReversalState.SENT)).exists():
        raise NothingToBringBack(reason=_("a reversal is on its way, or all of it was already recalled"))
    reversal = Reversal.objects.create(
        payout=payout,
        purpose=ReversalPurpose.RETURN,
        cause=f"return-{payout.reversals.count() + 1}",
        amount_minor=left,
        key=f"reversal:return-{payout.reversals.count() + 1}:{payout.transfer_id}",
        asked_by=actor,
        created_at=at,
    )
    account_services.record_audit(actor=actor, verb="payout.brought_back", subject=payout)
    jobs.enqueue("royalties.send_reversal", reversal_id=reversal.pk)
    return reversal
