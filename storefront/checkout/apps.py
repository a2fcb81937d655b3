"""The Django app: registers its handlers for payment events, pre-orders, log-ins and account deletion."""

from __future__ import annotations

from django.apps import AppConfig


class CheckoutConfig(AppConfig):
    name = "storefront.checkout"
    label = "checkout"

    def ready(self) -> None:
        from accounts import hooks as account_hooks
        from accounts import schedule
        from publishing import hooks
        from storefront.checkout import (
            audit_words,
            handlers,  # noqa: F401 # registers itself with the payment events
            leaving,
            retention,
        )
        from storefront.checkout.preorders.services import preorders
        from storefront.checkout.receipts.services import own_copies

        hooks.when_listed(preorders.edition_listed)
        hooks.when_withdrawn(preorders.edition_withdrawn)
        schedule.add(*retention.RULES)
        audit_words.register()
        account_hooks.before_leaving(leaving.obstacles)
        account_hooks.told_before_leaving(leaving.given_up)
        account_hooks.before_erasing(leaving.prepare)
        account_hooks.when_erased(leaving.erase)
        account_hooks.each_night(leaving.forget)
        account_hooks.when_copied(own_copies.receipts)
