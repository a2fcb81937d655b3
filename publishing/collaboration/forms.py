"""Forms of collaboration."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from publishing.collaboration.models import CollaboratorRole


class RoleForm(forms.Form):
    """What a collaborator may do."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=CollaboratorRole.choices,
        help_text=_(
            "Early readers read and comment. Proofreaders suggest changes, too. Editors and co-authors correct the "
            "text and decide about suggestions. Nobody sees prices, sales or files."
        ),
    )
    may_publish = forms.BooleanField(label=_("Co-authors only: may publish new editions"), required=False)

    def clean_role(self) -> CollaboratorRole:
        return CollaboratorRole(self.cleaned_data["role"])


class InvitationForm(RoleForm):
    email = forms.EmailField(
        label=_("Email address"), help_text=_("We send a link that works once, for 14 days. They need a free account.")
    )
    language = forms.ChoiceField(label=_("Language of the email"), choices=settings.LANGUAGES)

    field_order = ["email", "role", "may_publish", "language"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autocomplete"] = "off"
