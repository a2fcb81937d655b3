"""Links between credited names and accounts: made only when the person accepts, and removed when they want."""

from __future__ import annotations

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from publishing.errors import AlreadyContributor, NothingToAccept, OwnerStays
from publishing.models import Contributor, SplitAgreement, Work
from publishing.services import editions


@transaction.atomic
def accept_credit(*, actor: User, contributor: Contributor, is_on_page: bool = True) -> Contributor:
    """Link the credited name to the actor's account; `is_on_page` says whether the name links to their page.

    Raises NothingToAccept, AlreadyContributor.
    """
    found = _offered(actor, contributor)
    if found.left_id is not None:  # the former contributor still owns its shares of the royalty
        raise NothingToAccept
    if found.work.contributors.filter(user=actor, role=found.role).exists():
        raise AlreadyContributor(name=found.name)
    found.user, found.asked, found.is_on_page = actor, None, is_on_page
    found.save(update_fields=["user", "asked", "is_on_page"])
    account_services.record_audit(actor=actor, verb="contributor.accepted", subject=found)
    editions.announce_change(found.work)
    return found


@transaction.atomic
def decline_credit(*, actor: User, contributor: Contributor) -> Contributor:
    """Decline the credit. The name stays without a link. Raises NothingToAccept."""
    found = _offered(actor, contributor)
    found.asked = found.asked_at = found.mailed_at = None
    found.save(update_fields=["asked", "asked_at", "mailed_at"])
    account_services.record_audit(actor=actor, verb="contributor.declined", subject=found)
    return found


@transaction.atomic
def unlink_credit(*, actor: User, contributor: Contributor) -> Contributor:
    """Unlink the credited name from the actor's account. The name stays, and so do agreed shares of the royalty.

    Proposals in which this contributor's share waits for an answer are deleted. Raises NothingToAccept, OwnerStays.
    """
    found = _locked(contributor)
    if found is None or found.user_id != actor.pk:
        raise NothingToAccept
    if found.work.owner_id == actor.pk:
        raise OwnerStays
    SplitAgreement.objects.filter(shares__contributor=found, shares__consented_at=None).delete()
    found.user, found.asked_at, found.left = None, None, actor
    found.save(update_fields=["user", "asked_at", "left"])
    account_services.record_audit(actor=actor, verb="contributor.left", subject=found)
    editions.announce_change(found.work)
    return found


@transaction.atomic
def set_credit_visibility(*, actor: User, contributor: Contributor, is_on_page: bool) -> Contributor:
    """Link the credited name to the actor's page and show the book there, or, for a pen name, stop doing so.

    Raises NothingToAccept.
    """
    found = _locked(contributor)
    if found is None or found.user_id != actor.pk:
        raise NothingToAccept
    if found.is_on_page != is_on_page:
        found.is_on_page = is_on_page
        found.save(update_fields=["is_on_page"])
        account_services.record_audit(actor=actor, verb="contributor.shown", subject=found, facts={"shown": is_on_page})
        editions.announce_change(found.work)
    return found


def _offered(actor: User, contributor: Contributor) -> Contributor:
    found = _locked(contributor)
    if found is None or found.asked_id != actor.pk:
        raise NothingToAccept
    return found


def _locked(contributor: Contributor) -> Contributor | None:
    """Lock the work and return the credit with it; None when the credit was removed meanwhile."""
    work: Work = editions.lock_work(contributor.work)
    found = work.contributors.filter(pk=contributor.pk).first()
    if found is not None:
        found.work = work
    return found
