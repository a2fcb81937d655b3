"""The email about messages that nobody has read for ten minutes: one for each person, however many conversations."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import regions
from accounts.models import User
from accounts.services import mail_choices
from common import emails, jobs
from hiring.conversations import selectors
from hiring.conversations.selectors import InboxRow

UNREAD_MESSAGES = "unread_messages"
WAIT = timedelta(minutes=10)
_BATCH = 500


def enqueue_due(*, at: datetime) -> None:
    """Enqueue one email for each person who has messages that wait."""
    people = selectors.to_mail(at - WAIT).order_by("user").values_list("user", flat=True).distinct()
    for user_id in people[:_BATCH]:
        jobs.enqueue("conversations.mail_unread", user_id=user_id)


@transaction.atomic
def mail(*, user_id: int, at: datetime) -> bool:
    """Tell one person of what waits; return whether an email was queued now.

    The person's row is the lock, so that of two workers the second finds nothing. Nothing of what was written is in
    the email: it may be part of a manuscript.
    """
    user = User.objects.select_for_update(no_key=True).filter(pk=user_id).first()
    if user is None:
        return False
    due = list(selectors.to_mail(at - WAIT).filter(user=user).select_related("conversation"))
    if not due:
        return False
    selectors.to_mail(at - WAIT).filter(pk__in=[row.pk for row in due]).update(mailed_at=at)
    if not user.is_active or not emails.is_address(user.mail_to):
        return False
    if not mail_choices.is_wanted(user, UNREAD_MESSAGES):
        return False
    rows = [row for row in selectors.inbox_rows(user, due) if row.is_unread]
    with regions.active(user.region):
        if rows:
            link = mail_choices.stop_link(user=user, code=UNREAD_MESSAGES)
            context = {"rows": rows, "stop_link": link}
            emails.enqueue("unread_messages", _subject(rows), user.mail_to, context, headers=emails.one_click(link))
    return bool(rows)


def _subject(rows: list[InboxRow]) -> str:
    if len(rows) == 1:
        return _("A message from %(name)s waits for you") % {"name": ", ".join(str(one) for one in rows[0].people)}
    words = ngettext(
        "Messages in %(count)d conversation wait for you", "Messages in %(count)d conversations wait for you", len(rows)
    )
    return words % {"count": len(rows)}
