"""Newsletters of authors."""

from __future__ import annotations

from accounts.models import User
from common import clock
from storefront.newsletters.models import Issue
from storefront.newsletters.services import issues


def make_issue(author: User, *, about: str = "Letters.", subject: str = "Hello", text: str = "Dear readers") -> Issue:
    """A draft in the author's newsletter, which readers can subscribe to."""
    issues.save_newsletter(actor=author, about=about, is_open=True, at=clock.now())
    told = issues.IssueInput(subject=subject, text=text)
    return issues.save_issue(actor=author, issue=None, told=told, at=clock.now())
