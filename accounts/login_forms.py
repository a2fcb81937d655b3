"""Forms for log-in, sign-up, email addresses and new passwords: allauth's forms with our labels and rules.

They are in a module of their own because allauth imports them while loading its own forms.
"""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.core import context
from django import forms
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import passwords, selectors
from accounts.models import User
from accounts.services import login_limits, resets, sign_ups


class LoginForm(allauth_forms.LoginForm):
    """allauth's log-in form with our own label for its check box."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["remember"].label = gettext_lazy("Stay logged in")


class SignupForm(allauth_forms.SignupForm):
    """Keeps what was typed in case the address turns out to be wrong, and does not reveal who has an account."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Whoever came from the authors' pages wants to get back there. An invited person may only want their credit.
        way = context.request.GET.get("next", "")
        wants = {"wants_to_publish": "/desk/" in way and "/desk/invitations/" not in way}
        kwargs["initial"] = {**wants, **sign_ups.typed(context.request), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Check the password against the display name too; allauth only checks it against the email address."""
        cleaned: dict[str, Any] = super().clean()
        password = cleaned.get("password1")
        if password and "password1" not in self.errors:
            named = User(email=cleaned.get("email", ""), display_name=cleaned.get("display_name", ""))
            try:
                passwords.GuessableValidator().validate(password, named)
            except forms.ValidationError as problem:
                self.add_error("password1", problem)
        return cleaned

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])  # takes as long as for a new address
        user, response = super().try_save(request)
        sign_ups.remember(request, user=user, typed=self.cleaned_data)
        return user, response


class AddEmailForm(allauth_forms.AddEmailForm):
    user: User

    @property
    def may_add(self) -> bool:
        """Require the first address to be confirmed: a second one would be a back door into someone else's account."""
        return selectors.has_confirmed(self.user)

    @property
    def why_not(self) -> str:
        return _("Confirm %(email)s before you add another address. Choose “Send a code” to get a code there.") % {
            "email": self.user.email
        }

    def clean(self) -> dict[str, Any]:
        if not self.may_add:
            raise forms.ValidationError(self.why_not)
        return super().clean() or {}


class ResetPasswordForm(allauth_forms.ResetPasswordForm):
    """Emails the link to confirmed addresses and to the account's own, never to one that was only added."""

    def clean_email(self) -> str:
        email: str = super().clean_email()
        self.users = [user for user in self.users if resets.may_be_mailed(user, email)]
        return email

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        tokens = resets.Tokens(self.cleaned_data["email"])
        email: str = super().save(request, **{**kwargs, "token_generator": tokens})
        return email


class UserTokenForm(allauth_forms.UserTokenForm):
    token_generator = resets.AnyAddressTokens()


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    """allauth's form with our own labels."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = gettext_lazy("Current password")
        _label_new_password(self)


class ResetPasswordKeyForm(allauth_forms.ResetPasswordKeyForm):
    """Sets the new password, ends open sessions, and hands an unconfirmed account to the address's owner."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _label_new_password(self)

    def save(self) -> None:
        email = resets.address_of(self.user, self.temp_key)  # read first: the token expires with the old password
        super().save()
        login_limits.reset_after_password_change(context.request, self.user)
        for dropped in resets.confirm_by_reset(user=self.user, email=email):
            told = {"deleted_email": dropped}
            get_adapter().send_notification_mail("account/email/email_deleted", self.user, told)


class EnterCodeForm(allauth_forms.ConfirmEmailVerificationCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = gettext_lazy("Code from the email")
        self.fields["code"].widget.attrs.pop("placeholder")  # a coupon's, in German


def _label_new_password(form: forms.Form) -> None:
    form.fields["password1"].label = gettext_lazy("New password")
    form.fields["password2"].label = gettext_lazy("New password (again)")
