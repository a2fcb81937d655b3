"""Accepted author terms and stated rights."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from accounts import selectors as account_selectors
from accounts.models import User
from publishing import author_terms
from publishing.models import AiUseChange, Edition, RightsStatement, Work


def has_confirmed_address(user: User) -> bool:
    """Whether the user has confirmed the account's email address."""
    return account_selectors.has_confirmed(user)


def has_accepted_terms(user: User) -> bool:
    """Whether the user has accepted the current version of the author terms."""
    return user.terms_accepted.filter(version=author_terms.CURRENT).exists()


def statement_of(edition: Edition) -> RightsStatement | None:
    """Return the edition's statement, or else that of the previous edition, which publishing copies to the new one."""
    known = RightsStatement.objects.filter(Q(edition=edition.pk) | Q(edition__in=Edition.objects.before(edition)))
    return known.order_by("-edition__number", "-edition__revision").first()


def ai_use_changes(work: Work) -> QuerySet[AiUseChange]:
    """Select what was stated on AI in the work's editions, the newest first."""
    return AiUseChange.objects.filter(edition__work=work).select_related("edition")[:50]
