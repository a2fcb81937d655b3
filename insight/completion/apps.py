"""App configuration: the question at the end of a book, what is kept about readers, and its deletion."""

from __future__ import annotations

from django.apps import AppConfig


class CompletionConfig(AppConfig):
    name = "insight.completion"
    label = "completion"

    def ready(self) -> None:
        from accounts import hooks as account_hooks
        from accounts import retention_schedule
        from insight.completion import account_deletion, retention
        from insight.completion.selectors import consents
        from insight.completion.services.consents import note_asked
        from storefront.reading import hooks as reading_hooks

        retention_schedule.add(*retention.RULES)
        account_hooks.when_erased(account_deletion.erase)
        reading_hooks.register_end_question(consents.is_to_be_asked, note_asked)
