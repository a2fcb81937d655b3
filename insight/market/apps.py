"""App configuration: tells operators on their page what is not right in the market."""

from __future__ import annotations

from django.apps import AppConfig


class MarketConfig(AppConfig):
    name = "insight.market"
    label = "market"

    def ready(self) -> None:
        from insight.market import audit_labels
        from insight.market.selectors import history
        from operations.console import hooks

        audit_labels.register()
        hooks.register_items(history.open_items)
