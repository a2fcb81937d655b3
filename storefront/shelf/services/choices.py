"""Writes what people decide about the books in their library."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from publishing.models import Work
from storefront.shelf import permissions
from storefront.shelf.models import BookChoice, LibraryView, ReadingStatus


@transaction.atomic
def set_status(*, actor: User, work_id: str, status: ReadingStatus | None, at: datetime) -> BookChoice:
    """Set the status of a book, or with None let it follow from the reading again. Raises NotFound."""
    choice = _locked(actor, permissions.require_readable(actor, work_id))
    is_newly_finished = status == ReadingStatus.FINISHED != choice.status
    choice.status, choice.status_at = status or "", at if status else None
    if is_newly_finished:
        choice.finished_on = at.date()
    elif status != ReadingStatus.FINISHED:
        choice.finished_on = None
    choice.save()
    return choice


@transaction.atomic
def set_finished_day(*, actor: User, work_id: str, day: date, at: datetime) -> BookChoice:
    """Note the day on which the person finished a book: it is finished then. Raises NotFound."""
    choice = _locked(actor, permissions.require_readable(actor, work_id))
    if choice.status != ReadingStatus.FINISHED:
        choice.status, choice.status_at = ReadingStatus.FINISHED, at
    choice.finished_on = day
    choice.save()
    return choice


@transaction.atomic
def set_hidden(*, actor: User, work_id: str, is_hidden: bool, at: datetime) -> BookChoice:
    """Take a book off the shelf, or put it back. Raises NotFound."""
    choice = _locked(actor, permissions.require_readable(actor, work_id))
    choice.hidden_at = (choice.hidden_at or at) if is_hidden else None
    choice.save()
    return choice


def set_view(*, actor: User, is_list: bool) -> None:
    """Remember how the person likes to see the library."""
    LibraryView.objects.update_or_create(user=actor, defaults={"is_list": is_list})


def _locked(actor: User, work: Work) -> BookChoice:
    choice, _is_new = BookChoice.objects.select_for_update().get_or_create(user=actor, work=work)
    return choice
