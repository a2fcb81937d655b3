"""Account deletion: what happens to an author's works, credits and shares.

Works that were on sale are taken off sale, but their buyers keep them. Drafts are deleted with their files. Credited
names stay in the books without a link, and the person's share of later royalties goes to the book's owner.
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
from publishing.house_defaults.models import HouseDefaults
from publishing.models import Contributor, Edition, FormerCover, Series, SplitAgreement, SplitShare, Work
from publishing.services import contributors, drafts, editions, former_covers, release_dates

_NAMED = 3


def obstacles(user: User, at: datetime) -> Iterable[Obstacle]:
    """Yield works on sale or announced, which only their owner can take off sale."""
    titles = [str(work) for work in _to_order(user, at)]
    if titles:
        yield Obstacle(
            text=_("Readers can buy or pre-order %(titles)s.") % {"titles": _listed(titles)},
            advice=gettext_lazy("Take them off sale first. Anyone who has bought one keeps it."),
            page="desk",
            action=gettext_lazy("Go to your books"),
        )


def given_up(user: User, at: datetime) -> Iterable[str]:
    """Yield the royalty shares that the account would give up."""
    titles = [str(work) for work in _shared(user, at)]
    if titles:
        yield _("You have a share in the royalties of %(titles)s. Your share of later sales will go to the owner.") % {
            "titles": _listed(titles)
        }


def erase(deletion: Deletion, at: datetime) -> None:
    """Take the user's works off sale, end their links and shares, and delete works never on sale. Safe to repeat."""
    user = deletion.user
    for work in _to_order(user, at):
        _off_sale(user, editions.lock_work(work), at)
    for work in _shared(user, at):
        _give_share_to_owner(user, editions.lock_work(work), at)
    _leave_credits(user)
    for work in Work.objects.filter(owner=user).exclude(editions__published_at__isnull=False).order_by("pk"):
        with suppress(ProtectedError), transaction.atomic():  # announced once, and pre-ordered or reported
            drafts.delete_work(editions.lock_work(work))
    HouseDefaults.objects.filter(owner=user).delete()
    former_covers.forget(list(FormerCover.objects.filter(work__owner=user)))
    for series in Series.objects.filter(owner=user, works=None):
        with suppress(ProtectedError), transaction.atomic():  # somebody completed the series
            series.delete()


def _to_order(user: User, at: datetime) -> list[Work]:
    orderable = Edition.objects.to_order(at.date()).filter(work__owner=user)
    return list(Work.objects.filter(pk__in=orderable.values("work")).order_by("pk"))


def _shared(user: User, at: datetime) -> list[Work]:
    """Return other people's works in whose royalties the user has a share under the agreement in force."""
    named = Work.objects.filter(pk__in=SplitShare.objects.of(user).filter(share_bps__gt=0).values("agreement__work"))
    return [work for work in named.exclude(owner=user).order_by("pk") if _part_of(user, work, at)]


def _part_of(user: User, work: Work, at: datetime) -> int:
    agreement = selectors.agreement_in_force(work)
    shares = selectors.shares_at(agreement, at) if agreement is not None else []
    return sum(one.share_bps for one in shares if one.contributor.payee == user)


def _off_sale(user: User, work: Work, at: datetime) -> None:
    """Take the work off sale. Called only after the 30 days; before that, the owner is asked to do it."""
    release_dates.cancel_announcement(actor=user, work=work, at=at)
    published = selectors.published_of(work)
    if published is not None:
        published.work = work
        editions.take_off_sale(actor=user, edition=published, at=at)


def _give_share_to_owner(user: User, work: Work, at: datetime) -> None:
    """Agree on a split in which only the leaving user loses, so that nobody else has to consent.

    Open proposals are deleted, because the user can no longer answer them.
    """
    before = selectors.agreement_in_force(work)
    owner = work.contributors.filter(user=work.owner_id).order_by("position", "pk").first()
    if before is None or owner is None:
        return
    SplitAgreement.objects.filter(work=work, shares__consented_at=None).delete()
    parts: dict[Contributor, int] = {owner: 0}
    for one in selectors.shares_at(before, at):
        is_kept_as_it_is = one.end is not None and one.contributor.payee != user
        if is_kept_as_it_is:
            continue
        to = owner if one.contributor.payee in {user, work.owner} else one.contributor
        parts[to] = parts.get(to, 0) + one.share_bps
    ending = [row for row in contributors.shares_that_end(work, at) if row.contributor.payee != user]
    agreement = SplitAgreement.objects.create(
        work=work, effective_at=at, proposed_by=work.owner, created_at=at, mailed_at=at
    )
    lasting = [
        SplitShare(agreement=agreement, contributor=contributor, share_bps=bps, consented_at=at)
        for contributor, bps in parts.items()
        if bps
    ]
    SplitShare.objects.bulk_create([*lasting, *(contributors.kept_in(agreement, row) for row in ending)])
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
    """Name the first few titles and count the rest."""
    named = ", ".join(_("“%(title)s”") % {"title": title} for title in titles[:_NAMED])
    more = len(titles) - _NAMED
    return named if more <= 0 else _("%(titles)s and %(n)d more") % {"titles": named, "n": more}
