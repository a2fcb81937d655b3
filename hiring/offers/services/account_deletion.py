"""Account deletion: offers leave the lists at once; those in papers stay without text, name and samples."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Deletion
from hiring.offers import hooks
from hiring.offers.models import Offer, OfferSample, OfferState, Provider
from hiring.offers.services.samples import delete_samples


def erase(deletion: Deletion, at: datetime) -> None:
    """Delete what the person offered. Safe to repeat."""
    user = deletion.user
    Provider.objects.filter(user=user).delete()
    delete_samples(OfferSample.objects.filter(offer__provider=user))
    for offer in Offer.objects.filter(provider=user):
        if hooks.is_in_use(offer):
            Offer.objects.filter(pk=offer.pk).update(title="", text="", state=OfferState.PAUSED, held_by="")
        else:
            offer.delete()
