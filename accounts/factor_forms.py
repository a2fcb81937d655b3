"""allauth's forms for second factors, in our words."""

from __future__ import annotations

from typing import Any

from allauth.core import context
from allauth.mfa.base import forms as code_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as passkey_forms
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services import refusals, tries
from common.limits import TooManyRequests
from common.visitors import client_address

_LONGEST_NAME = 60


class _ByCode(code_forms.BaseAuthenticateForm):
    """Says, for the page, in which ways the account can be opened."""

    @cached_property
    def _kinds(self) -> set[str]:
        return set(Authenticator.objects.filter(user=self.user).values_list("type", flat=True))

    @property
    def has_app(self) -> bool:
        return Authenticator.Type.TOTP in self._kinds

    @property
    def has_passkey(self) -> bool:
        return Authenticator.Type.WEBAUTHN in self._kinds

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Your code")
        self.fields["code"].widget.attrs.pop("placeholder")  # a coupon's, in German

    def clean_code(self) -> str:
        try:
            code: str = super().clean_code()
        except ValidationError as problem:
            if problem.code == "too_many_login_attempts":
                _note_lock(self.user)
                raise TooManyRequests(seconds=tries.WAIT_SECONDS) from None
            raise
        return code


def _note_lock(user: User) -> None:
    """As a wrong code is noted, which allauth tells of: one too many it does not."""
    place = client_address(context.request) if context.request is not None else None
    refusals.note(refusals.Try("login.locked", place=place or "", about=user))


class AuthenticateForm(_ByCode, code_forms.AuthenticateForm):
    """At log-in."""


class ReauthenticateForm(_ByCode, code_forms.ReauthenticateForm):
    """Before something that guards the account is changed."""


class _Named:
    """Both forms ask for the name by which the person tells their passkeys apart."""

    fields: dict[str, Any]

    def name_it(self) -> None:
        name = self.fields["name"]
        name.label, name.help_text = _("Name"), _("By which you tell it from others, such as the device it is kept on.")
        name.validators.append(MaxLengthValidator(_LONGEST_NAME))
        name.widget.attrs["maxlength"] = _LONGEST_NAME


class _CredentialField(forms.JSONField):
    """What the browser's script puts together. Python refuses whole numbers of thousands of digits with an error of
    its own, which Django's field does not know."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid", params={"value": ""}) from None


class LogInByPasskeyForm(passkey_forms.LoginWebAuthnForm):
    credential = _CredentialField()


class AuthenticateByPasskeyForm(passkey_forms.AuthenticateWebAuthnForm):
    """As the second factor, at log-in."""

    credential = _CredentialField()


class ReauthenticateByPasskeyForm(passkey_forms.ReauthenticateWebAuthnForm):
    credential = _CredentialField()


class AddPasskeyForm(_Named, passkey_forms.AddWebAuthnForm):
    credential = _CredentialField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name_it()
        alone = self.fields["passwordless"]
        alone.label, alone.initial = _("Log in with it alone, without the password"), True
        alone.help_text = _(
            "Your device then asks for your fingerprint, face or PIN. Without the tick, it is a second factor beside "
            "the password."
        )


class EditPasskeyForm(_Named, passkey_forms.EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name_it()
