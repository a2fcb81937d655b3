"""The provider's object behind a reference, recorded so that a journal entry can link to it."""

from __future__ import annotations

from royalties.models import ProviderKind, ProviderReference


def note(*, reference: str, kind: ProviderKind, object_id: str) -> None:
    """Record the object. Recording the same one twice gives one row."""
    ProviderReference.objects.get_or_create(reference=reference, kind=kind, object_id=object_id)
