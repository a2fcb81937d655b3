"""Registers the app's retention rules, its deletion hooks and the count of open requests."""

from __future__ import annotations

from django.apps import AppConfig


class HelpdeskConfig(AppConfig):
    name = "helpdesk"

    def ready(self) -> None:
        from accounts import hooks, schedule
        from helpdesk import audit_words, retention, selectors
        from helpdesk.services import leaving
        from royalties import places

        schedule.add(*retention.RULES)
        audit_words.register()
        hooks.when_erased(leaving.erase)
        hooks.each_night(leaving.forget)
        places.count_with("helpdesk-requests", selectors.count_open)
