"""Places as devices are told them (docs/reading.md)."""

from __future__ import annotations

from typing import Any

from publishing.models import Edition
from storefront.reading import stamps
from storefront.reading.models import LastPlace, Place
from storefront.reading.selectors.anchors import PlaceThere

type Json = dict[str, Any]


def told(place: Place, there: PlaceThere, edition: Edition) -> Json:
    """Return where a place is in an edition, perhaps another than its own."""
    return {
        "edition": edition.public_id,
        "block": there.block,
        "offset": there.offset,
        "page": there.page,
        "share_bps": there.share_bps,
        "at": stamps.to_ms(place.at),
    }


def told_last(place: LastPlace, there: PlaceThere, edition: Edition) -> Json:
    return {**told(place, there, edition), "device": place.device.key, "name": place.device.name}
