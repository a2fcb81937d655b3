"""Emails to the buyers of a book about a new edition, where its author wants it: once for each edition, at most one a
day for each author's name, and never to who has unsubscribed.

Publishing only makes a row, with the first free day. A worker makes a notice for each reader, and an email from each
notice; both are found again by the sweeper.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import regions
from accounts.models import User
from common import clock, jobs
from common.emails import Written, is_address, one_click, send, written
from common.errors import NotFound
from publishing import selectors as publishing_selectors
from publishing.models import Edition, EditionState, Work
from storefront.checkout.models import Entitlement
from storefront.library.models import EditionMailing, EditionMailStop, EditionNotice

_SIGNER = signing.Signer(salt="library.edition_mail")
_BATCH = 500
_HEAD_START = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Subscription:
    """Whose emails about which name's editions a link stops."""

    user: User
    work: Work
    name: str


def edition_listed(edition: Edition) -> None:
    """Plan the email when an edition goes on sale whose author wants one. Safe to repeat: each edition has one."""
    if edition.state != EditionState.PUBLISHED or edition.revision or not edition.wants_mail:
        return
    if EditionMailing.objects.filter(edition=edition).exists():
        return
    mailing = _planned(edition, clock.now())
    if mailing.day <= clock.now().date():
        jobs.enqueue("library.start_edition_mail", mailing_id=mailing.pk)


def first_free_day(work: Work, today: date) -> date:
    """Return the first day on which nothing goes out under the name of the work's author yet."""
    name = publishing_selectors.author_name(work)
    taken = set(
        EditionMailing.objects.filter(owner=work.owner_id, name=name, day__gte=today).values_list("day", flat=True)
    )
    return next(day for day in _days(today) if day not in taken)


def readers_to_mail(work: Work) -> QuerySet[User]:
    """Select who bought the work, may still read it, and did not unsubscribe."""
    entitled = Entitlement.objects.readable().filter(user=OuterRef("pk"), work=work)
    people = User.objects.filter(Exists(entitled), is_active=True)
    return people.filter(~Exists(_stops(work, publishing_selectors.author_name(work)).filter(user=OuterRef("pk"))))


def preview(work: Work, edition: Edition) -> Written:
    """Return the email as a reader with the language of the page would get it."""
    return written("new_edition", _subject(work), _context(edition, stop_link="#"))


def start(*, mailing_id: int, at: datetime) -> int:
    """Make a notice for each reader, and have the emails sent; return how many are new. Safe to run twice.

    Nobody is told of an edition that was taken off sale, or followed by another, before its day came.
    """
    mailing = EditionMailing.objects.select_related("edition__work__owner").filter(pk=mailing_id).first()
    if mailing is None or mailing.noted_at is not None or mailing.day > at.date():
        return 0
    made = 0
    if _is_current(mailing.edition):
        ids = list(readers_to_mail(mailing.edition.work).order_by("pk").values_list("pk", flat=True))
        for first in range(0, len(ids), _BATCH):
            made += _note(mailing, ids[first : first + _BATCH], at)
    EditionMailing.objects.filter(pk=mailing.pk).update(noted_at=at)
    return made


@transaction.atomic
def mail(*, notice_id: int) -> bool:
    """Email one reader about one edition; return whether the email was sent now. Safe to run twice."""
    rows = EditionNotice.objects.select_for_update(of=("self",)).select_related("mailing__edition__work__owner", "user")
    notice = rows.filter(pk=notice_id, mailed_at=None).first()
    if notice is None:
        return False
    # The mark is committed only after the mail was handed over; a mail server that refuses is asked again.
    notice.mailed_at = clock.now()
    notice.save(update_fields=["mailed_at"])
    edition, user = notice.mailing.edition, notice.user
    is_wanted = readers_to_mail(edition.work).filter(pk=user.pk).exists()
    if not is_wanted or not is_address(user.mail_to):
        return False
    link = unsubscribe_link(user=user, edition=edition)
    headers = one_click(link)
    with regions.active(user.region):
        context = _context(edition, stop_link=link)
        send("new_edition", _subject(edition.work), user.mail_to, context, headers=headers)
    return True


def unsubscribe_link(*, user: User, edition: Edition) -> str:
    """Return the URL that unsubscribes the person from the emails of the edition's author. It does not expire."""
    token = _SIGNER.sign(f"{user.public_id}.{edition.public_id}")
    return settings.SITE_URL + reverse("library:edition-mail-stop", args=[token])


