"""Contributors' tax forms: submitted by them, checked by finance, with reminders before they expire."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import services as account_services
from accounts.models import User
from common import jobs
from common.errors import NotAllowed
from royalties import permissions, tax_forms
from royalties.errors import TaxFormDecided, TaxFormRefused, TaxFormWaiting
from royalties.models import CertificateState, TaxCertificate, TaxForm, WithholdingRule
from royalties.selectors.withholding import COUNTRY, REMINDERS, reminder_due
from royalties.services import withholding


@dataclass(frozen=True, slots=True)
class SignedForm:
    """What a contributor wrote on a form."""

    form: TaxForm
    name: str
    country: str
    claims_treaty: bool
    has_taxpayer_number: bool
    signature: str
    signed_on: date


@transaction.atomic
def hand_in(*, actor: User, signed: SignedForm, at: datetime) -> TaxCertificate:
    """Submit a contributor's own form for finance to check. Raises NotAllowed, TaxFormWaiting, TaxFormRefused."""
    if not permissions.may_have_earnings(actor):
        raise NotAllowed
    today = at.astimezone(UTC).date()
    if signed.signed_on > today:
        raise TaxFormRefused(reason=_("the signing date is in the future"))
    expires_on = tax_forms.expires_on(signed.form, signed.signed_on)
    if why := _fault(signed, today, expires_on):
        raise TaxFormRefused(reason=why)
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)  # races with a second click
    if actor.tax_certificates.filter(state=CertificateState.HANDED_IN).exists():
        raise TaxFormWaiting
    certificate = TaxCertificate.objects.create(
        user=actor,
        form=signed.form,
        name=signed.name.strip(),
        country=signed.country,
        claims_treaty=signed.claims_treaty and signed.form != TaxForm.W9,
        has_taxpayer_number=signed.has_taxpayer_number,
        signature=signed.signature.strip(),
        signed_on=signed.signed_on,
        handed_in_at=at,
        valid_from=today,
        expires_on=expires_on,
    )
    account_services.record_audit(actor=actor, verb="tax_form.handed_in", subject=certificate)
    return certificate


@transaction.atomic
def decide(*, actor: User, certificate: TaxCertificate, is_accepted: bool, reason: str, at: datetime) -> TaxCertificate:
    """Accept somebody else's form, or refuse it with a reason that the signer reads.

    An accepted form counts from the day it was submitted; what was withheld this year because there was no form is
    given back. Raises NotAllowed, TaxFormDecided, TaxFormRefused without a reason.
    """
    if not permissions.may_check_tax_forms(actor):
        raise NotAllowed
    certificate = TaxCertificate.objects.select_for_update(of=("self",)).select_related("user").get(pk=certificate.pk)
    if actor.pk == certificate.user_id:
        raise NotAllowed
    if certificate.state != CertificateState.HANDED_IN:
        raise TaxFormDecided(state=certificate.get_state_display().lower())
    if not reason.strip():
        raise TaxFormRefused(reason=_("a decision needs a reason"))
    certificate.state = CertificateState.ACCEPTED if is_accepted else CertificateState.REFUSED
    certificate.decided_by, certificate.decided_at, certificate.reason = actor, at, reason.strip()[:300]
    certificate.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    account_services.record_audit(actor=actor, verb=f"tax_form.{certificate.state}", subject=certificate)
    jobs.enqueue("royalties.tell_tax_form_decided", certificate_id=certificate.pk)
    if is_accepted:
        withholding.settle_late_form(certificate=certificate, at=at)
    return certificate


def remind_due(*, at: datetime) -> int:
    """Remind people whose form expires in 60 days, and again in 14, unless another follows it. Return how many.

    A person whose message is lost is found again the next day.
    """
    if WithholdingRule.objects.in_force(country=COUNTRY, at=at) is None:
        return 0
    today = at.astimezone(UTC).date()
    ending = TaxCertificate.objects.in_force(today).filter(expires_on__lte=today + timedelta(days=max(REMINDERS)))
    due = [certificate.pk for certificate in ending.order_by("pk") if reminder_due(certificate, at) is not None]
    for certificate_id in due:
        jobs.enqueue("royalties.tell_tax_form_expires", certificate_id=certificate_id)
    return len(due)


def _fault(signed: SignedForm, today: date, expires_on: date | None) -> str:
    """Return why the form cannot be relied on, "" if it can."""
    if not signed.name.strip() or not signed.signature.strip():
        return _("it needs a name and a signature")
    if signed.signed_on > today:
        return _("the signing date is in the future")
    if expires_on is not None and expires_on < today:
        return _("it has expired")
    if (signed.form == TaxForm.W9) != (signed.country == COUNTRY):
        return _("residents of the United States sign a W-9, all others a W-8")
    if signed.form == TaxForm.W9 and not signed.has_taxpayer_number:
        return _("a W-9 needs a taxpayer number")
    return ""
