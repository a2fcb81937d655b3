"""What becomes of an author's works, credits and shares when they delete their account.

Works that were on sale stay for whoever bought them, off sale. Drafts go with their files. A name that stands in a book
stays there, without its link; the person's part of later royalties is the owner's, whom the book then has left.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import services as account_services
from accounts.hooks import Obstacle
from accounts.models import Deletion, User
from publishing import selectors
from publishing.models import Contributor, Edition, Series, SplitAgreement, SplitShare, Work
from publishing.services import drafts, editions, releases

_NAMED = 3


def obstacles(user: User, at: datetime) -> Iterable[Obstacle]:
    """Works on sale, or announced: only their owner takes them off."""
    titles = [str(work) for work in _to_order(user, at)]
    if titles:
        yield Obstacle(
            text=_("Readers can buy, or order ahead, %(titles)s.") % {"titles": _listed(titles)},
            advice=gettext_lazy("Take them off sale first. Whoever has bought one keeps it."),
            page="desk",
            action=gettext_lazy("To your desk"),
        )


def given_up(user: User, at: datetime) -> Iterable[str]:
    """Parts of royalties, which the account would go on earning."""
    titles = [str(work) for work in _shared(user)]
    if titles:
        yield _("You share the royalties of %(titles)s. Your part of later sales will be its owner’s.") % {
            "titles": _listed(titles)
        }


def erase(deletion: Deletion, at: datetime) -> None:
    """End what they publish, their links and their shares, and delete what was never on sale. Safe to repeat."""
    user = deletion.user
    for work in _to_order(user, at):
        _off_sale(user, editions.locked(work), at)
    for work in _shared(user):
        _give_share_to_owner(user, editions.locked(work), at)
    _leave_credits(user)
    for work in Work.objects.filter(owner=user).exclude(editions__published_at__isnull=False).order_by("pk"):
        with suppress(ProtectedError), transaction.atomic():  # announced once, and ordered ahead or reported
            drafts.delete_work(editions.locked(work))
    for series in Series.objects.filter(owner=user, works=None):
        with suppress(ProtectedError), transaction.atomic():  # somebody bought what they lacked of it
            series.delete()


def _to_order(user: User, at: datetime) -> list[Work]:
    orderable = Edition.objects.to_order(at.date()).filter(work__owner=user)
    return list(Work.objects.filter(pk__in=orderable.values("work")).order_by("pk"))


def _shared(user: User) -> list[Work]:
    """Works of others of whose royalties the person has a part by the agreement in force."""
    named = Work.objects.filter(pk__in=SplitShare.objects.of(user).filter(share_bps__gt=0).values("agreement__work"))
    return [work for work in named.exclude(owner=user).order_by("pk") if _part_of(user, work)]


def _part_of(user: User, work: Work) -> int:
    agreement = selectors.agreement_in_force(work)
    shares = agreement.shares.all() if agreement is not None else []
    return sum(share.share_bps for share in shares if share.contributor.payee == user)


def _off_sale(user: User, work: Work, at: datetime) -> None:
    """Only when the 30 days are over: before that its owner is asked to."""
    releases.take_back(actor=user, work=work, at=at)
    published = selectors.published_of(work)
    if published is not None:
        published.work = work
        editions.take_off_sale(actor=user, edition=published, at=at)


def _give_share_to_owner(user: User, work: Work, at: datetime) -> None:
    """An agreement by which nobody loses but whoever leaves, so that nobody else has to consent. Proposals that wait
    for an answer wait no longer: the one who leaves cannot give it."""
    before = selectors.agreement_in_force(work)
    owner = work.contributors.filter(user=work.owner_id).order_by("position", "pk").first()
    if before is None or owner is None:
        return
    SplitAgreement.objects.filter(work=work, shares__consented_at=None).delete()
    parts: dict[Contributor, int] = {owner: 0}
    for share in before.shares.all():
        to = owner if share.contributor.payee in {user, work.owner} else share.contributor
        parts[to] = parts.get(to, 0) + share.share_bps
    agreement = SplitAgreement.objects.create(
        work=work, effective_at=at, proposed_by=work.owner, created_at=at, mailed_at=at
    )
    SplitShare.objects.bulk_create(
        SplitShare(agreement=agreement, contributor=contributor, share_bps=bps, consented_at=at)
        for contributor, bps in parts.items()
        if bps
    )
    account_services.record_audit(actor=user, verb="split.given_up", subject=agreement)


def _leave_credits(user: User) -> None:
    SplitAgreement.objects.filter(
        Q(shares__contributor__user=user) | Q(shares__contributor__left=user), shares__consented_at=None
    ).delete()
    Contributor.objects.filter(asked=user).update(asked=None, asked_at=None)
    mine = Q(work__owner=user) | Q(invited_email__iexact=user.email)
    Contributor.objects.exclude(invited_email="").filter(mine).update(invited_email="", asked_at=None)
    for found in Contributor.objects.filter(user=user).select_related("work").order_by("pk"):
        found.user, found.asked_at, found.left = None, None, user
        found.save(update_fields=["user", "asked_at", "left"])
        editions.announce_change(found.work)


def _listed(titles: list[str]) -> str:
    """A few of them by name, the rest by number."""
    named = ", ".join(f"“{title}”" for title in titles[:_NAMED])
    more = len(titles) - _NAMED
    return named if more <= 0 else _("%(titles)s and %(n)d more") % {"titles": named, "n": more}
