"""People: the smallest valid ones, with named overrides."""

from __future__ import annotations

import itertools
from typing import Any

from accounts.models import User

_numbers = itertools.count(1)


def make_reader(**overrides: Any) -> User:
    """A person without roles; log in with `client.force_login`."""
    number = next(_numbers)
    values = {"email": f"person{number}@example.org", "display_name": f"Person {number}", **overrides}
    return User.objects.create(**values)


def make_author(**overrides: Any) -> User:
    return make_reader(is_author=True, **overrides)


def make_finance(**overrides: Any) -> User:
    return make_reader(is_finance=True, **overrides)


def make_moderator(**overrides: Any) -> User:
    return make_reader(is_moderator=True, **overrides)


def make_operator(**overrides: Any) -> User:
    return make_reader(is_operator=True, **overrides)
