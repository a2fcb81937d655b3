"""App configuration: registers what is kept about authors, and its deletion."""

from __future__ import annotations

from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "insight.figures"
    label = "figures"

    def ready(self) -> None:
        from accounts import hooks as account_hooks
        from accounts import retention_schedule
        from insight.figures import account_deletion, retention

        retention_schedule.add(*retention.RULES)
        account_hooks.when_erased(account_deletion.erase)
