"""What an operator wants to know at a glance."""

from __future__ import annotations

import platform
import shutil
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.metadata import version

import structlog
from django.conf import settings
from django.db.models import Min
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import clock
from common.models import PendingMail
from conversion.models import ConversionJob, JobState
from hiring.contracts.selectors import clocks
from operations import dependencies
from operations.backups import selectors as backups
from operations.backups.models import FileFault
from operations.console.hooks import OpenItem, registered_items
from operations.dependencies import Unavailable
from operations.heartbeats import selectors as heartbeats
from operations.heartbeats.selectors import Pulse
from operations.metrics import queues
from payments.models import EventState, ProviderEvent
from royalties.models import LedgerCheck
from royalties.selectors import milestones

logger = structlog.stdlib.get_logger(__name__)

_LONG_WAIT = timedelta(minutes=30)
_LOW_SHARE = 0.1
_GB = 1024**3


@dataclass(frozen=True, slots=True)
class Disk:
    """Space where VAR_DIR is."""

    free_gb: float
    size_gb: float
    is_low: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole page."""

    items: list[OpenItem]
    queues: dict[str, int] | None  # None if the broker does not answer
    pulses: list[Pulse]
    disk: Disk
    versions: list[tuple[str, str]]


def overview() -> Overview:
    """Return what the page shows."""
    pulses, disk, depths = heartbeats.pulses(), _disk(), _depths()
    items = [*_machine_items(disk, depths), *_schedule_items(pulses), *_row_items(), *registered_items()]
    return Overview(
        items=sorted(items, key=lambda item: not item.is_urgent),
        queues=depths,
        pulses=sorted(pulses, key=lambda pulse: (not pulse.is_late, not pulse.has_failed, pulse.name)),
        disk=disk,
        versions=_versions(),
    )


def _machine_items(disk: Disk, depths: dict[str, int] | None) -> list[OpenItem]:
    found = []
    if depths is None:
        found.append(OpenItem(_("The broker does not answer."), "OctavoDependencyDown", is_urgent=True))
    if disk.is_low:
        found.append(OpenItem(_("Less than a tenth of the disk is free."), "OctavoDiskFull", is_urgent=True))
    if _fails(dependencies.migrations):
        found.append(OpenItem(_("Migrations have to be run."), "OctavoDependencyDown", is_urgent=True))
    if _fails(dependencies.own_clock):
        found.append(OpenItem(_("This machine’s clock is wrong."), "OctavoClockWrong", is_urgent=True))
    return found


def _schedule_items(pulses: list[Pulse]) -> list[OpenItem]:
    found = []
    if _fails(dependencies.beat):
        found.append(OpenItem(_("The schedule sends no tasks."), "OctavoScheduleLate", is_urgent=True))
    late = sum(pulse.is_late for pulse in pulses if pulse.name != heartbeats.BEAT)
    if late:
        text = ngettext("%(count)d scheduled task is late.", "%(count)d scheduled tasks are late.", late)
        found.append(OpenItem(text % {"count": late}, "OctavoTaskLate"))
    failed = sum(pulse.has_failed for pulse in pulses)
    if failed:
        text = ngettext("The last run of %(count)d task failed.", "The last runs of %(count)d tasks failed.", failed)
        found.append(OpenItem(text % {"count": failed}, "OctavoTaskFails"))
    return found


def _row_items() -> list[OpenItem]:
    found = []
    last = LedgerCheck.objects.first()
    if last and last.violations:
        found.append(
            OpenItem(_("The last check of the ledger found violations."), "OctavoLedgerBroken", is_urgent=True)
        )
    if count := ProviderEvent.objects.filter(state=EventState.GIVEN_UP).count():
        text = ngettext(
            "%(count)d event of the payment provider was given up.",
            "%(count)d events of the payment provider were given up.",
            count,
        )
        found.append(OpenItem(text % {"count": count}, "OctavoEventsGivenUp", is_urgent=True))
    if count := clocks.overdue_cases(at=clock.now()):
        text = ngettext(
            "%(count)d case about a contract is past its time.",
            "%(count)d cases about contracts are past their time.",
            count,
        )
        found.append(OpenItem(text % {"count": count}, "OctavoCaseOverdue"))
    if count := milestones.held_too_long(clock.now()):
        text = ngettext(
            "The money of %(count)d milestone is held for more than 90 days.",
            "The money of %(count)d milestones is held for more than 90 days.",
            count,
        )
        found.append(OpenItem(text % {"count": count}, "OctavoMoneyHeldLong"))
    if count := PendingMail.objects.filter(tries__gt=1).count():
        text = ngettext("%(count)d email was refused so far.", "%(count)d emails were refused so far.", count)
        found.append(OpenItem(text % {"count": count}, "OctavoMailsWait"))
    if count := FileFault.objects.count():
        text = ngettext("%(count)d stored file is not whole.", "%(count)d stored files are not whole.", count)
        found.append(OpenItem(text % {"count": count}, "OctavoFileFault", is_urgent=True))
    if settings.BACKUP_DIR and (text := _backup_words()):
        found.append(OpenItem(text, "OctavoBackupOld", is_urgent=True))
    if count := ConversionJob.objects.filter(state=JobState.RUNNING, lease_until__lt=Now()).count():
        text = ngettext("%(count)d conversion has lost its worker.", "%(count)d conversions have lost theirs.", count)
        found.append(OpenItem(text % {"count": count}, "OctavoConversionsWait"))
    oldest: datetime | None = ConversionJob.objects.startable().aggregate(first=Min("due_at"))["first"]
    if oldest and clock.now() - oldest > _LONG_WAIT:
        found.append(OpenItem(_("A conversion has waited for more than half an hour."), "OctavoConversionsWait"))
    return found


def _backup_words() -> str:
    """Return what is wrong with the newest backup."""
    age = backups.age_of_newest(clock.database_real_now())
    if age is None:
        return _("There is no backup yet.")
    return _("The newest backup is older than a day and a half.") if age > backups.OLD else ""


def _fails(check: Callable[[], str]) -> bool:
    try:
        check()
    except Unavailable:
        return True
    return False


def _depths() -> dict[str, int] | None:
    try:
        return queues.depths()
    except Exception as error:  # whatever a broker's library raises: the page is for such moments
        logger.warning("console.broker_unreachable", error=type(error).__name__)
        return None


def _disk() -> Disk:
    found = shutil.disk_usage(settings.VAR_DIR)
    return Disk(found.free / _GB, found.total / _GB, is_low=found.free < _LOW_SHARE * found.total)


def _versions() -> list[tuple[str, str]]:
    return [
        (settings.SITE_NAME, _own_version()),
        ("Python", platform.python_version()),
        ("Django", version("django")),
        ("Celery", version("celery")),
        (_("Database"), dependencies.database()),
    ]


@cache
def _own_version() -> str:
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])
