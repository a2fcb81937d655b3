"""What a person asked us, with our answers, in their inbox. Answers go by email as well, so the inbox sends none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from helpdesk import selectors
from hiring.conversations import hooks


def register() -> None:
    """List contact requests in inboxes. Called once, when the app is ready."""
    hooks.list_elsewhere(_listed)


def _listed(user: User, seen: Mapping[str, datetime], only_news: bool) -> Iterator[hooks.Elsewhere]:
    for row in selectors.requests_of(user, only_answered=only_news):
        is_answered = bool(row.answer and row.closed_at)
        last_seen = seen.get(row.public_id)
        is_new = is_answered and (last_seen is None or (row.closed_at is not None and last_seen < row.closed_at))
        if is_new or not only_news:
            yield hooks.Elsewhere(
                thing=row.public_id,
                people=settings.SITE_NAME,
                title=str(row.get_topic_display()),
                words=row.answer if is_answered else row.body,
                at=row.closed_at if is_answered and row.closed_at is not None else row.created_at,
                href=reverse("contact-request", args=[row.public_id]),
                news=int(is_new),
                is_own=not is_answered,
            )
