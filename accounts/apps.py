"""Registers the app's retention rules, its deletion hooks and its audit log labels."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import audit_words, hooks, retention, schedule, triggers
        from accounts.services import erasing, sign_ups
        from common import append_only

        import_module("accounts.handlers")
        audit_words.register()
        append_only.declare(triggers.LINKS)
        append_only.declare(triggers.ENTRIES, erasable=tuple(triggers.ERASED))
        schedule.add(*retention.RULES)
        hooks.before_leaving(erasing.obstacles)
        hooks.when_erased(erasing.erase)
        hooks.each_night(erasing.forget)
        hooks.each_night(sign_ups.forget_unconfirmed)
