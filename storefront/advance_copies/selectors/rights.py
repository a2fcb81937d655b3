"""What readers of advance copies may read, for the apps below that ask `given_copies` and for drafts' editions."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from accounts.models import User
from publishing.models import Edition, EditionState
from storefront.advance_copies.models import Copy, Offer
from storefront.checkout.given_copies import GivenCopy


def lasting(user: User, works: Collection[int] | None, on: date) -> dict[int, GivenCopy]:
    """Return the copies that the person can read on that day, by work: of these works, or of all for None."""
    rows = Copy.objects.readable(on).filter(reader=user)
    if works is not None:
        rows = rows.filter(offer__work__in=works)
    values = rows.values_list("offer__work", "last_day", "offer__may_download", "accepted_at", "is_watermarked")
    return {row[0]: GivenCopy(*row) for row in values}  # type: ignore[arg-type]  # the two are set once accepted


def ever_given(user: User, works: Collection[int]) -> set[int]:
    """Return of which of these works the person has had a copy, whatever became of it; one query."""
    rows = Copy.objects.filter(reader=user, offer__work__in=works, accepted_at__isnull=False)
    return set(rows.values_list("offer__work", flat=True))


def editions_given(works: Collection[int]) -> dict[int, Edition]:
    """Return the drafts that are given, by work, each with the job whose files readers get; one query."""
    rows = Offer.objects.filter(work__in=works, edition__state=EditionState.DRAFT, job__isnull=False)
    found = {}
    for offer in rows.select_related("edition__work", "job"):
        if offer.edition is not None and offer.job is not None:
            offer.edition.job = offer.job
            found[offer.work_id] = offer.edition
    return found


def jobs_in_use(jobs: Collection[int]) -> set[int]:
    """Return which of the jobs (primary keys) have files that readers get."""
    return set(Offer.objects.filter(job__in=jobs).values_list("job", flat=True))
