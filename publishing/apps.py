"""App configuration: registers the app's data retention rules, audit log labels and hooks."""

from __future__ import annotations

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "publishing"

    def ready(self) -> None:
        from accounts import hooks, schedule
        from conversion.hooks import shown_on
        from publishing import audit_words, retention
        from publishing.selectors import page_of_job
        from publishing.services import invitations, leaving

        shown_on(page_of_job)
        schedule.add(*retention.RULES)
        audit_words.register()
        hooks.before_leaving(leaving.obstacles)
        hooks.told_before_leaving(leaving.given_up)
        hooks.when_erased(leaving.erase)
        hooks.each_night(invitations.forget)
