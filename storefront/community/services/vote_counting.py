"""Counts votes (paid copies and their reviews) and ranks the books by them."""

from __future__ import annotations

from datetime import UTC, datetime

from storefront.catalogue.models import RankingSnapshot
from storefront.catalogue.services import ranking
from storefront.community.selectors import votes


def rank(*, at: datetime) -> RankingSnapshot:
    """Rank all books by the votes up to the end of the previous day; return the existing snapshot if nothing
    changed."""
    return ranking.make_ranking(votes.count_votes(at.astimezone(UTC).date()), at=at)
