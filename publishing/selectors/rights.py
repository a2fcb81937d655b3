"""What an author has agreed to, and what was stated of editions."""

from __future__ import annotations

from accounts import selectors as account_selectors
from accounts.models import User
from publishing import author_terms
from publishing.models import Edition, RightsStatement


def has_confirmed_address(user: User) -> bool:
    """Whether the person has shown that the account's own address is theirs."""
    return account_selectors.has_confirmed(user)


def has_accepted_terms(user: User) -> bool:
    """Whether the person has accepted the terms as they are now."""
    return user.terms_accepted.filter(version=author_terms.CURRENT).exists()


def statement_of(edition: Edition) -> RightsStatement | None:
    """What was stated of the edition; of a new one, what was stated of the one before, which publishing repeats."""
    known = RightsStatement.objects.filter(edition__work=edition.work_id, edition__number__lte=edition.number)
    return known.order_by("-edition__number").first()
