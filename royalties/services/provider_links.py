"""Notes which object of the provider is behind a reference, so that a journal entry opens it."""

from __future__ import annotations

from royalties.models import ProviderKind, ProviderReference


def note(*, reference: str, kind: ProviderKind, object_id: str) -> None:
    """Remember the object. The same note twice is one."""
    ProviderReference.objects.get_or_create(reference=reference, kind=kind, object_id=object_id)
