"""Registers the app: what it holds of people, and what it does when somebody leaves."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import hooks, retention, schedule
        from accounts.services import erasing, sign_ups

        schedule.add(*retention.RULES)
        hooks.before_leaving(erasing.obstacles)
        hooks.when_erased(erasing.erase)
        hooks.each_night(erasing.forget)
        hooks.each_night(sign_ups.forget_unconfirmed)
