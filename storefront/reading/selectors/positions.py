"""Where people stopped reading."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import User
from publishing.models import Work
from storefront.reading.models import LastPlace


def newest_places(user: User, works: Iterable[Work | int]) -> dict[int, LastPlace]:
    """Return where the person was last in each of the works, on whichever device, by the work's primary key; one
    query."""
    places = LastPlace.objects.filter(device__user=user, work__in=list(works)).select_related("device", "edition")
    return {place.work_id: place for place in places.order_by("at", "pk")}
