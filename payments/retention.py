"""What this app holds of people (accounts/schedule.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.schedule import LAW_YEARS, Area, Erasure, Held, Rule
from payments.models import ProviderEvent

RULES = (
    Rule(
        area=Area.BUYING,
        holds=_("What the payment provider told us of a payment: its identifiers and amounts, no card and no name."),
        purpose=_("So that a payment is booked once, and can be explained later."),
        kept=_("As long as the books that it explains."),
        erasure=Erasure.NOT_YOURS,
        years=LAW_YEARS,
        tables=(Held(ProviderEvent),),
    ),
)
