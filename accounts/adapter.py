"""The allauth adapter: users without a username, email confirmation, log-in limits and where to go after log-in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import permissions, selectors
from accounts.models import Deletion, User
from accounts.services import account_emails, login_limits, refused_attempts, sign_ups
from common import clock
from common.client_ip import client_address
from common.templatetags.money import day

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": gettext_lazy("This code is wrong. Use the one from our latest email."),
        "rate_limited": gettext_lazy("We have already sent you a code. Wait a few seconds before you ask for another."),
        "too_many_login_attempts": gettext_lazy(
            "Too many wrong attempts. Wait a few minutes, or log in again to get a new code."
        ),
    }

    _WAYS: ClassVar[dict[str, StrOrPromise]] = {
        "reauthenticate": gettext_lazy("Enter your password"),
        "mfa_reauthenticate": gettext_lazy("Enter a code"),
        "mfa_reauthenticate:webauthn": gettext_lazy("Use a passkey"),
    }

    def populate_username(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Do nothing: our users have no username."""

    def get_user_display(self, user: AbstractBaseUser) -> str:
        return str(user)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send our own version of the email, linking to SITE_URL, after commit, so that a mail server outage breaks no
        page.
        """
        account_emails.post(name=template_prefix, to=email, context=context)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Notify every address of the account, where allauth notifies one, and date the email by the shop's clock."""
        if not isinstance(user, User):
            return
        told = {**(context or {}), "user": user, "timestamp": clock.now()}
        for address in account_emails.notified_addresses(user, beside=[email, told.get("deleted_email")]):
            super().send_notification_mail(template_prefix, user, told, address)

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict[str, Any]]:
        """Describe allauth's methods in our own words."""
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [{**way, "description": self._WAYS[way["id"]]} for way in ways]

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Confirm the address, and notify the account's other addresses when one is added.

        The code was entered in the browser that asked for it, so the address belongs to the person at that browser.
        """
        user = email_address.user
        is_another = bool(selectors.confirmed_emails(user))
        if not super().confirm_email(request, email_address):
            return False
        if is_another:
            told = {"added_email": email_address.email}
            self.send_notification_mail("account/email/email_added", user, told)
        return True

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the client's IP address by our own rule.

        allauth's rule fails when a request passed fewer proxies than ALLAUTH_TRUSTED_PROXY_COUNT says.
        """
        address = client_address(request)
        if address is None:
            raise PermissionDenied
        return address

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Make a client that has tried too often wait, whatever the password."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            raise ImmediateHttpResponse(_wait(request)) from None
        if not login_limits.may_try(request, credentials.get("email", "")):
            raise ImmediateHttpResponse(_wait(request))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count attempts by email and IP address. By email alone, as allauth does, anyone could lock the owner out."""
        return login_limits.key(request, credentials.get("email", ""))

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        login_limits.note_failure(request, credentials.get("email", ""))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Authenticate as allauth does, and record an attempt over the limit like one with a wrong password."""
        try:
            return super().authenticate(request, **credentials)
        except (ValidationError, ImmediateHttpResponse):
            email = str(credentials.get("email", ""))
            refused_attempts.note_login(verb="login.locked", email=email, place=client_address(request) or "")
            raise

    def is_safe_url(self, url: str) -> bool:
        """Return False for URLs whose host cannot be parsed, such as "//[", where allauth raises an error."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def post_login(self, request: HttpRequest, user: Any, **told: Any) -> HttpResponse:
        """Warn a user whose account is due to be deleted."""
        sign_ups.forget(request)
        login_limits.remember_network(request, user)
        deletion = Deletion.objects.waiting().filter(user=user).first()
        if deletion is not None:
            words = _("Your account will be deleted on %(day)s. You can cancel this under “Your data”.")
            messages.warning(request, words % {"day": day(deletion.due_at)})
        response: HttpResponse = super().post_login(request, user, **told)
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        user: Any = request.user
        if permissions.is_finance(user):
            return reverse("finance")
        if permissions.lacks_second_factor(user):
            return reverse("account")
        if user.is_author:
            return reverse("desk")
        return reverse("library:books")


def _wait(request: HttpRequest) -> HttpResponse:
    told = {"minutes": login_limits.WAIT_SECONDS // 60}
    response = render(request, "account/too_many_tries.html", told, status=429)
    response["Retry-After"] = str(login_limits.WAIT_SECONDS)
    return response
