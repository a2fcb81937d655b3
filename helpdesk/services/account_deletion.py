"""Deletion of requests: with the account, and two years after they were closed."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db.models import Q

from accounts.models import Deletion
from helpdesk.models import ContactRequest

KEPT_FOR = timedelta(days=730)


def erase(deletion: Deletion, at: datetime) -> None:
    """Delete what the person asked, and what was asked from their addresses. Safe to repeat."""
    user = deletion.user
    theirs = Q(user=user)
    for address in {user.email, *EmailAddress.objects.filter(user=user).values_list("email", flat=True)}:
        theirs |= Q(email__iexact=address)
    ContactRequest.objects.filter(theirs).delete()


def forget(at: datetime) -> None:
    """Each night, delete requests that were closed long ago."""
    ContactRequest.objects.filter(closed_at__lt=at - KEPT_FOR).delete()
