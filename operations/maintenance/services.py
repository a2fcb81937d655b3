"""Opening and closing the shop."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import transaction

from accounts import permissions
from accounts import services as account_services
from accounts.models import User
from common.errors import NotAllowed
from operations.maintenance import selectors
from operations.maintenance.models import Mode, SiteMode

logger = structlog.stdlib.get_logger(__name__)


def set_mode(
    *, actor: User | None, mode: Mode, message: str = "", ends_at: datetime | None = None, at: datetime
) -> None:
    """Say what the shop is open for. `actor` is None for the command. Raises NotAllowed."""
    if actor is not None and not permissions.is_operator(actor):
        raise NotAllowed
    values = {"mode": mode, "message": message, "ends_at": ends_at, "set_at": at}
    with transaction.atomic():
        row, _created = SiteMode.objects.update_or_create(pk=1, defaults=values)
        account_services.record_audit(actor=actor, verb="site.mode_set", subject=row, facts={"mode": mode.value})
    selectors.forget()
    logger.info("site.mode_set", mode=mode.value)
