"""Where allauth meets our user: a name without a username, and where to go after log-in."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse


class AccountAdapter(DefaultAccountAdapter):
    def populate_username(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Our users have none."""

    def get_user_display(self, user: AbstractBaseUser) -> str:
        return str(user)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        user: Any = request.user
        if user.is_finance:
            return reverse("finance")
        if user.is_author:
            return reverse("desk")
        return reverse("library")
