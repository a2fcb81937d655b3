"""What a person may not do for the present, though their account is open: a register, filled by an app above.

Whatever a suspension forbids asks here, in the service that does it. Logging in, reading what one has bought,
downloading one's data and being paid never do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import clock
from common.errors import DomainError


class Activity(models.TextChoices):
    """What a suspension forbids (Digital Services Act, Articles 23 and 24)."""

    CONTENT = "content", _("Publishing and offering services")
    POSTING = "posting", _("Writing reviews, replies, shelves and messages")
    NOTICES = "notices", _("Reporting")
    COMPLAINTS = "complaints", _("Appeals and complaints")


@dataclass(frozen=True, slots=True)
class Restriction:
    """One thing that a person may not do. `last_day` is None when the shop has ended their account as an author."""

    activity: Activity
    last_day: date | None


class ContentSuspended(DomainError):
    code = "suspended.content"
    status = 403
    message = _(
        "You cannot put anything on sale, show or upload anything new, or offer services until {last_day}: this is "
        "suspended for your account. “Warnings and suspensions” in your account says why, and how to appeal. What you "
        "have earned is paid as usual."
    )


class AuthorAccountEnded(DomainError):
    code = "suspended.ended"
    status = 403
    message = _(
        "We have ended your account as an author, so you cannot publish here. “Warnings and suspensions” in your "
        "account says why, and how to appeal. What you have earned is paid as usual, and you can download your data."
    )


class PostingSuspended(DomainError):
    code = "suspended.posting"
    status = 403
    message = _(
        "You cannot write reviews, replies, shelves or messages until {last_day}: this is suspended for your account. "
        "“Warnings and suspensions” in your account says why, and how to appeal. Messages about contracts still work."
    )


class NoticesSuspended(DomainError):
    code = "suspended.notices"
    status = 403
    message = _(
        "We do not look at reports from you until {last_day}: too many of them were manifestly unfounded. “Warnings "
        "and suspensions” in your account says which, and how to appeal. Reports of sexual abuse of children or of a "
        "danger to somebody’s life always count."
    )


class ComplaintsSuspended(DomainError):
    code = "suspended.complaints"
    status = 403
    message = _(
        "We do not look at appeals and complaints from you until {last_day}: too many of them were manifestly "
        "unfounded. “Warnings and suspensions” in your account says which, and how to appeal against that. You can "
        "always turn to an out-of-court dispute settlement body or to a court."
    )


class OwnerRestricted(DomainError):
    code = "suspended.owner"
    status = 403
    message = _("The owner of this book may not put anything on sale at present, so nobody can do it for them.")


type Finder = Callable[[User, datetime], Iterable[Restriction]]
type People = Callable[[Activity, datetime], "QuerySet[User]"]


_finders: list[Finder] = []
_people: list[People] = []


def register(*, find: Finder, people: People) -> None:
    """Ask `find(user, at)` what a person may not do, and `people(activity, at)` who may not."""
    _finders.append(find)
    _people.append(people)


def current(user: User, at: datetime | None = None) -> list[Restriction]:
    """Return what the person may not do now."""
    now = at or clock.now()
    return [one for find in _finders for one in find(user, now)]


def is_restricted(user: User, activity: Activity, at: datetime | None = None) -> bool:
    return any(one.activity == activity for one in current(user, at))


def people(activity: Activity, at: datetime | None = None) -> QuerySet[User]:
    """Return the people who may not do this now."""
    now = at or clock.now()
    found = Q(pk__in=[])
    for find in _people:
        found |= Q(pk__in=find(activity, now).values("pk"))
    return User.objects.filter(found)


def require(user: User, activity: Activity, at: datetime | None = None) -> None:
    """Require that nothing forbids it now. Raises ContentSuspended, AuthorAccountEnded, PostingSuspended,
    NoticesSuspended, ComplaintsSuspended."""
    for one in current(user, at):
        if one.activity == activity:
            raise refusal_of(one)


def require_owner(owner: User, actor: User, at: datetime | None = None) -> None:
    """Require that neither the owner of a work nor whoever acts for them is kept from publishing. Raises the errors of
    `require`, and OwnerRestricted."""
    require(actor, Activity.CONTENT, at)
    if owner.pk != actor.pk and is_restricted(owner, Activity.CONTENT, at):
        raise OwnerRestricted


def refusal_of(one: Restriction) -> DomainError:
    """Return the error that says so to the person."""
    if one.last_day is None:
        return AuthorAccountEnded()
    refusals: dict[Activity, type[DomainError]] = {
        Activity.CONTENT: ContentSuspended,
        Activity.POSTING: PostingSuspended,
        Activity.NOTICES: NoticesSuspended,
        Activity.COMPLAINTS: ComplaintsSuspended,
    }
    return refusals[one.activity](last_day=one.last_day)
