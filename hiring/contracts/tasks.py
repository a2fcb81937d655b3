"""Celery tasks of contracts: their clocks."""

from __future__ import annotations

from celery import shared_task

from common import clock
from common.locks import single_instance
from hiring.contracts import selectors, services


@shared_task(name="contracts.run_clocks", soft_time_limit=300, time_limit=360)
@single_instance("contracts.run_clocks")
def run_clocks() -> None:
    """Send due reminders, take the clock's steps, milestone by milestone; tell of absent providers and of shares."""
    for milestone_id in selectors.due_milestones(at=clock.database_now()):
        services.run_clock(milestone_id=milestone_id, at=clock.database_now())
    services.tell_clients_of_absent(at=clock.database_now())
    services.tell_of_shares(at=clock.database_now())
