"""App configuration: registers what is kept about bulk edits and for how long."""

from __future__ import annotations

from django.apps import AppConfig


class BulkConfig(AppConfig):
    name = "publishing.bulk"
    label = "bulk"

    def ready(self) -> None:
        from accounts import hooks as account_hooks
        from accounts import retention_schedule
        from publishing.bulk import audit_labels, retention
        from publishing.bulk.services import cleanup

        retention_schedule.add(*retention.RULES)
        audit_labels.register()
        account_hooks.when_erased(cleanup.erase)
        account_hooks.on_nightly_cleanup(cleanup.delete_old)
