"""What readers choose about emails of the library: cheaper books, new books, and editions of books they have."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.mail_choices import OFF, ON, MailChoice, Source, add_source
from accounts.models import User
from common.errors import NotFound
from storefront.library.models import EditionMailStop, NewBookMail
from storefront.library.selectors import follows as follow_selectors
from storefront.library.selectors import wishlists
from storefront.library.services import edition_mails, follows

_PRICES, _NEW_BOOKS, _EDITIONS = "prices", "new_books", "editions-"


def register() -> None:
    """Register the choices. Called once, when the app is ready."""
    add_source(Source("library", _find, _choose))


def _find(user: User) -> Iterator[MailChoice]:
    yield MailChoice(
        _PRICES,
        _("Your wish list"),
        _("When a book costs less, or is out"),
        ON if wishlists.wants_price_alerts(user) else OFF,
    )
    yield MailChoice(
        _NEW_BOOKS,
        _("Authors you follow"),
        _("When they publish a book"),
        follow_selectors.mail_choice(user),
        tuple(NewBookMail.choices),
        NewBookMail.NEVER,
    )
    for stop in EditionMailStop.objects.filter(user=user).order_by("name", "pk"):
        name = _("New editions by %(name)s") % {"name": stop.name}
        yield MailChoice(f"{_EDITIONS}{stop.pk}", name, _("Of books you have, when the author wants it"), OFF)


def _choose(*, actor: User, code: str, option: str, at: datetime) -> None:
    if code == _PRICES:
        follows.choose_price_alerts(actor=actor, wants=option == ON)
    elif code == _NEW_BOOKS:
        follows.choose_mail(actor=actor, new_books=NewBookMail(option), at=at)
    elif option == ON:
        edition_mails.subscribe_again(_stopped(actor, code.removeprefix(_EDITIONS)))


def _stopped(user: User, key: str) -> edition_mails.Subscription:
    rows = EditionMailStop.objects.filter(user=user).select_related("work")
    stop = rows.filter(pk=int(key)).first() if key.isdecimal() else None
    if stop is None:
        raise NotFound
    return edition_mails.Subscription(user, stop.work, stop.name)
