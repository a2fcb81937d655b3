"""People: the smallest valid ones, with named overrides."""

from __future__ import annotations

import itertools
from typing import Any

from allauth.account.models import EmailAddress

from accounts.models import User
from common import clock
from publishing import author_terms
from publishing.models import TermsAcceptance

_numbers = itertools.count(1)


def make_reader(**overrides: Any) -> User:
    """A person without roles; log in with `client.force_login`."""
    number = next(_numbers)
    values = {"email": f"person{number}@example.org", "display_name": f"Person {number}", **overrides}
    return User.objects.create(**values)


def make_member(**overrides: Any) -> User:
    """A person without roles whose address is confirmed."""
    member = make_reader(**overrides)
    EmailAddress.objects.create(user=member, email=member.email, verified=True, primary=True)
    return member


def make_author(**overrides: Any) -> User:
    """Somebody who may publish: their address is confirmed, and they have accepted the author terms."""
    author = make_member(is_author=True, **overrides)
    TermsAcceptance.objects.create(person=author, version=author_terms.CURRENT, accepted_at=clock.now())
    return author


def make_finance(**overrides: Any) -> User:
    return make_reader(is_finance=True, **overrides)


def make_moderator(**overrides: Any) -> User:
    return make_reader(is_moderator=True, **overrides)


def make_operator(**overrides: Any) -> User:
    return make_reader(is_operator=True, **overrides)
