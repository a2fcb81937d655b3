"""The demonstration's log-ins."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common import clock
from publishing import author_terms
from publishing import services as publishing_services

PASSWORD = "octavo-demo-shop"  # printed on the screen of every demonstration


@dataclass(frozen=True, slots=True)
class Login:
    role: str
    email: str
    name: str
    country: str = "US"
    flags: tuple[str, ...] = field(default=())
    password: str = PASSWORD


LOGINS = (
    Login("author", "author@example.org", "Maud Ellerby", "GB", ("is_author",)),
    Login("reader", "reader@example.org", "Hanna L.", "DE"),
    Login("finance", "finance@example.org", "Fiona Ledger", "GB", ("is_finance",)),
    Login("finance 2", "finance2@example.org", "Felix Audit", "GB", ("is_finance",)),
    Login("moderator", "moderator@example.org", "Mo Fairley", "US", ("is_moderator",)),
    Login("operator", "operator@example.org", "Opal Root", "US", ("is_operator",)),
)


@transaction.atomic
def seed_logins() -> dict[str, User]:
    """Create the people that do not exist yet. Return them by role."""
    return {login.role: person(login.email, login.name, login.country, login.flags) for login in LOGINS}


def person(email: str, name: str, country: str, flags: tuple[str, ...] = (), bio: str = "") -> User:
    """Return the user with that address, created with the demonstration's password if there is none."""
    user = User.objects.filter(email=email).first()
    if user is not None:
        if bio and not user.bio:
            account_services.update_profile(
                actor=user, display_name=name, country=country, language=user.language, bio=bio
            )
        return user
    fields: dict[str, bool] = dict.fromkeys(flags, True)
    user = User(email=email, password=_hashed(), display_name=name, country=country, bio=bio, **fields)
    user.save()
    user.emailaddress_set.create(email=email, verified=True, primary=True)
    if user.is_author:
        publishing_services.accept_terms(actor=user, version=author_terms.CURRENT, at=clock.now())
    return user


@cache
def _hashed() -> str:
    """Hash the password once for everyone: hashing is slow on purpose, and this password is no secret."""
    return make_password(PASSWORD)
