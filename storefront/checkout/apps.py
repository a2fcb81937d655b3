"""The Django app: registers its handlers for payment events, pre-orders, log-ins and account deletion."""

from __future__ import annotations

from django.apps import AppConfig


class CheckoutConfig(AppConfig):
    name = "storefront.checkout"
    label = "checkout"

    def ready(self) -> None:
        from accounts import hooks as account_hooks
        from accounts import retention_schedule
        from publishing import hooks
        from storefront.checkout import (
            account_deletion,
            audit_labels,
            handlers,  # noqa: F401 # registers itself with the payment events
            retention,
        )
        from storefront.checkout.preorders.services import preorders
        from storefront.checkout.receipts.services import data_export

        hooks.when_listed(preorders.edition_listed)
        hooks.when_withdrawn(preorders.edition_withdrawn)
        retention_schedule.add(*retention.RULES)
        audit_labels.register()
        account_hooks.deletion_obstacle(account_deletion.obstacles)
        account_hooks.deletion_notice(account_deletion.losses)
        account_hooks.before_erasing(account_deletion.prepare)
        account_hooks.when_erased(account_deletion.erase)
        account_hooks.on_nightly_cleanup(account_deletion.delete_leftovers)
        account_hooks.when_copied(data_export.receipts)
