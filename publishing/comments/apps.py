"""App configuration: registers what is kept about comments, and what is deleted with an account."""

from __future__ import annotations

from django.apps import AppConfig


class CommentsConfig(AppConfig):
    name = "publishing.comments"
    label = "comments"

    def ready(self) -> None:
        from accounts import hooks as account_hooks
        from accounts import retention_schedule
        from publishing.collaboration import hooks as collaboration_hooks
        from publishing.comments import retention, shared_notes
        from publishing.comments.services import account_deletion

        collaboration_hooks.add_notes(shared_notes.notes_about)
        retention_schedule.add(*retention.RULES)
        account_hooks.when_erased(account_deletion.erase)
