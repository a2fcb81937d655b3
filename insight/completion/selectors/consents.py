"""Who is asked, and what they answered."""

from __future__ import annotations

from accounts.models import User
from insight.completion.models import Consent
from publishing.models import Work
from storefront.checkout.models import Entitlement


def is_to_be_asked(reader: User, work: Work) -> bool:
    """Return whether the end of a book they bought asks this reader: a member who never was asked."""
    if reader.is_guest or Consent.objects.filter(user=reader).exists():
        return False
    return Entitlement.objects.readable().filter(user=reader, work=work, line__isnull=False).exists()


def agrees(reader: User) -> bool:
    return Consent.objects.filter(user=reader, agrees=True).exists()
