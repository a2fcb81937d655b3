"""Details of people who are paid for services: asked for with the first release, kept in the vault, read on record."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common import jobs, vault
from common.errors import NotAllowed, NotFound
from royalties import permissions
from royalties.errors import PayeeCannotAnswer, PayeeHasAnswered
from royalties.models import PayeeDetails


@dataclass(frozen=True, slots=True)
class StatedDetails:
    """What a payee states. A private person has a birth date, a business a registration number."""

    is_business: bool
    name: str
    birth_date: str  # ISO; "" for a business
    registration_number: str  # "" for a private person
    address: str
    country: str  # of residence for tax
    tax_number: str  # "" where the country issues none
    birth_place: str  # only without a tax number
    vat_number: str  # "" without one


def ask(*, user_id: int, at: datetime) -> None:
    """Note that the person has to say who they are before they are paid, and email them; once.

    Call in the transaction that releases money to them.
    """
    details, is_new = PayeeDetails.objects.get_or_create(user_id=user_id, defaults={"asked_at": at})
    if is_new:
        jobs.enqueue("royalties.tell_details_needed", details_id=details.pk)


@transaction.atomic
def ask_by_hand(*, actor: User, person: User, at: datetime) -> PayeeDetails:
    """Ask a person again, or one whom nobody has asked: who takes over what a deleted account is owed.

    Raises NotAllowed, PayeeCannotAnswer, PayeeHasAnswered.
    """
    if not permissions.may_read_payee_details(actor):
        raise NotAllowed
    if not person.is_active or not person.mail_to:
        raise PayeeCannotAnswer
    PayeeDetails.objects.get_or_create(user=person, defaults={"asked_at": at})
    details = PayeeDetails.objects.select_for_update().get(user=person)
    if details.stated_at is not None:
        raise PayeeHasAnswered
    details.told_at = None
    details.save(update_fields=["told_at"])
    account_services.record_audit(actor=actor, verb="payee_details.asked", subject=details)
    jobs.enqueue("royalties.tell_details_needed", details_id=details.pk)
    return details


@transaction.atomic
def state(*, actor: User, stated: StatedDetails, at: datetime) -> PayeeDetails:
    """Keep what the person states about themselves; what they stated before is replaced. Raises NotAllowed."""
    details = PayeeDetails.objects.select_for_update().filter(user=actor).first()
    if details is None:
        raise NotAllowed  # nobody is asked who was never paid for a service
    details.token = vault.encrypt(json.dumps(asdict(stated), sort_keys=True).encode())
    details.is_business, details.country, details.stated_at = stated.is_business, stated.country, at
    details.save(update_fields=["token", "is_business", "country", "stated_at"])
    account_services.record_audit(actor=actor, verb="payee_details.stated", subject=details)
    return details


@transaction.atomic
def read(*, actor: User, person: User, purpose: str) -> StatedDetails:
    """Return what a payee stated, for a purpose that goes on record with whoever reads it.

    Raises NotAllowed, also without a purpose; NotFound, DecryptionFailed.
    """
    if not permissions.may_read_payee_details(actor) or not purpose.strip():
        raise NotAllowed
    details = PayeeDetails.objects.filter(user=person, stated_at__isnull=False).exclude(token=b"").first()
    if details is None:
        raise NotFound
    account_services.record_audit(
        actor=actor, verb="payee_details.read", subject=details, facts={"purpose": purpose.strip()[:200]}
    )
    return StatedDetails(**json.loads(vault.decrypt(details.token)))
