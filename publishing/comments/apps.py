"""App configuration: registers what is kept about comments, and what is deleted with an account."""

from __future__ import annotations

from django.apps import AppConfig


class CommentsConfig(AppConfig):
    name = "publishing.comments"
    label = "comments"

    def ready(self) -> None:
        from accounts import hooks as account_hooks
        from accounts import retention_schedule
        from publishing.comments import retention
        from publishing.comments.services import account_deletion

        retention_schedule.add(*retention.RULES)
        account_hooks.when_erased(account_deletion.erase)
