"""allauth's forms for two-factor authentication, with our labels."""

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
from accounts.services import login_limits, refused_attempts
from common.client_ip import client_address
from common.limits import TooManyRequests

_MAX_NAME_LENGTH = 60


class _ByCode(code_forms.BaseAuthenticateForm):
    """Tells the page which methods the account has."""

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
                raise TooManyRequests(seconds=login_limits.WAIT_SECONDS) from None
            raise
        return code


def _note_lock(user: User) -> None:
    """Record an attempt over the limit. allauth sends a signal for a wrong code, but not for this."""
    place = client_address(context.request) if context.request is not None else None
    refused_attempts.note(refused_attempts.RefusedAttempt("login.locked", place=place or "", about=user))


class AuthenticateForm(_ByCode, code_forms.AuthenticateForm):
    """Used at log-in."""


class ReauthenticateForm(_ByCode, code_forms.ReauthenticateForm):
    """Used before a change to something that protects the account."""


class _Named:
    """Asks for a name by which people can tell their passkeys apart."""

    fields: dict[str, Any]

    def name_it(self) -> None:
        name = self.fields["name"]
        name.label, name.help_text = (
            _("Name"),
            _("Helps you recognise it, for example the name of the device it is stored on."),
        )
        name.validators.append(MaxLengthValidator(_MAX_NAME_LENGTH))
        name.widget.attrs["maxlength"] = _MAX_NAME_LENGTH


class _CredentialField(forms.JSONField):
    """The JSON that the browser's script puts together.

    Python refuses to parse integers of thousands of digits with an error of its own, which Django's field does not
    catch.
    """

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid", params={"value": ""}) from None


class LogInByPasskeyForm(passkey_forms.LoginWebAuthnForm):
    credential = _CredentialField()


class AuthenticateByPasskeyForm(passkey_forms.AuthenticateWebAuthnForm):
    """Used as the second factor at log-in."""

    credential = _CredentialField()


class ReauthenticateByPasskeyForm(passkey_forms.ReauthenticateWebAuthnForm):
    credential = _CredentialField()


class AddPasskeyForm(_Named, passkey_forms.AddWebAuthnForm):
    credential = _CredentialField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name_it()
        alone = self.fields["passwordless"]
        alone.label, alone.initial = _("Log in with this passkey alone, without a password"), True
        alone.help_text = _(
            "Your device will ask for your fingerprint, face or PIN. If you leave this unticked, you use the passkey "
            "in addition to your password."
        )


class EditPasskeyForm(_Named, passkey_forms.EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name_it()
