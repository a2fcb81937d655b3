"""App configuration: registers the hooks that notify readers of changes and follow changes of accounts."""

from __future__ import annotations

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "storefront.library"
    label = "library"

    def ready(self) -> None:
        from accounts import hooks as account_hooks
        from accounts import retention_schedule
        from publishing import hooks
        from storefront.checkout import hooks as checkout_hooks
        from storefront.library import audit_labels, mail_choices, retention
        from storefront.library.services import account_deletion, edition_mails, notifications

        hooks.when_listed(notifications.edition_listed)
        hooks.when_listed(edition_mails.edition_listed)
        checkout_hooks.when_claimed(edition_mails.move_to_person)
        retention_schedule.add(*retention.RULES)
        mail_choices.register()
        audit_labels.register()
        account_hooks.when_erased(account_deletion.erase)
