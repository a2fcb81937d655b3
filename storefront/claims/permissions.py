"""Who may claim, answer, look and decide.

| | claims | sees the claim | answers, appeals | upholds, withdraws, appeals | looks, decides | decides the appeal |
|---|---|---|---|---|---|---|
| claimant, by account or signed link | yes | yes | | yes | | |
| owner of the book | not theirs | yes | yes | | | |
| other makers of the book | not theirs | yes | | | | |
| moderators, not involved | as anybody | yes | | | yes | who did not decide |
| members, visitors | yes | | | | | |
"""

from __future__ import annotations

from accounts.models import User
from accounts.permissions import Visitor
from publishing import permissions as publishing_permissions
from publishing.models import Work
from storefront.claims.models import Claim
from storefront.community import permissions as community_permissions


def may_claim(user: Visitor, work: Work) -> bool:
    """Return whether the visitor may claim words of the book: anybody, with or without an account, but its makers."""
    return not isinstance(user, User) or (user.is_active and not publishing_permissions.is_maker(user, work))


def may_answer(user: Visitor, work: Work) -> bool:
    """Return whether the person may answer claims on the book, and appeal: its owner."""
    return publishing_permissions.may_publish(user, work)


def may_moderate(user: Visitor, claim: Claim) -> bool:
    """Return whether the person may look at the claim and decide it: a moderator who is not involved.

    The claimant and the makers of the two books are involved.
    """
    if not isinstance(user, User) or not community_permissions.may_moderate(user):
        return False
    if claim.user_id == user.pk or (claim.email and claim.email.lower() == user.email.lower()):
        return False
    works = [claim.work, *([claim.original] if claim.original is not None else [])]
    return not any(publishing_permissions.is_maker(user, work) for work in works)


def may_decide_appeal(user: Visitor, claim: Claim) -> bool:
    """Return whether the person may decide an appeal: one who may decide the claim, and did not decide it before."""
    if not may_moderate(user, claim) or not isinstance(user, User):
        return False
    return claim.case is None or claim.case.decided_by_id != user.pk
