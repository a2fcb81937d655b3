"""Counts votes, which are copies paid for and their reviews, and has the books ranked by them."""

from __future__ import annotations

from datetime import UTC, datetime

from storefront.catalogue.models import RankingSnapshot
from storefront.catalogue.services import ranking
from storefront.community.selectors import votes


def rank(*, at: datetime) -> RankingSnapshot:
    """Rank all books by the votes until the end of the day before; the snapshot there is when nothing changed."""
    return ranking.make_ranking(votes.count_votes(at.astimezone(UTC).date()), at=at)
