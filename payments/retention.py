"""The personal data that this app holds (accounts/retention_schedule.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.retention_schedule import LAW_YEARS, Area, Erasure, Rule, TableRule
from payments.models import ProviderEvent

RULES = (
    Rule(
        area=Area.BUYING,
        holds=_(
            "What the payment provider tells us about a payment: identifiers and amounts, but no card details and no "
            "name."
        ),
        purpose=_("To record each payment once and to be able to explain it later."),
        kept=_("As long as the accounting records it explains."),
        erasure=Erasure.NOT_YOURS,
        years=LAW_YEARS,
        tables=(TableRule(ProviderEvent),),
    ),
)
