"""The front and back pages of a work that are made from the record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts.models import User
from publishing import permissions
from publishing.models import MatterSetting, Work
from publishing.services import editions


@transaction.atomic
def set_matter(*, actor: User, work: Work, settings: Iterable[MatterSetting], at: datetime) -> Work:
    """Set which front and back pages the work has. A draft is made again; editions on sale do not change.

    Raises NotAllowed.
    """
    work = editions.lock_work(work)
    permissions.require_edit(actor, work)
    work.matter = tuple(settings)
    work.save(update_fields=["matter"])
    editions.refresh_draft(actor=actor, work=work, at=at)
    return work
