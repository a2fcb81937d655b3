"""App configuration: hears of news about texts, and registers what is kept about its emails."""

from __future__ import annotations

from django.apps import AppConfig


class DigestsConfig(AppConfig):
    name = "publishing.digests"
    label = "digests"

    def ready(self) -> None:
        from accounts import hooks as account_hooks
        from accounts import retention_schedule
        from publishing import hooks
        from publishing.digests import mail_choices, retention
        from publishing.digests.services import account_deletion, planning

        hooks.when_text_has_news(planning.note_news)
        retention_schedule.add(*retention.RULES)
        mail_choices.register()
        account_hooks.when_erased(account_deletion.erase)
