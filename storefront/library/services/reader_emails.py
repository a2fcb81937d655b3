"""Emails that readers asked for, about cheaper and new books. Each has a link to unsubscribe with one click.

Email programs use the link when their user presses "unsubscribe" (RFC 8058), so it works without logging in.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import regions
from accounts.models import User
from common import clock
from common.emails import one_click, send
from common.errors import NotFound
from storefront.checkout.orders.selectors import reader_country
from storefront.library.models import AlertKind, FollowNotice, NewBookMail, ReaderMail, WishAlert
from storefront.library.services import follows

_SIGNER = signing.Signer(salt="storefront.stop_mail")
_WEEK = timedelta(days=7)
_MAX_IN_ONE = 50


class MailKind(StrEnum):
    """Kinds of email from which readers can unsubscribe separately."""

    PRICES = "prices"
    NEW_BOOKS = "new_books"


def unsubscribe_link(*, user: User, kind: MailKind) -> str:
    """Return the URL that unsubscribes the person from this kind of email. It does not expire."""
    return settings.SITE_URL + reverse("library:unsubscribe", args=[_SIGNER.sign(f"{user.public_id}.{kind.value}")])


def parse_unsubscribe_token(token: str) -> tuple[User, MailKind]:
    """Return the person and the kind of email of an unsubscribe link. Raises NotFound for a forged link."""
    try:
        user_id, _dot, kind = _SIGNER.unsign(token).rpartition(".")
    except signing.BadSignature:
        raise NotFound from None
    user = User.objects.filter(public_id=user_id).first()
    if user is None:
        raise NotFound
    return user, MailKind(kind)


def unsubscribe(*, user: User, kind: MailKind, at: datetime) -> None:
    """Unsubscribe the person from this kind of email. Safe to repeat."""
    if kind == MailKind.PRICES:
        follows.choose_price_alerts(actor=user, wants=False)
    else:
        follows.choose_mail(actor=user, new_books=NewBookMail.NEVER, at=at)


@transaction.atomic
def mail_wish_alert(*, alert_id: int) -> bool:
    """Email about one book that is cheaper or has come out; return whether the email was sent now."""
    rows = WishAlert.objects.select_for_update(of=("self",)).select_related("wish__user", "wish__work__listing")
    alert = rows.filter(pk=alert_id, mailed_at=None).first()
    if alert is None:
        return False
    alert.mailed_at = clock.now()
    alert.save(update_fields=["mailed_at"])
    wish = alert.wish
    choice = ReaderMail.objects.filter(user=wish.user).first()
    is_wanted = choice is None or choice.price_alerts
    if wish.removed_at is not None or not is_wanted or not wish.user.is_active:
        return False
    is_out = alert.kind == AlertKind.OUT
    context = {"alert": alert, "wish": wish, "work": wish.work, "is_out": is_out}
    with regions.active(wish.user.region):
        subject = _("“%(title)s” is out") if is_out else _("“%(title)s” now costs less")
        _send_to(wish.user, MailKind.PRICES, "wish_alert", subject % {"title": wish.work.title}, context)
    return True


@transaction.atomic
def mail_new_book(*, notice_id: int) -> bool:
    """Email one follower about one new book; return whether the email was sent now."""
    notice = FollowNotice.objects.select_for_update(of=("self",)).filter(pk=notice_id, mailed_at=None).first()
    if notice is None or _choice(notice.user) != NewBookMail.AT_ONCE:
        return False
    _send_new_books(notice.user, [notice])
    return True


@transaction.atomic
def mail_weekly(*, user_id: int) -> bool:
    """Email one follower about the week's new books; return whether the email was sent now."""
    choice = ReaderMail.objects.select_for_update().filter(user=user_id, new_books=NewBookMail.WEEKLY).first()
    at = clock.now()
    if choice is None or (choice.weekly_sent_at is not None and choice.weekly_sent_at > at - _WEEK):
        return False
    waiting = FollowNotice.objects.select_for_update(of=("self",)).filter(user=user_id, mailed_at=None)
    notices = list(waiting.select_related("work__listing").order_by("pk")[:_MAX_IN_ONE])
    if not notices:
        return False
    choice.weekly_sent_at = at
    choice.save(update_fields=["weekly_sent_at"])
    _send_new_books(choice.user, notices)
    return True


def due_weekly(*, at: datetime) -> list[int]:
    """Return the people (primary keys) who are due a weekly email and have notices waiting."""
    rows = ReaderMail.objects.filter(new_books=NewBookMail.WEEKLY).exclude(weekly_sent_at__gt=at - _WEEK)
    waiting = FollowNotice.objects.filter(mailed_at=None, user__in=rows.values("user"))
    return sorted(set(waiting.values_list("user", flat=True)[:1000]))


def _choice(user: User) -> str:
    choice = ReaderMail.objects.filter(user=user).values_list("new_books", flat=True).first()
    return choice or NewBookMail.AT_ONCE


def _send_new_books(user: User, notices: list[FollowNotice]) -> None:
    FollowNotice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mailed_at=clock.now())
    home = reader_country.home_of(user)  # it, or where the books are sold, may have changed since
    on_sale = [
        one.work
        for one in notices
        if hasattr(one.work, "listing") and one.work.listing.is_on_sale and one.work.territory.is_sold_in(home)
    ]
    if not on_sale or not user.is_active:
        return
    title = on_sale[0].title
    with regions.active(user.region):
        one, many = _("New: “%(title)s”") % {"title": title}, _("New books by authors you follow")
        _send_to(user, MailKind.NEW_BOOKS, "new_books", one if len(on_sale) == 1 else many, {"works": on_sale})


def _send_to(user: User, kind: MailKind, name: str, subject: str, context: dict[str, object]) -> None:
    link = unsubscribe_link(user=user, kind=kind)
    headers = one_click(link)
    send(name, subject, user.email, {**context, "stop_link": link}, headers=headers)
