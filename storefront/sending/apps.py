"""App configuration: what is kept, what an account's deletion does, and that purchases are sent."""

from __future__ import annotations

from django.apps import AppConfig


class SendingConfig(AppConfig):
    name = "storefront.sending"
    label = "sending"

    def ready(self) -> None:
        from accounts import hooks as account_hooks
        from accounts import retention_schedule
        from storefront.checkout import hooks as checkout_hooks
        from storefront.sending import audit_labels, retention
        from storefront.sending.services import account_deletion, deliveries

        audit_labels.register()
        retention_schedule.add(*retention.RULES)
        account_hooks.when_erased(account_deletion.erase)
        checkout_hooks.when_bought(deliveries.send_purchases)
