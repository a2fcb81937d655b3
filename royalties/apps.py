"""App configuration: connect provider events, data retention and account deletion to this app."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class RoyaltiesConfig(AppConfig):
    name = "royalties"

    def ready(self) -> None:
        from accounts import hooks, schedule
        from common import append_only
        from royalties import audit_words, retention, triggers
        from royalties.services import leaving

        append_only.declare(*triggers.APPEND_ONLY)
        import_module("royalties.handlers")
        schedule.add(*retention.RULES)
        audit_words.register()
        hooks.before_leaving(leaving.obstacles)
        hooks.told_before_leaving(leaving.given_up)
        hooks.when_erased(leaving.erase)
        hooks.each_night(leaving.forget)
