"""Records the runs of scheduled tasks, and tells an outside service about them.

The outside service raises the alarm when it hears nothing more: nothing inside the shop can report that the whole shop
is down. Any service with the addresses of healthchecks.io works.
"""

from __future__ import annotations

from collections.abc import Iterable
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import structlog
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from operations.heartbeats import schedule
from operations.heartbeats.models import Heartbeat, Outcome

logger = structlog.stdlib.get_logger(__name__)

_PING_TIMEOUT_S = 5
_CREATE = "create=1"  # asks the service to know a heartbeat from when it first hears of it


def expect(names: Iterable[str]) -> None:
    """Have a row for each of these names and no others, so that what never runs is late as well."""
    wanted = set(names)
    Heartbeat.objects.exclude(name__in=wanted).delete()
    missing = wanted - set(Heartbeat.objects.values_list("name", flat=True))
    for name in sorted(missing):
        Heartbeat.objects.get_or_create(name=name, defaults={"expected_from": Now()})


def record_start(name: str) -> None:
    """Note that a run began."""
    _write(name, began_at=Now())


def record_end(name: str, *, duration_ms: int, has_succeeded: bool) -> None:
    """Note how a run ended."""
    if has_succeeded:
        _write(name, ended_at=Now(), duration_ms=duration_ms, outcome=Outcome.SUCCEEDED, succeeded_at=Now())
    else:
        _write(name, ended_at=Now(), duration_ms=duration_ms, outcome=Outcome.FAILED)


def record_beat() -> None:
    """Note that the schedule's process sends tasks."""
    _write(schedule.BEAT, began_at=Now(), ended_at=Now(), duration_ms=0, outcome=Outcome.SUCCEEDED, succeeded_at=Now())


def ping_all() -> int:
    """Tell the outside service of all runs that ended since it was last told. Return how many it heard of.

    Stops at the first that it does not answer, so that a service that is down costs one timeout a minute.
    """
    if not settings.HEARTBEAT_URL:
        return 0
    told = 0
    for beat in Heartbeat.objects.filter(_untold()).order_by(F("pinged_at").asc(nulls_first=True), "name"):
        if not _ping(beat):
            break
        Heartbeat.objects.filter(pk=beat.pk).update(pinged_at=beat.ended_at)
        told += 1
    return told


def _untold() -> Q:
    return Q(ended_at__isnull=False) & (Q(pinged_at=None) | Q(ended_at__gt=F("pinged_at")))


def _ping(beat: Heartbeat) -> bool:
    """Return whether the service answered."""
    slug = beat.name.replace(".", "-").replace("_", "-")
    failed = "/fail" if beat.outcome == Outcome.FAILED else ""
    address = f"{settings.HEARTBEAT_URL.rstrip('/')}/{slug}{failed}?{_CREATE}"
    try:
        request = Request(address, headers={"User-Agent": "octavo"})  # noqa: S310 # the operator's own setting
        with urlopen(request, timeout=_PING_TIMEOUT_S):  # noqa: S310
            return True
    except HTTPError as error:
        logger.warning("heartbeats.ping_refused", heartbeat=beat.name, status=error.code)
        return True  # it answers, but does not want this one: the others may still be told
    except (OSError, HTTPException) as error:
        logger.warning("heartbeats.ping_failed", heartbeat=beat.name, error=type(error).__name__)
        return False


def _write(name: str, **values: str | int | models.Func) -> None:
    if not Heartbeat.objects.filter(pk=name).update(**values):
        Heartbeat.objects.update_or_create(
            name=name, defaults=values, create_defaults={**values, "expected_from": Now()}
        )
