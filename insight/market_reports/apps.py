"""App configuration: registers what is kept of subscriptions, and what an account's deletion does."""

from __future__ import annotations

from django.apps import AppConfig


class MarketReportsConfig(AppConfig):
    name = "insight.market_reports"
    label = "market_reports"

    def ready(self) -> None:
        from accounts import hooks as account_hooks
        from accounts import retention_schedule
        from insight.market_reports import account_deletion, audit_labels, retention

        audit_labels.register()
        retention_schedule.add(*retention.RULES)
        account_hooks.when_erased(account_deletion.erase)
