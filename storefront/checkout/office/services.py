"""Emails to finance staff about readers' money that needs their attention."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import permissions as account_permissions
from accounts import regions
from accounts.models import User
from common import clock
from common.emails import enqueue
from storefront.checkout.models import GoodwillDay
from storefront.checkout.office import selectors as office


@transaction.atomic
def mail_goodwill(*, day_id: int) -> bool:
    """Tell all finance staff that returns wait because the day's goodwill is used up; return whether they were told
    now."""
    day = GoodwillDay.objects.select_for_update().get(pk=day_id)
    if day.exhausted_at is None or day.told_at is not None:
        return False
    waiting = office.waiting_refunds()
    for person in filter(account_permissions.is_finance, User.objects.filter(is_finance=True).order_by("pk")):
        with regions.active(person.region):
            context = {"day": day.day, "waiting": waiting}
            enqueue("goodwill_used_up", _("Today’s goodwill limit has been reached"), person.email, context)
    day.told_at = clock.now()
    day.save(update_fields=["told_at"])
    return True
