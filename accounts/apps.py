"""Registers the app's retention rules, its deletion hooks and its audit log labels."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import audit_labels, hooks, retention, retention_schedule, triggers
        from accounts.services import account_erasure, sign_ups
        from common import append_only

        import_module("accounts.signal_handlers")
        audit_labels.register()
        append_only.declare(triggers.LINKS)
        append_only.declare(triggers.ENTRIES, erasable=tuple(triggers.ERASED))
        retention_schedule.add(*retention.RULES)
        hooks.deletion_obstacle(account_erasure.obstacles)
        hooks.when_erased(account_erasure.erase)
        hooks.on_nightly_cleanup(account_erasure.forget)
        hooks.on_nightly_cleanup(sign_ups.forget_unconfirmed)
