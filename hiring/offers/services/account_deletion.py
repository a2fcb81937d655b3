"""Account deletion: offers leave the lists at once; those in papers stay without text, name and samples."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Deletion
from hiring.offers import hooks
from hiring.offers.models import Offer, OfferSample, OfferState, Provider


def erase(deletion: Deletion, at: datetime) -> None:
    """Delete what the person offered. Safe to repeat."""
    user = deletion.user
    Provider.objects.filter(user=user).delete()
    OfferSample.objects.filter(offer__provider=user).delete()
    for offer in Offer.objects.filter(provider=user):
        if hooks.is_in_use(offer):
            Offer.objects.filter(pk=offer.pk).update(title="", text="", state=OfferState.PAUSED, held_by="")
        else:
            offer.delete()
