"""Forms that make something once, however often they are sent.

A form gets a token when it is shown. Who sends it again, because the first answer was lost, sends the same token, and
the service returns what the first one made.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4, uuid5

from django import forms


class OnceForm(forms.Form):
    """A form with a token of its own. A program that sends none makes something new each time."""

    form_token = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form_token"].initial = uuid4

    def sent_token(self, *content: object) -> UUID | None:
        """Return the token of the form with this content: filled in anew after "Back", it makes something else."""
        token: UUID | None = self.cleaned_data["form_token"]
        return token and uuid5(token, repr(content))
