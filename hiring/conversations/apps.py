"""App configuration: registers what is kept of conversations, and what is deleted with an account."""

from __future__ import annotations

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "hiring.conversations"
    label = "conversations"

    def ready(self) -> None:
        from accounts import hooks, retention_schedule
        from hiring.conversations import comments, mail_kinds, menu, reported_messages, retention
        from hiring.conversations.services import account_deletion
        from storefront.pages import menu_hooks

        retention_schedule.add(*retention.RULES)
        hooks.when_erased(account_deletion.erase)
        hooks.on_nightly_cleanup(account_deletion.forget)
        menu_hooks.add_link(menu.inbox_link)
        reported_messages.register()
        comments.register()
        mail_kinds.register()
