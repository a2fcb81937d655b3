"""Contributors, splits of the royalty, and open requests for consent."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from publishing.models import Contributor, ContributorRole, SplitAgreement, SplitShare, Work


def newest_agreement(work: Work) -> SplitAgreement | None:
    """Return the split proposed last, with its shares; it is in force once everyone in it agrees."""
    agreements = work.split_agreements.prefetch_related("shares__contributor__user", "shares__contributor__left")
    return agreements.order_by("-effective_at", "-id").first()


def agreement_in_force(work: Work) -> SplitAgreement | None:
    """Return the newest split that everyone in it has agreed to."""
    agreements = work.split_agreements.prefetch_related("shares__contributor__user", "shares__contributor__left")
    return next((found for found in agreements.order_by("-effective_at", "-id") if found.is_consented), None)


def author_name(work: Work) -> str:
    """Return the credited name under which the work is published: of its first author, else of its first person."""
    people = list(work.contributors.order_by("position", "pk"))
    authors = [person for person in people if person.role == ContributorRole.AUTHOR]
    return next((person.name for person in [*authors, *people]), "")


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
