"""Issues that a reader reports: a moderator decides by the shop's rules, and an appeal takes a stop back."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from storefront.community import reportables
from storefront.community.models import Reported
from storefront.newsletters import permissions
from storefront.newsletters.models import Issue, IssueState
from storefront.newsletters.services import issues

_WORDS = reportables.Words(
    form_title=_("Report this newsletter"),
    page_title=_("The issue “%(title)s”"),
    heading=_("A decision about your newsletter"),
    opening=_("The issue “%(title)s” of your newsletter was reported, and a moderator has made a decision about it."),
    appeal_opening=_(
        "You appealed against a decision about the issue “%(title)s” of your newsletter. A second person has "
        "looked at it."
    ),
    told_reporter=_("On %(day)s you reported the issue “%(title)s” of a newsletter. A moderator has looked at it."),
    effects=_(
        "Whoever has not got it yet will not get it, and you send no other issue for 28 days. Your books and what you "
        "earn with them are not touched."
    ),
)


def register() -> None:
    """Let readers report issues. Called once, when the app is ready."""
    kind = reportables.Kind(
        words=_WORDS, find=_find, lock=_lock, may_report=permissions.may_report, set_hidden=_set_hidden
    )
    reportables.register(Reported.NEWSLETTER, kind)


def _find(public_id: str) -> reportables.Thing | None:
    issue = Issue.objects.select_related("newsletter__author").filter(public_id=public_id).first()
    if issue is None:
        return None
    words = f"{issue.subject}\n\n{issue.text}"
    return reportables.Thing(issue.newsletter.author, issue.subject, words, issue.state == IssueState.STOPPED)


def _lock(public_id: str) -> Issue | None:
    return Issue.objects.select_for_update().filter(public_id=public_id).first()


def _set_hidden(public_id: str, is_hidden: bool, at: datetime) -> None:
    issue = Issue.objects.get(public_id=public_id)
    if is_hidden:
        issues.stop(issue=issue)
    else:
        issues.restore(issue=issue)
