"""What the database, the broker and the disk say about the shop, as figures for Prometheus.

Each group is read on its own: one that fails is left out and counted, and the others are still there.
"""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from importlib.metadata import version

import structlog
from django.conf import settings
from django.db.models import Count, Max, Min
from django.db.models.functions import Now
from prometheus_client.core import GaugeMetricFamily, Metric

from common import clock
from common.models import PendingMail
from conversion.models import ConversionJob, JobState
from hiring.contracts.selectors import clocks
from operations.backups import selectors as backups
from operations.backups.models import Fault, FileFault
from operations.heartbeats import selectors as heartbeats
from operations.metrics import queues
from payments.models import EventState, ProviderEvent
from royalties.models import ChainMark, JournalEntry, LedgerCheck
from royalties.selectors import milestones

logger = structlog.stdlib.get_logger(__name__)

_WAITING_EVENTS = (EventState.PENDING, EventState.PARKED)


def read_all() -> Iterator[Metric]:
    """Read everything anew."""
    failed = GaugeMetricFamily("octavo_state_failed", "Groups of figures that could not be read.", labels=["group"])
    for name, read in _GROUPS.items():
        try:
            yield from list(read())
        except Exception as error:  # the figures of the other groups are wanted all the more
            logger.warning("metrics.not_read", group=name, error=type(error).__name__)
            failed.add_metric([name], 1)
        else:
            failed.add_metric([name], 0)
    yield failed


def _conversions() -> Iterator[Metric]:
    yield _by_label(
        "octavo_conversion_jobs",
        "Conversions that are not finished.",
        "state",
        dict.fromkeys(map(str, (JobState.QUEUED, JobState.RUNNING)), 0)
        | dict(ConversionJob.objects.unfinished().order_by().values_list("state").annotate(Count("pk"))),
    )
    waiting = ConversionJob.objects.startable()
    yield _gauge(
        "octavo_conversion_oldest_waiting_seconds",
        "Age of the conversion that has waited longest, whoever's turn it is.",
        _age(waiting.aggregate(first=Min("due_at"))["first"], clock.now()),
    )
    yield _gauge(
        "octavo_conversion_jobs_abandoned",
        "Conversions that run by their state, but whose worker is gone.",
        ConversionJob.objects.filter(state=JobState.RUNNING, lease_until__lt=Now()).count(),
    )


def _provider_events() -> Iterator[Metric]:
    kept = (*_WAITING_EVENTS, EventState.GIVEN_UP)
    counted = ProviderEvent.objects.filter(state__in=kept).order_by().values_list("state").annotate(Count("pk"))
    yield _by_label(
        "octavo_provider_events",
        "Events of the payment provider that are not processed.",
        "state",
        dict.fromkeys(map(str, kept), 0) | dict(counted),
    )
    oldest = ProviderEvent.objects.filter(state=EventState.PENDING).aggregate(first=Min("received_at"))["first"]
    yield _gauge("octavo_provider_events_oldest_seconds", "Age of the oldest pending event.", _age(oldest, clock.now()))


def _ledger() -> Iterator[Metric]:
    settled = ChainMark.objects.aggregate(last=Max("settled_entry"))["last"] or 0
    unchained = JournalEntry.objects.filter(link=None, pk__gt=settled)
    yield _gauge("octavo_ledger_unchained_entries", "Entries of the ledger that are not chained.", unchained.count())
    last = LedgerCheck.objects.first()
    yield _gauge(
        "octavo_ledger_violations",
        "Violations that the last check of the ledger found.",
        last.violations if last else 0,
    )
    yield _gauge(
        "octavo_ledger_check_age_seconds",
        "Time since the last check of the ledger; 0 before the first one.",
        _age(last.at if last else None, clock.now()),
    )


def _contracts() -> Iterator[Metric]:
    now = clock.now()
    yield _gauge(
        "octavo_contract_cases_overdue",
        "Cases between members that nobody has decided in the promised time.",
        clocks.overdue_cases(at=now),
    )
    yield _gauge(
        "octavo_milestones_held_too_long",
        "Milestones whose money has been held for more than 90 days.",
        milestones.held_too_long(now),
    )


def _mails() -> Iterator[Metric]:
    now = clock.now()
    yield _gauge("octavo_mails_waiting", "Emails that are not sent yet.", PendingMail.objects.count())
    yield _gauge(
        "octavo_mails_retried", "Of these, refused at least once.", PendingMail.objects.filter(tries__gt=1).count()
    )
    oldest = PendingMail.objects.aggregate(first=Min("made_at"))["first"]
    yield _gauge("octavo_mails_oldest_seconds", "Age of the oldest email that is not sent.", _age(oldest, now))


def _heartbeats() -> Iterator[Metric]:
    late = GaugeMetricFamily("octavo_heartbeat_late", "Scheduled tasks that should have run.", labels=["task"])
    failed = GaugeMetricFamily("octavo_heartbeat_failed", "Scheduled tasks whose last run failed.", labels=["task"])
    took = GaugeMetricFamily("octavo_heartbeat_seconds", "How long the last run took.", labels=["task"])
    for pulse in heartbeats.pulses():
        late.add_metric([pulse.name], pulse.is_late)
        failed.add_metric([pulse.name], pulse.has_failed)
        if pulse.duration is not None:
            took.add_metric([pulse.name], pulse.duration.total_seconds())
    yield from (late, failed, took)


def _queues() -> Iterator[Metric]:
    yield _by_label(
        "octavo_queue_messages", "Messages that wait for a worker, as the broker says.", "queue", queues.depths()
    )


def _backups() -> Iterator[Metric]:
    faults = dict(FileFault.objects.order_by().values_list("fault").annotate(Count("pk")))
    yield _by_label(
        "octavo_file_faults",
        "Stored files that the last check found missing or damaged.",
        "fault",
        dict.fromkeys(map(str, Fault), 0) | faults,
    )
    if settings.BACKUP_DIR:
        age = backups.age_of_newest(clock.database_real_now())
        seconds = float("inf") if age is None else age.total_seconds()
        yield _gauge("octavo_backup_age_seconds", "Age of the newest backup.", seconds)


def _machine() -> Iterator[Metric]:
    disk = shutil.disk_usage(settings.VAR_DIR)
    yield _gauge("octavo_disk_free_bytes", "Free space where VAR_DIR is.", disk.free)
    yield _gauge("octavo_disk_size_bytes", "Size of the file system where VAR_DIR is.", disk.total)
    yield _gauge(
        "octavo_clock_skew_seconds",
        "By how much this machine's clock is ahead of the database's.",
        clock.skew().total_seconds(),
    )
    build = GaugeMetricFamily("octavo_build_info", "What runs here.", labels=["python", "django", "celery"])
    build.add_metric([platform.python_version(), version("django"), version("celery")], 1)
    yield build


_GROUPS: dict[str, Callable[[], Iterator[Metric]]] = {
    "machine": _machine,
    "heartbeats": _heartbeats,
    "conversions": _conversions,
    "events": _provider_events,
    "ledger": _ledger,
    "contracts": _contracts,
    "mails": _mails,
    "queues": _queues,
    "backups": _backups,
}


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=value)


def _by_label(name: str, text: str, label: str, values: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=[label])
    for key, value in values.items():
        family.add_metric([str(key)], value)
    return family


def _age(moment: datetime | None, now: datetime) -> float:
    return max((now - moment).total_seconds(), 0) if moment else 0
