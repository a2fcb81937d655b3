"""App configuration: registers its handlers for payment events, data retention and labels of the audit log."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class FundingConfig(AppConfig):
    name = "hiring.funding"
    label = "funding"

    def ready(self) -> None:
        from accounts import hooks, retention_schedule
        from hiring.funding import audit_labels, retention, selectors
        from hiring.funding.services import payments
        from royalties import nav_counters

        import_module("hiring.funding.handlers")
        retention_schedule.add(*retention.RULES)
        audit_labels.register()
        hooks.on_nightly_cleanup(payments.forget_cards)
        nav_counters.count_with("funding:disputes", lambda: selectors.disputes_due().count())
        nav_counters.count_with("funding:refunds", lambda: selectors.returned_by_bank().count())
