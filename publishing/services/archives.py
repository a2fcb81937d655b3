"""The archive: works that are not on sale, out of the list of books and kept with all that belongs to them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from publishing import permissions, selectors
from publishing.errors import WorkForSale
from publishing.models import Work
from publishing.services import editions


@transaction.atomic
def archive_work(*, actor: User, work: Work, at: datetime) -> Work:
    """Put the work out of the lists of its makers. Safe to repeat. Raises WorkForSale while readers can order it."""
    work = editions.lock_work(work)
    permissions.require_publish(actor, work)
    if selectors.published_of(work) is not None or selectors.announced_of(work) is not None:
        raise WorkForSale
    if work.archived_at is None:
        work.archived_at = at
        work.save(update_fields=["archived_at"])
        account_services.record_audit(actor=actor, verb="work.archived", subject=work)
    return work


@transaction.atomic
def take_from_archive(*, actor: User, work: Work) -> Work:
    """Put the work back into the lists. Safe to repeat."""
    work = editions.lock_work(work)
    permissions.require_publish(actor, work)
    if work.archived_at is not None:
        work.archived_at = None
        work.save(update_fields=["archived_at"])
        account_services.record_audit(actor=actor, verb="work.unarchived", subject=work)
    return work
