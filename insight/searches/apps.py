"""App configuration: hears from the beacon, registers what is kept, and what an account's deletion and copy do."""

from __future__ import annotations

from django.apps import AppConfig


class SearchesConfig(AppConfig):
    name = "insight.searches"
    label = "searches"

    def ready(self) -> None:
        from accounts import hooks as account_hooks
        from accounts import retention_schedule
        from insight.events import hooks as event_hooks
        from insight.searches import account_deletion, retention
        from insight.searches.services import recording

        event_hooks.record_kind("search", recording.record_search)
        event_hooks.record_kind("hire", recording.record_service_search)
        event_hooks.when_work_seen(recording.note_opened)
        retention_schedule.add(*retention.RULES)
        account_hooks.when_erased(account_deletion.erase)
        account_hooks.when_copied(account_deletion.documents)
