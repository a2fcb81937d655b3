"""Comments on texts in progress, in the inbox of everybody who works on them. They stay where they are.

Their emails are those of the desk (`publishing/digests`), so the inbox sends none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from hiring.conversations import hooks
from hiring.conversations.services import seen as seen_services
from publishing.comments import hooks as comment_hooks
from publishing.digests import talks
from publishing.models import Work


def register() -> None:
    """List comments in inboxes, and learn when they are seen. Called once, when the app is ready."""
    hooks.list_elsewhere(_listed)
    comment_hooks.when_seen(_seen)


def _listed(user: User, seen: Mapping[str, datetime], only_news: bool) -> Iterator[hooks.Elsewhere]:
    for talk in talks.talks_of(user, seen, only_news=only_news, at=clock.now()):
        newest, work = talk.newest, talk.work
        is_own = newest.is_by(user)
        yield hooks.Elsewhere(
            thing=work.public_id,
            people=_("You") if is_own else str(newest.author or _("Deleted account")),
            title=_("Comments on “%(title)s”") % {"title": work.title or work.public_id},
            words=newest.body,
            at=newest.written_at,
            href=reverse("comments:threads", args=[work.public_id]),
            news=talk.news,
            is_own=is_own,
        )


def _seen(user: User, work: Work, at: datetime) -> None:
    seen_services.note_seen(user=user, thing=work.public_id, at=at)
