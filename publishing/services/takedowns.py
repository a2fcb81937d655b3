"""Moderation decisions on a work: taken off sale or marked for adults until an appeal reverses it.

The decision is a case of the storefront, which this app must not import, so it is identified by its public id. A held
work stays off sale whatever its owner publishes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common.errors import NotAllowed
from publishing import hooks, permissions, selectors
from publishing.models import Edition, EditionState, Work
from publishing.services import editions, release_dates


@dataclass(frozen=True, slots=True)
class SaleState:
    """What was on sale or announced before the decision, to be restored if the decision is reversed."""

    edition: Edition | None
    release_date: date | None


@transaction.atomic
def take_down(*, actor: User, work: Work, case: str, at: datetime) -> SaleState:
    """Take the work off sale and keep it off sale. Raises NotAllowed.

    As with a withdrawal by the owner, buyers keep the work, and everyone who pre-ordered gets their money back.
    """
    work = _locked(actor, work)
    work.held_by = case
    work.save(update_fields=["held_by"])
    account_services.record_audit(actor=actor, verb="work.held", subject=work, facts={"case": case})
    edition, announced = selectors.published_of(work), selectors.announced_of(work)
    release_date = work.release_date if announced is not None else None
    if edition is not None:
        edition.work = work
        editions.take_off_sale(actor=actor, edition=edition, at=at)
    elif announced is not None:
        release_dates.cancel_announcement(actor=actor, work=work, at=at)
    return SaleState(edition, release_date)


@transaction.atomic
def restore(*, actor: User, work: Work, case: str, taken: SaleState) -> None:
    """Reverse the hold of this case: what was on sale goes on sale again at once, and an announced work keeps its date.

    Nothing goes on sale again if the owner's account has been erased or ended. Raises NotAllowed.
    """
    work = _locked(actor, work)
    if work.held_by != case:
        return
    if work.owner.is_erased or not hooks.may_return(work, taken.edition, taken.release_date):
        taken = SaleState(None, None)
    work.held_by = ""
    work.release_date = taken.release_date or work.release_date
    work.save(update_fields=["held_by", "release_date"])
    account_services.record_audit(actor=actor, verb="work.hold_lifted", subject=work, facts={"case": case})
    edition = taken.edition
    if edition is None:
        editions.announce_change(work)
        return
    edition.work, edition.state = work, EditionState.PUBLISHED
    edition.save(update_fields=["state"])
    hooks.notify_listed(edition)


@transaction.atomic
def stop_sale(*, actor: User, work: Work, case: str, at: datetime) -> Edition | None:
    """Take the work off sale for a while, without touching money: pre-orders and the release date stay. Return the
    edition that was on sale. Raises NotAllowed.
    """
    work = _locked(actor, work)
    edition = selectors.published_of(work)
    work.held_by = case
    work.save(update_fields=["held_by"])
    account_services.record_audit(actor=actor, verb="work.stopped", subject=work, facts={"case": case})
    if edition is None:
        editions.announce_change(work)
        return None
    edition.work = work
    return editions.take_off_sale(actor=actor, edition=edition, at=at)


@transaction.atomic
def end_stop(*, work: Work, case: str, edition: Edition | None) -> None:
    """Put back on sale, or announce again, what a stop hid. It ends by itself, so nobody is asked."""
    work = editions.lock_work(work)
    if work.held_by != case:
        return
    work.held_by = ""
    work.save(update_fields=["held_by"])
    account_services.record_audit(actor=None, verb="work.stop_ended", subject=work, facts={"case": case})
    if edition is None or work.owner.is_erased or not hooks.may_return(work, edition, None):
        editions.announce_change(work)
        return
    edition = Edition.objects.select_related("job", "manuscript").get(pk=edition.pk)
    edition.work, edition.state = work, EditionState.PUBLISHED
    edition.save(update_fields=["state"])
    hooks.notify_listed(edition)


@transaction.atomic
def mark_adult(*, actor: User, work: Work, case: str) -> None:
    """Show the work only to readers who want to see books for adults, whatever its owner chose. Raises NotAllowed."""
    _set_adult(actor, work, case=case, is_adult=True)


@transaction.atomic
def unmark_adult(*, actor: User, work: Work, case: str) -> None:
    """Reverse the mark of this case. Raises NotAllowed."""
    if Work.objects.filter(pk=work.pk, adult_by=case).exists():
        _set_adult(actor, work, case=case, is_adult=False)


def _set_adult(actor: User, work: Work, *, case: str, is_adult: bool) -> None:
    work = _locked(actor, work)
    work.is_adult, work.adult_by = is_adult, case if is_adult else ""
    work.save(update_fields=["is_adult", "adult_by"])
    verb = "work.marked_adult" if is_adult else "work.unmarked_adult"
    account_services.record_audit(actor=actor, verb=verb, subject=work, facts={"case": case})
    editions.announce_change(work)


def _locked(actor: User, work: Work) -> Work:
    if not permissions.may_hold(actor):
        raise NotAllowed
    return editions.lock_work(work)
