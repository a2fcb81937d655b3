"""What deleting an account does to claims, and what is forgotten of people without accounts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy, ngettext

from accounts.hooks import Obstacle
from accounts.models import Deletion, User
from storefront.claims import process
from storefront.claims.models import Appeal, Claim, ConductNotice, Outcome, Side
from storefront.claims.selectors import conduct, steps
from storefront.claims.services import answers
from storefront.community.models import ReviewCase
from storefront.community.services import thing_cases

_BLANK = {"name": "", "holder": "", "words": "", "evidence": "", "original_place": ""}


def obstacles(user: User, at: datetime) -> Iterable[Obstacle]:
    """Yield open claims on the person's books: what is held must go to somebody first."""
    if count := Claim.objects.open().filter(work__owner=user).count():
        text = ngettext("%(n)d claim on your books is open.", "%(n)d claims on your books are open.", count)
        yield Obstacle(
            text % {"n": count},
            gettext_lazy("Answer it, or wait for the decision."),
            page="desk",
            action=gettext_lazy("Go to your books"),
        )


def prepare(deletion: Deletion, at: datetime) -> None:
    """Withdraw the person's open claims."""
    for claim in Claim.objects.filter(user=deletion.user).exclude(outcome__gt="").select_related("work").order_by("pk"):
        if steps.may_withdraw(claim):
            answers.withdraw(claim=claim, at=at)


def erase(deletion: Deletion, at: datetime) -> None:
    """Remove the person's name and words; that there was a claim, and how it ended, stays. Safe to repeat."""
    user = deletion.user
    Claim.objects.filter(user=user).update(**_BLANK)
    Claim.objects.filter(work__owner=user).update(answer_words="")
    theirs = Q(claim__user=user, side=Side.CLAIMANT) | Q(claim__work__owner=user, side=Side.AUTHOR)
    Appeal.objects.filter(theirs).update(words="")
    thing_cases.forget_words(ReviewCase.objects.filter(Q(claim__user=user) | Q(claim__work__owner=user)))
    ConductNotice.objects.filter(user=user).update(appeal="")


def forget(at: datetime) -> None:
    """Forget people without accounts: once nobody can take money any more, and a dismissed claim no longer counts."""
    mine = Claim.objects.filter(user=None).exclude(email="", name="")
    kept = Q(outcome=Outcome.DISMISSED, ended_at__gt=at - conduct.WITHIN)
    gone = mine.filter(ended_at__lte=at - process.TAKE).exclude(kept)
    Appeal.objects.filter(claim__in=gone.values("pk"), side=Side.CLAIMANT).update(words="")
    thing_cases.forget_words(ReviewCase.objects.filter(claim__in=gone.values("pk")))
    gone.update(**_BLANK, email="", language="")
    old = ConductNotice.objects.filter(user=None, made_at__lte=at - conduct.WITHIN - timedelta(days=90))
    old.delete()
