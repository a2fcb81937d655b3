"""Contributors, splits of the royalty, and open requests for consent."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from publishing import hooks
from publishing.models import Contributor, ContributorRole, ShareEnd, SplitAgreement, SplitShare, Work

_WHOLE_BPS = 10_000
_SHARES = ("shares__contributor__user", "shares__contributor__left", "shares__returns_to__user")


@dataclass(frozen=True, slots=True)
class CurrentShare:
    """What a contributor has of the royalty at a moment. `end` is set for a share that will end."""

    contributor: Contributor
    share_bps: int
    end: ShareEnd | None = None


def newest_agreement(work: Work) -> SplitAgreement | None:
    """Return the split proposed last, with its shares; it is in force once everyone in it agrees."""
    agreements = work.split_agreements.prefetch_related(*_SHARES)
    return agreements.order_by("-effective_at", "-id").first()


def agreement_in_force(work: Work) -> SplitAgreement | None:
    """Return the newest split that everyone in it has agreed to."""
    agreements = work.split_agreements.prefetch_related(*_SHARES)
    return next((found for found in agreements.order_by("-effective_at", "-id") if found.is_consented), None)


def shares_at(agreement: SplitAgreement, at: datetime) -> list[CurrentShare]:
    """Return the shares of an agreement at a moment: those that have ended are given to whom they return."""
    rows = list(agreement.shares.all())
    ended = _ended(rows, at)
    found = [CurrentShare(row.contributor, row.share_bps, row.end) for row in rows if row.pk not in ended]
    for row in rows:
        if row.pk not in ended or row.returns_to is None:
            continue
        lasting = (n for n, one in enumerate(found) if one.end is None and one.contributor == row.returns_to)
        place = next(lasting, None)
        if place is None:
            found.append(CurrentShare(row.returns_to, row.share_bps))
        else:
            found[place] = replace(found[place], share_bps=found[place].share_bps + row.share_bps)
    return found


def _ended(rows: Iterable[SplitShare], at: datetime) -> set[int]:
    """Return the keys of the shares that have ended by then."""
    by_day = {row.pk for row in rows if row.ends_at is not None and row.ends_at <= at}
    by_sum = [row for row in rows if row.ends_at_minor is not None and row.pk not in by_day]
    reached = hooks.reached_sums(by_sum)
    return by_day | {row.pk for row in by_sum if row.reference in reached}


def own_bps(work: Work, person: User, at: datetime) -> int:
    """Return how much of the royalty is paid to the person, but for shares that will end."""
    agreement = agreement_in_force(work)
    if agreement is None:
        return _WHOLE_BPS if work.owner_id == person.pk else 0
    shares = shares_at(agreement, at)
    return sum(one.share_bps for one in shares if one.contributor.payee == person and one.end is None)


def author_name(work: Work) -> str:
    """Return the credited name under which the work is published: of its first author, else of its first person."""
    people = list(work.contributors.order_by("position", "pk"))
    authors = [person for person in people if person.role == ContributorRole.AUTHOR]
    return next((person.name for person in [*authors, *people]), "")


def author_names(works: Collection[int]) -> dict[int, str]:
    """Return the same for several works, by primary key; one query."""
    people = list(Contributor.objects.filter(work__in=works).order_by("-position", "-pk"))  # the first comes last
    authors = [person for person in people if person.role == ContributorRole.AUTHOR]
    return {person.work_id: person.name for person in [*people, *authors]}


def pen_name(user: User, *, work_id: int) -> str:
    """Return the pen name under which the user is credited on the work (a primary key), or ""."""
    return pen_names(user, work_id).values_list("name", flat=True).first() or ""


def pen_names(user: User | OuterRef, work: int | OuterRef) -> QuerySet[Contributor]:
    """Select the user's credits on the work that are pen names not linked to their page.

    Credits that the user has given up count as well: what they wrote under a pen name stays under it. Erased accounts
    have none.
    """
    is_theirs = Q(user=user) | Q(left=user) & ~Q(left__display_name="")
    return Contributor.objects.filter(is_theirs, work=work, is_on_page=False).order_by("position", "pk")


def credits_offered_to(user: User) -> QuerySet[Contributor]:
    """Select the credits that wait for the user's answer, newest first."""
    return user.credits_offered.select_related("work__owner").order_by("-pk")


def awaiting_consent_of(user: User) -> QuerySet[SplitAgreement]:
    """Select the proposals that wait for the user's answer, newest first.

    `is_offer` is False for a proposal in which the user would get nothing.
    """
    shares = SplitShare.objects.of(user).filter(consented_at=None)
    waiting = SplitAgreement.objects.filter(pk__in=shares.values("agreement"))
    offered = SplitShare.objects.of(user).filter(agreement=OuterRef("pk"), share_bps__gt=0)
    return waiting.annotate(is_offer=Exists(offered)).select_related("work__owner", "proposed_by")
