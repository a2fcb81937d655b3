"""App configuration: registers the app's data retention rules, audit log labels and hooks."""

from __future__ import annotations

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "publishing"

    def ready(self) -> None:
        from accounts import hooks, retention_schedule
        from conversion.hooks import register_job_page, when_completed
        from publishing import audit_labels, retention
        from publishing.hooks import when_file_is_dropped
        from publishing.selectors import page_of_job
        from publishing.services import account_deletion, editions, invitations, redrawing

        register_job_page(page_of_job)
        when_file_is_dropped(redrawing.is_book_of_pictures)
        when_completed(editions.enqueue_announcement)
        retention_schedule.add(*retention.RULES)
        audit_labels.register()
        hooks.deletion_obstacle(account_deletion.obstacles)
        hooks.deletion_notice(account_deletion.given_up)
        hooks.when_erased(account_deletion.erase)
        hooks.on_nightly_cleanup(invitations.delete_expired)
