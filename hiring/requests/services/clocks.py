"""What happens to requests and proposals by the clock."""

from __future__ import annotations

from datetime import datetime

from common import jobs
from hiring.requests.services import emails, proposals, requests, shortlists


def run_due(*, at: datetime) -> None:
    """Ask the next eight, end what is too old, and mail what was not mailed. Safe to run twice."""
    shortlists.run_due(at=at)
    proposals.expire_due(at=at)
    requests.expire_due(at=at)
    for task, arguments in emails.unmailed(at=at):
        jobs.enqueue(task, **arguments)
