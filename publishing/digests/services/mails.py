"""The email about a text, each sent once, and how people stop it (RFC 8058)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import regions
from accounts.models import User
from common.emails import is_address, one_click, send
from common.errors import NotFound
from publishing import permissions as publishing_permissions
from publishing import selectors as publishing_selectors
from publishing.digests import selectors
from publishing.digests.models import Digest
from publishing.digests.services.planning import GAP
from publishing.models import Work

SETTLING = timedelta(minutes=1)
_SIGNER = signing.Signer(salt="digests.stop")


@transaction.atomic
def mail(*, digest_id: int, at: datetime) -> bool:
    """Email one person what is new about one text, if anything is; return whether the email was sent now.

    The row is locked, so that of two workers the second finds nothing due. It is changed only if the mail server took
    the email; one that refuses is asked again. The last minute is left to the next email: something may have happened
    in it that is not committed yet.
    """
    rows = Digest.objects.select_for_update(of=("self",)).select_related("work__owner", "user")
    digest = rows.filter(pk=digest_id, due_at__lte=at).first()
    if digest is None:
        return False
    user, work = digest.user, digest.work
    until = max(at - SETTLING, digest.told_until)
    is_wanted = _is_wanted(digest)
    news = selectors.news_for(user, work, digest.told_until, until) if is_wanted else None
    digest.told_until = until
    digest.mailed_at = at if news else digest.mailed_at
    digest.due_at = at + GAP if is_wanted and selectors.news_for(user, work, until, at) else None
    digest.save(update_fields=["due_at", "told_until", "mailed_at"])
    if not news:
        return False
    link, suggestions = stop_link(user=user, work=work), reverse("work-corrections", args=[work.public_id])
    headers = one_click(link)
    with regions.active(user.region):
        name = publishing_selectors.display_name(work, publishing_selectors.newest_of(work))
        subject = _("New on the text of “%(title)s”") % {"title": name}
        context = {
            "work": work,
            "name": name,
            "news": news,
            "more": news.comment_count - len(news.comments),
            "suggestions_url": f"{settings.SITE_URL}{suggestions}?state=suggested",
            "stop_link": link,
        }
        send("text_digest", subject, user.mail_to, context, headers=headers)
    return True


def stop_link(*, user: User, work: Work) -> str:
    """Return the URL that unsubscribes the person from emails about this text. It does not expire."""
    token = _SIGNER.sign(f"{user.public_id}.{work.public_id}")
    return settings.SITE_URL + reverse("digests:stop", args=[token])


def parse_token(token: str) -> tuple[User, Work]:
    """Return whose emails about which work a link stops. Raises NotFound for a forged link."""
    try:
        user_id, _dot, work_id = _SIGNER.unsign(token).rpartition(".")
    except signing.BadSignature:
        raise NotFound from None
    user, work = User.objects.filter(public_id=user_id).first(), Work.objects.filter(public_id=work_id).first()
    if user is None or work is None:
        raise NotFound
    return user, work


def is_stopped(*, user: User, work: Work) -> bool:
    return Digest.objects.filter(user=user, work=work).exclude(stopped_at=None).exists()


def unsubscribe(*, user: User, work: Work, at: datetime) -> None:
    """Stop the emails. Safe to repeat."""
    Digest.objects.get_or_create(user=user, work=work, defaults={"told_until": at})
    Digest.objects.filter(user=user, work=work).update(stopped_at=at, due_at=None)


def subscribe_again(*, user: User, work: Work, at: datetime) -> None:
    """Take back that the emails were stopped; what was new meanwhile is not told. Safe to repeat."""
    stopped = Digest.objects.filter(user=user, work=work).exclude(stopped_at=None)
    stopped.update(stopped_at=None, told_until=at)


def _is_wanted(digest: Digest) -> bool:
    """Whether the person may still read the text, has an address and did not unsubscribe."""
    user = digest.user
    if digest.stopped_at is not None or not user.is_active or not is_address(user.mail_to):
        return False
    return publishing_permissions.may_comment(user, digest.work)
