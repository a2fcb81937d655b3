"""The part of rule I7 about shares that end at a sum: none got more than it, and none counts more than it got."""

from __future__ import annotations

from django.db.models import F

from publishing.models import SplitShare
from royalties.models import TowardsSum
from royalties.selectors import splits
from royalties.selectors.check_scope import Scope


def violations(scope: Scope) -> list[tuple[str, str]]:
    """Return what is wrong, with where it is."""
    counted = TowardsSum.objects.filter(scope.entries("share__sale__entry__"))
    wrong = counted.filter(amount_minor__gt=F("share__amount_minor")).values_list("share__sale__reference", flat=True)
    found = [(f"sale {sale}", "counts more towards a sum than its share") for sale in wrong]
    references = set(counted.order_by().values_list("reference", flat=True))
    sums = {one.reference: one.ends_at_minor or 0 for one in SplitShare.objects.filter(reference__in=references)}
    return found + [
        (f"share of {reference}", f"has brought {total} of {sums.get(reference, 0)}")
        for reference, total in sorted(splits.brought(references).items())
        if total > sums.get(reference, 0)
    ]
