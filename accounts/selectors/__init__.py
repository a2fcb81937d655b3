"""What is known of people's addresses."""

from __future__ import annotations

from allauth.account.models import EmailAddress

from accounts.models import User


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
