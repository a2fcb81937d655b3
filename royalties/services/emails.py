"""Emails about paying out and tax forms, each sent once.

What has to be told is a mark in the row that it is about, set in the transaction that changed the row. Here the row is
locked, its emails are queued, and the mark goes, in one transaction: so a message that comes twice sends nothing twice,
and one that is lost is found by `retry_unsent`. The mail server is never asked under the lock of a row of money.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import regions
from accounts.models import User
from accounts.services import account_emails
from common import clock, jobs
from common.emails import enqueue
from royalties.models import (
    CertificateState,
    PayeeDetails,
    Payout,
    PayoutAccount,
    PayoutState,
    TaxCertificate,
)
from royalties.models.withholding import HIGHEST_RATE_BPS
from royalties.selectors import hold_reasons
from royalties.selectors.withholding import reminder_due

# Gives the regular message a head start.
_HEAD_START = timedelta(minutes=1)
_BATCH = 100

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


@transaction.atomic
def tell_account_changed(*, account_id: int) -> None:
    """Email all addresses of the person, who may not be the one who changed it."""
    account = _locked(PayoutAccount, pk=account_id, untold_change_at__isnull=False)
    if account is None:
        return
    with regions.active(account.user.region):
        for address in account_emails.notified_addresses(account.user):
            enqueue("payout_account_changed", _("Your payout account was changed"), address, {})
    account.untold_change_at = None
    account.save(update_fields=["untold_change_at"])


@transaction.atomic
def tell_account_trouble(*, account_id: int) -> None:
    """Email the person that nothing can be paid until they act; nothing is sent if the trouble is already over."""
    account = _locked(PayoutAccount, pk=account_id, untold_trouble_at__isnull=False)
    if account is None:
        return
    if account.trouble:
        with regions.active(account.user.region):
            context = {"trouble": account.get_trouble_display()}
            enqueue("payout_trouble", _("We cannot pay you at the moment"), account.user.email, context)
    account.untold_trouble_at = None
    account.save(update_fields=["untold_trouble_at"])


@transaction.atomic
def tell_details_needed(*, details_id: int) -> None:
    """Email a provider, whose first money was released, what we have to ask before it is paid; nothing once told."""
    details = _locked(PayeeDetails, pk=details_id, told_at=None)
    if details is None:
        return
    details.told_at = clock.database_now()
    if details.stated_at is None and details.user.mail_to:
        with regions.active(details.user.region):
            enqueue("payee_details_needed", _("Before we can pay you"), details.user.mail_to, {})
    details.save(update_fields=["told_at"])


@transaction.atomic
def tell_payout_failed(*, payout_id: int) -> None:
    """Email all finance staff which payout failed, why, and what comes next; without the payee's name or address."""
    payout = _locked(Payout, pk=payout_id, state=PayoutState.FAILED, failure_told_at=None)
    if payout is None:
        return
    for person in User.objects.filter(is_finance=True, is_active=True).order_by("pk"):
        with regions.active(person.region):
            context = {"payout": payout, "what_to_do": _WHAT_TO_DO.get(payout.reason, _OTHERWISE)}
            enqueue(
                "payout_failed", _("A payout failed: %(reason)s") % {"reason": payout.reason}, person.email, context
            )
    payout.failure_told_at = clock.database_now()
    payout.save(update_fields=["failure_told_at"])


@transaction.atomic
def tell_tax_form_expires(*, certificate_id: int) -> None:
    """Email the signer that their form expires, and what happens then."""
    certificate = _locked(TaxCertificate, pk=certificate_id)
    days = reminder_due(certificate, clock.database_now()) if certificate is not None else None
    if certificate is None or days is None:
        return
    with regions.active(certificate.user.region):
        context = {"certificate": certificate, "rate_bps": HIGHEST_RATE_BPS}
        enqueue("tax_form_expiring", _("Your tax form expires"), certificate.user.email, context)
    certificate.told_days = days
    certificate.save(update_fields=["told_days"])


@transaction.atomic
def tell_tax_form_decided(*, certificate_id: int) -> None:
    """Email the signer finance's decision on their form."""
    certificate = _locked(TaxCertificate, pk=certificate_id, decided_at__isnull=False, decision_told_at=None)
    if certificate is None:
        return
    with regions.active(certificate.user.region):
        context = {"certificate": certificate, "is_accepted": certificate.state == CertificateState.ACCEPTED}
        enqueue("tax_form_decided", _("Your tax form was checked"), certificate.user.email, context)
    certificate.decision_told_at = clock.database_now()
    certificate.save(update_fields=["decision_told_at"])


def retry_unsent(*, at: datetime) -> None:
    """Enqueue the emails whose message was lost. Reminders about tax forms are found by the next daily run."""
    before = at - _HEAD_START
    for account_id in _ids(PayoutAccount.objects.filter(untold_change_at__lte=before)):
        jobs.enqueue("royalties.tell_account_changed", account_id=account_id)
    for account_id in _ids(PayoutAccount.objects.filter(untold_trouble_at__lte=before)):
        jobs.enqueue("royalties.tell_account_trouble", account_id=account_id)
    for notice_id in _ids(hold_reasons.notices_to_mail(before)):
        jobs.enqueue("royalties.tell_hold", hold_notice_id=notice_id)
    for details_id in _ids(PayeeDetails.objects.filter(told_at=None, asked_at__lte=before)):
        jobs.enqueue("royalties.tell_details_needed", details_id=details_id)
    failed = Payout.objects.filter(state=PayoutState.FAILED, failure_told_at=None, finished_at__lte=before)
    for payout_id in _ids(failed):
        jobs.enqueue("royalties.tell_payout_failed", payout_id=payout_id)
    for certificate_id in _ids(TaxCertificate.objects.filter(decided_at__lte=before, decision_told_at=None)):
        jobs.enqueue("royalties.tell_tax_form_decided", certificate_id=certificate_id)


def _locked[Row: models.Model](model: type[Row], **conditions: Any) -> Row | None:
    """Lock a row whose email is not sent yet, but not its person."""
    rows = model._default_manager.select_for_update(of=("self",)).select_related("user")
    return rows.filter(**conditions).first()


def _ids(rows: models.QuerySet[Any]) -> list[int]:
    """Return the ids in random order: with the oldest first, rows that fail each time would hold up all others."""
    return list(rows.order_by("?").values_list("pk", flat=True)[:_BATCH])
