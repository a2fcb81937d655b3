"""The consent to immediate supply."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ConsentField(forms.BooleanField):
    """Consent to immediate supply, in the wording of `services.consent`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_(
                "Open the books at once. I know that with the first download or page opened I lose the fourteen-day "
                "right of withdrawal that the law gives for distance sales."
            ),
            error_messages={
                "required": _("Without this consent, we may not open the books before fourteen days have passed.")
            },
            **kwargs,
        )
