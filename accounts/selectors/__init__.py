"""What is known of people, their addresses and their roles."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import RoleGrant, User


def confirmed_emails(user: User) -> list[str]:
    """The addresses that the person has shown to be theirs, in small letters."""
    rows = EmailAddress.objects.filter(user=user, verified=True)
    return [email.lower() for email in rows.values_list("email", flat=True)]


def has_confirmed(user: User) -> bool:
    """Whether the person has shown that the address they are known by is theirs."""
    return user.email.lower() in confirmed_emails(user)


def owner_of(email: str) -> User | None:
    """Whose account it is that mail to this address is about, confirmed addresses first."""
    rows = EmailAddress.objects.filter(email=email.lower()).select_related("user").order_by("-verified", "-primary")
    row = rows.first()
    return row.user if row is not None else User.objects.filter(email__iexact=email, is_guest=False).first()


def addresses(user: User) -> QuerySet[EmailAddress]:
    """All addresses of the person, the main one first."""
    return EmailAddress.objects.filter(user=user).order_by("-primary", "email")


def staff() -> QuerySet[User]:
    """Everybody with a role, by name."""
    rows = User.objects.filter(Q(is_operator=True) | Q(is_finance=True) | Q(is_moderator=True), is_active=True)
    return rows.order_by("display_name", "pk")


def waiting_grants() -> QuerySet[RoleGrant]:
    """Roles that wait for a second person, the oldest first."""
    return RoleGrant.objects.waiting().select_related("person", "granted_by").order_by("pk")


def people(text: str, *, by_address: bool) -> QuerySet[User]:
    """People whose name, identifier or (where the asker may see it) address has the text in it, the newest first."""
    found = Q(display_name__icontains=text) | Q(public_id=text)
    if by_address:
        found |= Q(email__icontains=text) | Q(emailaddress__email__icontains=text)
    confirmed = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    rows = User.objects.filter(is_guest=False).annotate(is_confirmed=Exists(confirmed))
    return (rows.filter(found).distinct() if text else rows).order_by("-pk")
