"""App configuration: what is kept, what an account's deletion and a password reset do, and what the audit log says."""

from __future__ import annotations

from django.apps import AppConfig


class DevicesConfig(AppConfig):
    name = "storefront.devices"
    label = "devices"

    def ready(self) -> None:
        from accounts import hooks as account_hooks
        from accounts import retention_schedule
        from storefront.devices import audit_labels, handlers, retention
        from storefront.devices.services import account_deletion

        retention_schedule.add(*retention.RULES)
        account_hooks.when_erased(account_deletion.erase)
        audit_labels.register()
        handlers.connect()
