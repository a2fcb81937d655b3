"""The newsletters that a reader gets, as choices about emails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.mail_choices import OFF, ON, MailChoice, Source, add_source
from accounts.models import User
from storefront.newsletters.models import Subscription
from storefront.newsletters.services import subscriptions


def register() -> None:
    """Register the choices. Called once, when the app is ready."""
    add_source(Source("newsletters", _find, _choose))


def _find(user: User) -> Iterator[MailChoice]:
    rows = Subscription.objects.filter(reader=user).select_related("newsletter__author")
    for one in rows.order_by("newsletter__author__display_name", "pk"):
        author = one.newsletter.author
        name = _("Newsletter of %(name)s") % {"name": author.display_name}
        yield MailChoice(author.public_id, name, _("Once a week at most"), ON)


def _choose(*, actor: User, code: str, option: str, at: datetime) -> None:
    if option == OFF:
        subscriptions.unsubscribe(reader=actor, author_id=code)
