"""App configuration: what is kept, which files stay, and what readers may report."""

from __future__ import annotations

from django.apps import AppConfig


class InProgressConfig(AppConfig):
    name = "storefront.in_progress"
    label = "in_progress"

    def ready(self) -> None:
        from accounts import hooks as account_hooks
        from accounts import retention_schedule
        from publishing import hooks
        from storefront.in_progress import audit_labels, reporting, retention, selectors
        from storefront.in_progress.services import account_deletion

        hooks.when_file_is_dropped(selectors.is_file_in_use)
        hooks.before_deleting(account_deletion.forget_work)
        account_hooks.when_erased(account_deletion.erase)
        retention_schedule.add(*retention.RULES)
        audit_labels.register()
        reporting.register()
