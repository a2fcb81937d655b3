"""Queries for people, their addresses and their roles."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import RoleGrant, User
from common.errors import NotFound


def confirmed_emails(user: User) -> list[str]:
    """Return the addresses that the person has confirmed, in lower case."""
    rows = EmailAddress.objects.filter(user=user, verified=True)
    return [email.lower() for email in rows.values_list("email", flat=True)]


def has_confirmed(user: User) -> bool:
    """Return whether the person has confirmed the address of their account."""
    return user.email.lower() in confirmed_emails(user)


def person_by_public_id(public_id: str) -> User:
    """Return a person with an account. Raises NotFound, also for guests and for accounts that were closed."""
    found = User.objects.filter(public_id=public_id, is_active=True, is_guest=False).first()
    if found is None:
        raise NotFound
    return found


def owner_of(email: str) -> User | None:
    """Return the user whose account has this address, looking at confirmed addresses first."""
    rows = EmailAddress.objects.filter(email=email.lower()).select_related("user").order_by("-verified", "-primary")
    row = rows.first()
    return row.user if row is not None else User.objects.filter(email__iexact=email, is_guest=False).first()


def addresses(user: User) -> QuerySet[EmailAddress]:
    """Return all addresses of the person, the primary one first."""
    return EmailAddress.objects.filter(user=user).order_by("-primary", "email")


def staff() -> QuerySet[User]:
    """Return everyone with a role, by name."""
    rows = User.objects.filter(Q(is_operator=True) | Q(is_finance=True) | Q(is_moderator=True), is_active=True)
    return rows.order_by("display_name", "pk")


def waiting_grants() -> QuerySet[RoleGrant]:
    """Return roles that wait for a second person, oldest first."""
    return RoleGrant.objects.waiting().select_related("person", "granted_by").order_by("pk")


def people(text: str, *, by_address: bool) -> QuerySet[User]:
    """Return people whose name, identifier or (if the asker may see it) address contains the text, newest first."""
    found = Q(display_name__icontains=text) | Q(public_id=text)
    if by_address:
        found |= Q(email__icontains=text) | Q(emailaddress__email__icontains=text)
    confirmed = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    rows = User.objects.filter(is_guest=False).annotate(is_confirmed=Exists(confirmed))
    return (rows.filter(found).distinct() if text else rows).order_by("-pk")
