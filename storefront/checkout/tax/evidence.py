"""The verdict on the pieces of evidence for a reader's country.

Regulation (EU) 282/2011, Articles 24b and 24f, requires two pieces that do not contradict each other. A third that
differs does not invalidate two that agree: a reader at home with a foreign card is common.
"""

from __future__ import annotations

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from storefront.checkout.models import TaxEvidence


class Verdict(models.TextChoices):
    AGREES = "agrees", _("Two pieces agree")
    CONTRADICTS = "contradicts", _("Contradictory")
    INSUFFICIENT = "insufficient", _("Not enough")


def pieces(evidence: TaxEvidence) -> list[tuple[str | Promise, str]]:
    """Return each available piece of evidence by name, with the country it indicates."""
    # The country in the reader's profile is the same declaration again, not another piece.
    found = [
        (_("Declared at checkout"), evidence.declared),
        (_("Billing address"), evidence.billing),
        (_("Card issued in"), evidence.card),
    ]
    return [(name, country) for name, country in found if country]


def verdict(evidence: TaxEvidence, taxed_in: str) -> Verdict:
    """Return whether two pieces indicate the country that the order is taxed in, one contradicts it, or too few do."""
    said = [country for _name, country in pieces(evidence)]
    if said.count(taxed_in) >= 2:
        return Verdict.AGREES
    return Verdict.INSUFFICIENT if set(said) <= {taxed_in} else Verdict.CONTRADICTS
