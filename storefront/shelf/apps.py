"""App configuration: what is kept, and what an account's deletion does."""

from __future__ import annotations

from django.apps import AppConfig


class ShelfConfig(AppConfig):
    name = "storefront.shelf"
    label = "shelf"

    def ready(self) -> None:
        from accounts import hooks as account_hooks
        from accounts import retention_schedule
        from storefront.shelf import retention
        from storefront.shelf.services import account_deletion

        retention_schedule.add(*retention.RULES)
        account_hooks.when_erased(account_deletion.erase)
