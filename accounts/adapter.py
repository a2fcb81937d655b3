"""Where allauth meets our user: a name without a username, who confirms an address, and where to go after log-in."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Deletion
from accounts.services import account_mails
from common import clock
from common.templatetags.money import day
from common.visitors import client_address


class AccountAdapter(DefaultAccountAdapter):
    def populate_username(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Our users have none."""

    def get_user_display(self, user: AbstractBaseUser) -> str:
        return str(user)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In our words, to our site, and after commit: a mail server out of order breaks no page."""
        account_mails.post(name=template_prefix, to=email, context=context)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """As allauth has it, but that the mail knows whose it is, and goes by the shop's clock."""
        told = {**(context or {}), "user": user, "timestamp": clock.now()}
        super().send_notification_mail(template_prefix, user, told, email)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Only whoever is logged in to the account confirms its address.

        A mail's link alone would confirm a stranger's account, made with the address of somebody who then presses the
        button in good faith, and the stranger would get what was bought under that address.
        """
        if not request.user.is_authenticated:
            raise ImmediateHttpResponse(redirect_to_login(request.get_full_path()))
        if request.user.pk != email_address.user_id:
            messages.warning(request, _("This address belongs to another account. Log in to that one to confirm it."))
            return False
        return super().confirm_email(request, email_address)

    def get_client_ip(self, request: HttpRequest) -> str:
        """By our rule: allauth's fails where fewer proxies were passed than ALLAUTH_TRUSTED_PROXY_COUNT says."""
        address = client_address(request)
        if address is None:
            raise PermissionDenied
        return address

    def is_safe_url(self, url: str) -> bool:
        """allauth asks for the host of the address, which "//[" cannot tell."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def post_login(self, request: HttpRequest, user: Any, **told: Any) -> HttpResponse:
        """Whoever logs in to an account that is to be deleted hears so."""
        deletion = Deletion.objects.waiting().filter(user=user).first()
        if deletion is not None:
            words = _("Your account will be deleted on %(day)s. You can call that off on the page “Your data”.")
            messages.warning(request, words % {"day": day(deletion.due_at)})
        response: HttpResponse = super().post_login(request, user, **told)
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        user: Any = request.user
        if user.is_finance:
            return reverse("finance")
        if user.is_author:
            return reverse("desk")
        return reverse("library")
