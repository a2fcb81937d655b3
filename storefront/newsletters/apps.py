"""App configuration: what is kept, what an account's deletion does, and what readers may report."""

from __future__ import annotations

from django.apps import AppConfig


class NewslettersConfig(AppConfig):
    name = "storefront.newsletters"
    label = "newsletters"

    def ready(self) -> None:
        from accounts import hooks as account_hooks
        from accounts import retention_schedule
        from storefront.newsletters import mail_choices, reporting, retention
        from storefront.newsletters.services import account_deletion

        retention_schedule.add(*retention.RULES)
        account_hooks.when_erased(account_deletion.erase)
        reporting.register()
        mail_choices.register()
