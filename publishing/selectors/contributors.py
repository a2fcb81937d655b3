"""Who is credited, how a royalty divides, and who still has to agree."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from publishing.models import Contributor, SplitAgreement, SplitShare, Work


def newest_agreement(work: Work) -> SplitAgreement | None:
    """The split proposed last, with its shares; it is in force once everybody in it agrees."""
    agreements = work.split_agreements.prefetch_related("shares__contributor__user", "shares__contributor__left")
    return agreements.order_by("-effective_at", "-id").first()


def agreement_in_force(work: Work) -> SplitAgreement | None:
    """The newest split that everybody in it agrees to."""
    agreements = work.split_agreements.prefetch_related("shares__contributor__user", "shares__contributor__left")
    return next((found for found in agreements.order_by("-effective_at", "-id") if found.is_consented), None)


def pen_name(user: User, *, work_id: int) -> str:
    """What the work (a primary key) calls the person who is not to be known by it, "" otherwise."""
    return pen_names(user, work_id).values_list("name", flat=True).first() or ""


def pen_names(user: User | OuterRef, work: int | OuterRef) -> QuerySet[Contributor]:
    """Credits of the work by which the person is not to be known, those that they have left since, too: what they said
    under the name stays under it. Whoever was erased has none."""
    is_theirs = Q(user=user) | Q(left=user) & ~Q(left__display_name="")
    return Contributor.objects.filter(is_theirs, work=work, is_on_page=False).order_by("position", "pk")


def credits_offered_to(user: User) -> QuerySet[Contributor]:
    """Credits that wait for the person to accept them, newest first."""
    return user.credits_offered.select_related("work__owner").order_by("-pk")


def awaiting_consent_of(user: User) -> QuerySet[SplitAgreement]:
    """Proposals in which a share waits for the person's answer, newest first; `is_offer` unless they get nothing."""
    shares = SplitShare.objects.of(user).filter(consented_at=None)
    waiting = SplitAgreement.objects.filter(pk__in=shares.values("agreement"))
    offered = SplitShare.objects.of(user).filter(agreement=OuterRef("pk"), share_bps__gt=0)
    return waiting.annotate(is_offer=Exists(offered)).select_related("work__owner", "proposed_by")
