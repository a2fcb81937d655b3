"""Celery tasks of search."""

from __future__ import annotations

from celery import shared_task

from common.locks import single_instance
from storefront.search.services import index


@shared_task(name="search.follow_sales", soft_time_limit=240, time_limit=300)
@single_instance("search.follow_sales")
def follow_sales() -> None:
    """Update the order of search results to recent sales."""
    index.update_sales_bands()


@shared_task(name="search.count_words", soft_time_limit=840, time_limit=900)
@single_instance("search.count_words")
def count_words() -> None:
    """Count the words used for spelling correction."""
    index.count_words()
