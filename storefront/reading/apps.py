"""App configuration: follows guests who claim their purchases, and deleted accounts."""

from __future__ import annotations

from django.apps import AppConfig


class ReadingConfig(AppConfig):
    name = "storefront.reading"
    label = "reading"

    def ready(self) -> None:
        from accounts import hooks as account_hooks
        from accounts import retention_schedule
        from storefront.checkout import hooks as checkout_hooks
        from storefront.reading import retention
        from storefront.reading.services import account_deletion, positions

        checkout_hooks.when_claimed(positions.merge_guest_positions)
        retention_schedule.add(*retention.RULES)
        account_hooks.when_erased(account_deletion.erase)
