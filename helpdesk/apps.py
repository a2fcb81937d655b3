"""Registers the app's retention rules, its deletion hooks and the count of open requests."""

from __future__ import annotations

from django.apps import AppConfig


class HelpdeskConfig(AppConfig):
    name = "helpdesk"

    def ready(self) -> None:
        from accounts import hooks, retention_schedule
        from helpdesk import audit_labels, inbox, retention, selectors
        from helpdesk.services import account_deletion
        from royalties import nav_counters

        retention_schedule.add(*retention.RULES)
        audit_labels.register()
        hooks.when_erased(account_deletion.erase)
        hooks.on_nightly_cleanup(account_deletion.forget)
        nav_counters.count_with("helpdesk-requests", selectors.count_open)
        inbox.register()
