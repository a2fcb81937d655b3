"""What the pieces of evidence for a reader's country say together.

Regulation (EU) 282/2011, Articles 24b and 24f, asks for two pieces that do not contradict each other. A third that says
something else does not undo two that agree: a reader at home with a foreign card is common.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _

# The country that the reader keeps in their profile is what they declare, said once more.
PIECES = {
    "declared": _("Declared at checkout"),
    "billing": _("Billing address"),
    "card": _("Card issued in"),
}


class Verdict(models.TextChoices):
    AGREES = "agrees", _("Two pieces agree")
    CONTRADICTS = "contradicts", _("Contradicts")
    INSUFFICIENT = "insufficient", _("Not enough")


def verdict(evidence: Mapping[str, object], taxed_in: str) -> Verdict:
    """Whether two pieces say the country that the order is taxed in."""
    said = [country for kind in PIECES if (country := evidence.get(kind))]
    if said.count(taxed_in) >= 2:
        return Verdict.AGREES
    return Verdict.INSUFFICIENT if set(said) <= {taxed_in} else Verdict.CONTRADICTS