def parse_token(token: str) -> Subscription:
    """Return whose emails an unsubscribe link stops. Raises NotFound for a forged link."""
    try:
        user_id, _dot, edition_id = _SIGNER.unsign(token).rpartition(".")
    except signing.BadSignature:
        raise NotFound from None
    user = User.objects.filter(public_id=user_id).first()
    edition = Edition.objects.select_related("work").filter(public_id=edition_id).first()
    if user is None or edition is None:
        raise NotFound
    mailing = EditionMailing.objects.filter(edition=edition).first()
    name = mailing.name if mailing is not None else publishing_selectors.author_name(edition.work)
    return Subscription(user, edition.work, name)


def unsubscribe(subscription: Subscription, *, at: datetime) -> None:
    """Stop the emails. Safe to repeat."""
    EditionMailStop.objects.get_or_create(
        user=subscription.user,
        work=subscription.work,
        name=subscription.name,
        defaults={"owner_id": subscription.work.owner_id, "stopped_at": at},
    )


def subscribe_again(subscription: Subscription) -> None:
    """Take back that the emails were stopped. Safe to repeat."""
    _stops(subscription.work, subscription.name).filter(user=subscription.user).delete()


def move_to_person(guest: User, person: User) -> None:
    """Let a person who claims a guest's purchases stay unsubscribed."""
    for stop in EditionMailStop.objects.filter(user=guest):
        EditionMailStop.objects.get_or_create(
            user=person,
            work_id=stop.work_id,
            name=stop.name,
            defaults={"owner_id": stop.owner_id, "stopped_at": stop.stopped_at},
        )
        stop.delete()


def enqueue_stuck(*, at: datetime) -> None:
    """Enqueue mailings whose day has come, and notices whose message was lost."""
    due = EditionMailing.objects.filter(noted_at=None, day__lte=at.date(), made_at__lte=at - _HEAD_START)
    for pk in due.order_by("?").values_list("pk", flat=True)[:_BATCH]:
        jobs.enqueue("library.start_edition_mail", mailing_id=pk)
    waiting = EditionNotice.objects.filter(mailed_at=None, made_at__lte=at - _HEAD_START)
    for pk in waiting.order_by("?").values_list("pk", flat=True)[:_BATCH]:
        jobs.enqueue("library.mail_edition", notice_id=pk)


def _planned(edition: Edition, at: datetime) -> EditionMailing:
    """Make the row with the first free day. The constraint keeps two editions of a name from the same day."""
    name = publishing_selectors.author_name(edition.work)
    for day in _days(first_free_day(edition.work, at.date())):
        try:
            with transaction.atomic():
                return EditionMailing.objects.create(
                    edition=edition, owner_id=edition.work.owner_id, name=name, day=day, made_at=at
                )
        except IntegrityError:
            continue
    raise AssertionError("days do not end")


def _days(first: date) -> Iterator[date]:
    while True:
        yield first
        first += timedelta(days=1)


def _is_current(edition: Edition) -> bool:
    """Return whether readers get this edition, or a correction of it."""
    on_sale = Edition.objects.on_sale().filter(work=edition.work_id).first()
    return on_sale is not None and on_sale.number == edition.number


@transaction.atomic
def _note(mailing: EditionMailing, users: list[int], at: datetime) -> int:
    """Make notices and enqueue their emails. The constraint keeps two workers from making the same notice."""
    known = EditionNotice.objects.filter(mailing=mailing)
    before = known.count()
    EditionNotice.objects.bulk_create(
        [EditionNotice(mailing=mailing, user_id=user, made_at=at) for user in users], ignore_conflicts=True
    )
    for pk in known.filter(user__in=users, mailed_at=None).order_by("pk").values_list("pk", flat=True):
        jobs.enqueue("library.mail_edition", notice_id=pk)
    return known.count() - before


def _stops(work: Work, name: str) -> QuerySet[EditionMailStop]:
    return EditionMailStop.objects.filter(Q(work=work) | Q(owner=work.owner_id, name=name))


def _subject(work: Work) -> str:
    return _("New edition: “%(title)s”") % {"title": work.title}


def _context(edition: Edition, *, stop_link: str) -> dict[str, object]:
    name = publishing_selectors.author_name(edition.work)
    return {"work": edition.work, "edition": edition, "name": name, "stop_link": stop_link}
