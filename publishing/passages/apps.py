"""App configuration: hears of finished conversions and of editions on sale, and registers what is kept."""

from __future__ import annotations

from django.apps import AppConfig


class PassagesConfig(AppConfig):
    name = "publishing.passages"
    label = "passages"

    def ready(self) -> None:
        from accounts import hooks as account_hooks
        from accounts import retention_schedule
        from conversion.hooks import when_finished
        from publishing import hooks
        from publishing.passages import audit_labels, retention
        from publishing.passages.services import account_deletion, comparing, texts

        when_finished(comparing.ask_after)
        hooks.when_listed(texts.drop_superseded)
        retention_schedule.add(*retention.RULES)
        audit_labels.register()
        account_hooks.when_erased(account_deletion.erase)
