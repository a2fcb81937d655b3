"""What follows from dismissed claims (Digital Services Act, Article 23): a warning, then 90 days without claims.

Two dismissed within a year: a warning, and a moderator looks before anything is held. Three, after a warning: no claims
for 90 days. Whoever is suspended can appeal, to somebody who dismissed none of them.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common import jobs
from storefront.claims.errors import NotYourClaim, WordsMissing, WrongStep
from storefront.claims.models import Claim, ConductNotice, NoticeKind
from storefront.claims.selectors import conduct
from storefront.community import permissions as community_permissions

SUSPENDED_FOR = timedelta(days=90)
_WARNED_AT = 2
_SUSPENDED_AT = 3


def after_dismissal(claim: Claim, at: datetime) -> ConductNotice | None:
    """Warn or suspend a claimant whose claim was dismissed for good, if it was not the first within a year."""
    found = conduct.dismissed(claim.user, claim.email, at)
    if len(found) < _WARNED_AT:
        return None
    is_suspension = len(found) >= _SUSPENDED_AT and conduct.was_warned(claim.user, claim.email, at)
    notice = ConductNotice.objects.create(
        kind=NoticeKind.SUSPENSION if is_suspension else NoticeKind.WARNING,
        user=claim.user,
        email=claim.email,
        language=claim.language,
        made_at=at,
        ends_at=at + SUSPENDED_FOR if is_suspension else None,
    )
    notice.claims.set(found)
    verb = "claims.suspended" if is_suspension else "claims.warned"
    account_services.record_audit(actor=None, verb=verb, subject=notice)
    jobs.enqueue("claims.mail_conduct", notice_id=notice.pk)
    return notice


def may_appeal(notice: ConductNotice, at: datetime) -> bool:
    """Return whether the person can appeal: once, while the suspension lasts."""
    return notice.appealed_at is None and notice.ends_at is not None and at < notice.ends_at


@transaction.atomic
def appeal(*, notice: ConductNotice, words: str, at: datetime) -> ConductNotice:
    """Appeal against a suspension, as the person it is about. Raises WrongStep, WordsMissing."""
    found = ConductNotice.objects.select_for_update(of=("self",)).select_related("user").get(pk=notice.pk)
    if not may_appeal(found, at):
        raise WrongStep
    if not words.strip():
        raise WordsMissing
    found.appeal, found.appealed_at = words.strip(), at
    found.save(update_fields=["appeal", "appealed_at"])
    account_services.record_audit(actor=found.user, verb="claims.suspension_appealed", subject=found)
    return found


def may_decide(user: User, notice: ConductNotice) -> bool:
    """Return whether the person may decide the appeal: a moderator who dismissed none of the claims, nor made one."""
    if not community_permissions.may_moderate(user) or notice.user_id == user.pk:
        return False
    cases = notice.claims.exclude(case=None)
    return not (cases.filter(case__decided_by=user).exists() or cases.filter(case__appeal_decided_by=user).exists())


@transaction.atomic
def decide_appeal(*, actor: User, notice: ConductNotice, is_lifted: bool, reason: str, at: datetime) -> ConductNotice:
    """Lift a suspension, or let it stand. Raises NotYourClaim, WrongStep, WordsMissing."""
    found = ConductNotice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if not may_decide(actor, found):
        raise NotYourClaim
    if found.appealed_at is None or found.appeal_decided_at is not None:
        raise WrongStep
    if not reason.strip():
        raise WordsMissing
    found.is_lifted, found.appeal_reason = is_lifted, reason.strip()
    found.appeal_decided_by, found.appeal_decided_at = actor, at
    found.save()
    facts: dict[str, str | int] = {"outcome": "lifted" if is_lifted else "stands"}
    account_services.record_audit(actor=actor, verb="claims.suspension_decided", subject=found, facts=facts)
    jobs.enqueue("claims.mail_conduct", notice_id=found.pk)
    return found
