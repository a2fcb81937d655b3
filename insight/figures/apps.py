"""App configuration: registers what is kept about authors, its deletion, and what their desk begins with."""

from __future__ import annotations

from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "insight.figures"
    label = "figures"

    def ready(self) -> None:
        from accounts import hooks as account_hooks
        from accounts import retention_schedule
        from insight.figures import account_deletion, retention
        from insight.figures.views.home import desk_home
        from publishing import hooks as publishing_hooks

        retention_schedule.add(*retention.RULES)
        account_hooks.when_erased(account_deletion.erase)
        publishing_hooks.show_on_desk(desk_home)
