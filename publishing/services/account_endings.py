"""The end of an author's account by the shop: their works go off sale, and come back if the end is taken back.

The decision is the storefront's. As with a withdrawal by the owner, buyers keep their books, and everyone who
pre-ordered gets their money back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from publishing import hooks, selectors
from publishing.models import Edition, EditionState, Work
from publishing.services import editions, release_dates


@dataclass(frozen=True, slots=True)
class EndedWork:
    """A work that went off sale, with what was on sale or announced."""

    work: Work
    edition: Edition | None
    release_date: date | None


@transaction.atomic
def end_sales(*, actor: User, owner: User, at: datetime) -> list[EndedWork]:
    """Take all works of the owner off sale. Safe to repeat: it returns what went off sale now."""
    works = Work.objects.select_for_update().filter(owner=owner).order_by("pk")
    # All are locked first: what is being published at this moment is on sale by then.
    ended = [_end_sale(actor, work, at) for work in list(works)]
    return [one for one in ended if one is not None]


@transaction.atomic
def put_back(*, owner: User, ended: EndedWork) -> bool:
    """Put the work on sale or announce it again, as it was; return whether it was possible. What a moderator has taken
    off sale meanwhile, or its owner has changed, stays as it is."""
    work = editions.lock_work(ended.work)
    if work.held_by or owner.is_erased or selectors.published_of(work) is not None:
        return False
    if ended.edition is None:
        work.release_date = ended.release_date
        work.save(update_fields=["release_date"])
        editions.announce_change(work)
        return True
    edition = Edition.objects.select_related("job", "manuscript").get(pk=ended.edition.pk)
    if edition.state != EditionState.WITHDRAWN:
        return False
    edition.work, edition.state = work, EditionState.PUBLISHED
    edition.save(update_fields=["state"])
    hooks.notify_listed(edition)
    return True


def _end_sale(actor: User, work: Work, at: datetime) -> EndedWork | None:
    edition, announced = selectors.published_of(work), selectors.announced_of(work)
    if edition is not None:
        edition.work = work
        editions.take_off_sale(actor=actor, edition=edition, at=at)
        return EndedWork(work, edition, None)
    if announced is None:
        return None
    release_date = work.release_date
    release_dates.cancel_announcement(actor=actor, work=work, at=at)
    return EndedWork(work, None, release_date)
