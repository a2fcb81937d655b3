"""App configuration: counts carts, registers what is kept, and what an account's deletion does."""

from __future__ import annotations

from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "insight.events"
    label = "events"

    def ready(self) -> None:
        from accounts import hooks as account_hooks
        from accounts import retention_schedule
        from insight.events import account_deletion, handlers, retention
        from storefront.checkout import hooks as checkout_hooks

        retention_schedule.add(*retention.RULES)
        account_hooks.when_erased(account_deletion.erase)
        checkout_hooks.when_added_to_cart(handlers.added_to_cart)
