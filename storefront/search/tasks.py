"""Celery tasks of search."""

from __future__ import annotations

from celery import shared_task

from common.alone import one_at_a_time
from storefront.search.services import index


@shared_task(name="search.follow_sales", soft_time_limit=240, time_limit=300)
@one_at_a_time("search.follow_sales")
def follow_sales() -> None:
    """Update the order of search results to recent sales."""
    index.follow_sales()


@shared_task(name="search.count_words", soft_time_limit=840, time_limit=900)
@one_at_a_time("search.count_words")
def count_words() -> None:
    """Count the words used for spelling correction."""
    index.count_words()
