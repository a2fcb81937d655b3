"""Whose a credited name is: only who accepts is linked with it, and whoever is linked can leave."""

from __future__ import annotations

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from publishing.errors import AlreadyContributor, NothingToAccept, OwnerStays
from publishing.models import Contributor, SplitAgreement, Work
from publishing.services import editions


@transaction.atomic
def accept_credit(*, actor: User, contributor: Contributor, is_on_page: bool = True) -> Contributor:
    """Say that the credited name is the actor's, and whether it leads to their page.

    Raises NothingToAccept, AlreadyContributor.
    """
    found = _offered(actor, contributor)
    if found.left_id is not None:  # shares of the royalty go on being theirs who left
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
    """Say that it is not, or not to be shown as theirs; the name stays without a link. Raises NothingToAccept."""
    found = _offered(actor, contributor)
    found.asked = found.asked_at = found.mailed_at = None
    found.save(update_fields=["asked", "asked_at", "mailed_at"])
    account_services.record_audit(actor=actor, verb="contributor.declined", subject=found)
    return found


@transaction.atomic
def leave_credit(*, actor: User, contributor: Contributor) -> Contributor:
    """Take the link between the name and the actor's account away. The name stays, and so do shares of the royalty that
    everybody agreed to; proposals in which its share waits for an answer are declined.

    Raises NothingToAccept, OwnerStays.
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
def show_credit(*, actor: User, contributor: Contributor, is_on_page: bool) -> Contributor:
    """Let the credited name lead to the actor's page, on which the book stands then, or, for a pen name, not. Raises
    NothingToAccept.
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
    """The credit with its work, locked until the transaction ends; None when it was taken back meanwhile."""
    work: Work = editions.locked(contributor.work)
    found = work.contributors.filter(pk=contributor.pk).first()
    if found is not None:
        found.work = work
    return found
