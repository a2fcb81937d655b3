"""Bundles that go off sale with a book that is taken down: rows of its case, so that they come back with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from storefront.catalogue.models import Bundle, BundleState
from storefront.catalogue.services import bundles
from storefront.community.models import CaseBundle, ReviewCase


@contextmanager
def recorded(case: ReviewCase) -> Iterator[None]:
    """Note which bundles with the case's book go off sale meanwhile. The caller has locked the book and the case."""
    with_it = Bundle.objects.filter(works__work=case.work)
    # The lock keeps their owners from putting one on sale or taking one off between the two looks.
    before = set(with_it.filter(state=BundleState.ON_SALE).select_for_update().values_list("pk", flat=True))
    yield
    after = set(with_it.filter(state=BundleState.ON_SALE).values_list("pk", flat=True))
    for bundle_id in before - after:
        CaseBundle.objects.update_or_create(case=case, bundle_id=bundle_id, defaults={"restored_at": None})


def restore(case: ReviewCase, at: datetime) -> None:
    """Put the case's bundles back on sale that have everything a bundle needs; the others wait for their owners."""
    for row in case.bundles.filter(restored_at=None).select_related("bundle").order_by("bundle_id"):
        if bundles.restore_after_takedown(row.bundle, at=at):
            row.restored_at = at
            row.save(update_fields=["restored_at"])
