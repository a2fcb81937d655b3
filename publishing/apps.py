"""Registers the app: what it holds of people, and what it does when somebody leaves."""

from __future__ import annotations

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "publishing"

    def ready(self) -> None:
        from accounts import hooks, schedule
        from publishing import retention
        from publishing.services import leaving

        schedule.add(*retention.RULES)
        hooks.before_leaving(leaving.obstacles)
        hooks.told_before_leaving(leaving.given_up)
        hooks.when_erased(leaving.erase)
