"""Celery tasks of market reports."""

from __future__ import annotations

from celery import shared_task

from common import clock
from common.locks import single_instance
from insight.market_reports.services import making, subscriptions


@shared_task(name="market_reports.make_due", soft_time_limit=1700, time_limit=1800)
@single_instance("market_reports.make_due")
def make_due() -> None:
    """Publish the report of the last quarter once it is due."""
    making.make_due(at=clock.now())


@shared_task(name="market_reports.renew_due", soft_time_limit=280, time_limit=300)
@single_instance("market_reports.renew_due")
def renew_due() -> None:
    """Charge the next month of subscriptions, or end them."""
    subscriptions.renew_due(at=clock.now())
