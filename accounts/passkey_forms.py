"""allauth's forms for passkeys, in our words."""

from __future__ import annotations

from typing import Any

from allauth.mfa.webauthn import forms as allauth_forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

_LONGEST_NAME = 60


class _Named:
    """Both forms ask for the name by which the person tells their passkeys apart."""

    fields: dict[str, Any]

    def name_it(self) -> None:
        name = self.fields["name"]
        name.label, name.help_text = _("Name"), _("By which you tell it from others, such as the device it is kept on.")
        name.validators.append(MaxLengthValidator(_LONGEST_NAME))
        name.widget.attrs["maxlength"] = _LONGEST_NAME


class AddPasskeyForm(_Named, allauth_forms.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name_it()
        alone = self.fields["passwordless"]
        alone.label, alone.initial = _("Log in with it alone, without the password"), True
        alone.help_text = _(
            "Your device then asks for your fingerprint, face or PIN. Without the tick, it is a second factor beside "
            "the password."
        )


class EditPasskeyForm(_Named, allauth_forms.EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name_it()
