"""Following authors, finding the followers to notify of a new book, and readers' email settings."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.models import User
from common import jobs
from common.errors import NotFound
from publishing.models import Contributor, Edition, Work
from storefront.catalogue.selectors import authors as author_selectors
from storefront.checkout.orders.selectors import reader_country
from storefront.library.models import Follow, FollowNotice, NewBookMail, ReaderMail

_BATCH = 500


@transaction.atomic
def follow(*, actor: User, author_id: str, at: datetime) -> Follow:
    """Follow the author (public id). Safe to repeat. Raises NotFound for people without a page, and for oneself."""
    author = author_selectors.author_with_books(author_id)
    if author is None or author.pk == actor.pk:
        raise NotFound
    return Follow.objects.get_or_create(user=actor, author=author, defaults={"followed_at": at})[0]


@transaction.atomic
def unfollow(*, actor: User, author_id: str) -> None:
    """Stop following the author. Safe to repeat."""
    Follow.objects.filter(user=actor, author__public_id=author_id).delete()


@transaction.atomic
def choose_mail(*, actor: User, new_books: NewBookMail, at: datetime) -> None:
    """Set how the actor is notified of new books. With NEVER, drop notices that are still waiting."""
    choice, _ = ReaderMail.objects.select_for_update().get_or_create(user=actor)
    if new_books == NewBookMail.WEEKLY and choice.new_books != new_books:
        choice.weekly_sent_at = at
    choice.new_books = new_books
    choice.save(update_fields=["new_books", "weekly_sent_at"])
    if new_books == NewBookMail.NEVER:
        FollowNotice.objects.filter(user=actor, mailed_at=None).update(mailed_at=at)


@transaction.atomic
def choose_price_alerts(*, actor: User, wants: bool) -> None:
    """Set whether the actor gets emails about their wishes."""
    ReaderMail.objects.update_or_create(user=actor, defaults={"price_alerts": wants})


def create_notices(*, work_id: int, at: datetime) -> None:
    """Create notices of the work (a primary key) for the people it is new to.

    These followed one of the authors on whose page it is listed before it first went on sale, and can buy it, as far as
    their country is known.
    """
    editions = Edition.objects.filter(work=work_id, published_at__isnull=False)
    first_at = editions.order_by("published_at").values_list("published_at", flat=True).first()
    if first_at is None or not Edition.objects.on_sale().filter(work=work_id).exists():
        return
    told = FollowNotice.objects.filter(user=OuterRef("pk"), work=work_id)
    makers = Contributor.objects.filter(work=work_id, is_on_page=True).exclude(user=None).values("user")
    unwilling = ReaderMail.objects.filter(user=OuterRef("pk"), new_books=NewBookMail.NEVER)
    followers = User.objects.filter(
        ~Exists(told), ~Exists(unwilling), follows__author__in=makers, follows__followed_at__lt=first_at, is_active=True
    )
    followers = reader_country.living_where_sold(followers, Work.objects.get(pk=work_id).territory)
    ids = list(followers.order_by("pk").values_list("pk", flat=True).distinct())
    for start in range(0, len(ids), _BATCH):
        _note(work_id, ids[start : start + _BATCH], at)


@transaction.atomic
def _note(work_id: int, users: list[int], at: datetime) -> None:
    """Create notices and enqueue their emails. The constraint keeps two workers from creating the same notice."""
    FollowNotice.objects.bulk_create(
        [FollowNotice(user_id=user, work_id=work_id, made_at=at) for user in users], ignore_conflicts=True
    )
    weekly = ReaderMail.objects.filter(user__in=users, new_books=NewBookMail.WEEKLY).values("user")
    at_once = FollowNotice.objects.filter(work=work_id, user__in=users, mailed_at=None).exclude(user__in=weekly)
    for notice_id in at_once.order_by("pk").values_list("pk", flat=True):
        jobs.enqueue("library.mail_new_book", notice_id=notice_id)
