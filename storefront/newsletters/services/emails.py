"""The emails of newsletters, each sent once."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import regions
from accounts.models import User
from common.emails import is_address, one_click, send
from storefront.catalogue.selectors.cards import cover_name
from storefront.newsletters.models import Delivery, Issue, IssueState, Subscription
from storefront.newsletters.services import subscriptions


@transaction.atomic
def mail_issue(*, delivery_id: int, at: datetime) -> bool:
    """Email one issue to one reader; return whether it was sent now.

    The row is locked and changed only if the mail server took the email; one that refuses is asked again. While a
    moderator has stopped the issue its deliveries wait: an appeal may send it on.
    """
    rows = Delivery.objects.select_for_update(of=("self",))
    rows = rows.select_related("reader", "issue__newsletter__author", "issue__work__listing")
    delivery = rows.filter(pk=delivery_id, mailed_at=None, issue__state=IssueState.SENT).first()
    if delivery is None:
        return False
    delivery.mailed_at = at
    delivery.save(update_fields=["mailed_at"])
    issue, reader = delivery.issue, delivery.reader
    is_wanted = Subscription.objects.filter(newsletter=issue.newsletter_id, reader=reader).exists()
    if not is_wanted or not reader.is_active or not is_address(reader.email):
        return False
    _send(issue, reader, issue.subject)
    return True


def send_sample(*, author: User, issue: Issue) -> None:
    """Send the issue to its author alone, as readers would get it."""
    with regions.active(author.region):
        subject = _("Preview: %(subject)s") % {"subject": issue.subject}
    _send(issue, author, subject)


def context_of(issue: Issue, reader: User) -> dict[str, object]:
    """Return what the templates of the email show."""
    work = issue.work
    is_on_sale = work is not None and hasattr(work, "listing") and work.listing.is_on_sale
    return {
        "issue": issue,
        "author": issue.newsletter.author,
        "work": work if is_on_sale else None,
        "cover": cover_name(work) if is_on_sale else "",
        "stop_link": subscriptions.stop_link(reader=reader, newsletter=issue.newsletter),
    }


def _send(issue: Issue, reader: User, subject: str) -> None:
    context = context_of(issue, reader)
    host = urlsplit(settings.SITE_URL).hostname
    headers = {
        "List-Id": f"<{issue.newsletter.author.public_id}.newsletters.{host}>",
        **one_click(str(context["stop_link"])),
    }
    with regions.active(reader.region):
        send("newsletter", subject, reader.email, context, headers=headers)
