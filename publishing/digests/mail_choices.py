"""The emails about texts that a person works on, as choices."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.mail_choices import OFF, ON, MailChoice, Source, add_source
from accounts.models import User
from common.errors import NotFound
from publishing import permissions as publishing_permissions
from publishing import selectors as publishing_selectors
from publishing.digests.models import Digest
from publishing.digests.services import mails


def register() -> None:
    """Register the choices. Called once, when the app is ready."""
    add_source(Source("digests", _find, _choose))


def _find(user: User) -> Iterator[MailChoice]:
    for digest in Digest.objects.filter(user=user).select_related("work").order_by("pk"):
        work = digest.work
        if publishing_permissions.may_comment(user, work):
            title = publishing_selectors.display_name(work, publishing_selectors.newest_of(work))
            name = _("The text of “%(title)s”") % {"title": title}
            detail = _("Suggestions and comments, once an hour at most")
            yield MailChoice(work.public_id, name, detail, OFF if digest.stopped_at else ON)


def _choose(*, actor: User, code: str, option: str, at: datetime) -> None:
    digest = Digest.objects.filter(user=actor, work__public_id=code).select_related("work").first()
    if digest is None:
        raise NotFound
    if option == OFF:
        mails.unsubscribe(user=actor, work=digest.work, at=at)
    else:
        mails.subscribe_again(user=actor, work=digest.work, at=at)
