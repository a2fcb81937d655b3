"""Copies of a person's data: requested, made by a worker, announced by email, deleted when they expire.

The row is the source of truth. A worker holds it by a lease with a fencing token, by the database's clock. The file is
written completely, then the row names it in one statement that checks the token.
"""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta
from functools import partial

import structlog
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts import regions
from accounts.errors import ClaimLost, CopyUnderWay, TooManyCopies
from accounts.models import CopyState, DataCopy, User
from accounts.services import audit, data_copy_archive
from common import clock, jobs, storage
from common.emails import send

logger = structlog.stdlib.get_logger(__name__)

KEPT_FOR = timedelta(days=7)
MAX_COPIES_PER_DAY = 3
_ATTEMPTS = 3
_LEASE = timedelta(minutes=10)  # more than the task's time limit
_REST = timedelta(minutes=1)
_FOLDER = "copies"
_ORPHANED_AFTER = timedelta(days=1)


@transaction.atomic
def request_copy(*, actor: User, at: datetime, by: User | None = None, reason: str = "") -> DataCopy:
    """Request a copy. Only one is made at a time.

    An operator who requests it for the person gives a reason, and never gets the copy. Raises CopyUnderWay,
    TooManyCopies.
    """
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)  # two clicks
    if DataCopy.objects.filter(user=actor, state=CopyState.WAITING).exists():
        raise CopyUnderWay
    if DataCopy.objects.filter(user=actor, asked_at__gt=at - timedelta(days=1)).count() >= MAX_COPIES_PER_DAY:
        raise TooManyCopies(most=MAX_COPIES_PER_DAY)
    asked = DataCopy.objects.create(user=actor, asked_at=at)
    facts: dict[str, str | int] = {"person": actor.public_id, "reason": reason} if by else {}
    audit.record_audit(actor=by or actor, verb="data_copy.asked", subject=asked, facts=facts)
    jobs.enqueue("accounts.make_copy", copy_id=asked.pk)
    return asked


def make_copy(*, copy_id: int) -> None:
    """Try to make the copy, unless another worker holds it. Safe to run twice."""
    token = _claim(copy_id)
    if token is None:
        return
    asked = DataCopy.objects.select_related("user").get(pk=copy_id)
    try:
        with tempfile.TemporaryFile() as file:
            with regions.active(asked.user.region):
                data_copy_archive.write(file, asked.user, clock.now())
            file.seek(0)
            sha256 = storage.sha256_of(storage.chunks_of(file))
            name = f"{_FOLDER}/{asked.public_id}-{token}-{sha256}.zip"
            size_bytes = file.seek(0, 2)
            _finish(asked, token, storage.store(storage.private(), name, file, sha256), sha256, size_bytes)
    except ClaimLost:
        logger.info("data_copy.claim_lost", copy=asked.public_id, token=token)
    except Exception:
        logger.exception("data_copy.failed", copy=asked.public_id, attempt=asked.attempt)
        is_last = asked.attempt >= _ATTEMPTS
        end = {"state": CopyState.FAILED, "lease_until": None} if is_last else {"lease_until": Now() + _REST}
        DataCopy.objects.held(copy_id, token).update(**end)


@transaction.atomic
def mail_copy(*, copy_id: int) -> bool:
    """Email the person that the copy is ready to download. Return whether the email was sent now."""
    rows = DataCopy.objects.select_for_update(of=("self",)).select_related("user")
    made = rows.filter(pk=copy_id, state=CopyState.MADE, mailed_at=None).first()
    if made is None:
        return False
    with regions.active(made.user.region):
        send("data_copy", _("The copy of your data is ready"), made.user.email, {"copy": made})
    made.mailed_at = clock.now()
    made.save(update_fields=["mailed_at"])
    return True


def retry_stuck(*, at: datetime) -> None:
    """Retry copies whose message was lost, and delete expired ones."""
    spent = DataCopy.objects.claimable().filter(attempt__gte=_ATTEMPTS)
    spent.update(state=CopyState.FAILED, lease_until=None)
    for copy_id in DataCopy.objects.claimable().values_list("pk", flat=True):
        jobs.enqueue("accounts.make_copy", copy_id=copy_id)
    for copy_id in DataCopy.objects.filter(state=CopyState.MADE, mailed_at=None).values_list("pk", flat=True):
        jobs.enqueue("accounts.mail_copy", copy_id=copy_id)
    over = DataCopy.objects.filter(expires_at__lte=at)
    failed = DataCopy.objects.filter(state=CopyState.FAILED, asked_at__lte=at - KEPT_FOR)
    for done in [*over, *failed]:
        delete_copy(done)


def delete_copy(done: DataCopy) -> None:
    """Delete one copy and its file: the file first, so that no file is left without a row."""
    if done.file:
        storage.private().delete(done.file)
    done.delete()


def drop_all(*, user: User) -> None:
    """Delete all copies of a person who is being erased; their files after commit."""
    rows = DataCopy.objects.filter(user=user)
    files = list(rows.exclude(file="").values_list("file", flat=True))
    rows.delete()
    for name in files:
        transaction.on_commit(partial(storage.private().delete, name))


def drop_orphans() -> int:
    """Delete files that no row names, left by workers that were killed between file and row. Return how many."""
    files = storage.private()
    try:
        _folders, names = files.listdir(_FOLDER)
    except FileNotFoundError:
        return 0
    dropped = 0
    for name in (f"{_FOLDER}/{name}" for name in names):
        is_old = files.get_modified_time(name) < clock.real_now() - _ORPHANED_AFTER
        if is_old and not DataCopy.objects.filter(file=name).exists():
            files.delete(name)
            dropped += 1
    return dropped


def _claim(copy_id: int) -> int | None:
    """Return the fencing token of a new attempt, or None if the copy is made, given up or held by another worker."""
    free = DataCopy.objects.claimable().filter(pk=copy_id, attempt__lt=_ATTEMPTS)
    won = free.update(attempt=F("attempt") + 1, fencing_token=F("fencing_token") + 1, lease_until=Now() + _LEASE)
    return DataCopy.objects.values_list("fencing_token", flat=True).get(pk=copy_id) if won else None


def _finish(asked: DataCopy, token: int, name: str, sha256: str, size_bytes: int) -> None:
    """Let the row name the file from now on. Raises ClaimLost and deletes the file if the token is no longer valid."""
    at = clock.now()
    with transaction.atomic():
        is_ours = DataCopy.objects.held(asked.pk, token).update(
            state=CopyState.MADE,
            lease_until=None,
            file=name,
            sha256=sha256,
            size_bytes=size_bytes,
            made_at=at,
            expires_at=at + KEPT_FOR,
        )
        if is_ours:
            jobs.enqueue("accounts.mail_copy", copy_id=asked.pk)
    if not is_ours:
        storage.private().delete(name)
        raise ClaimLost
