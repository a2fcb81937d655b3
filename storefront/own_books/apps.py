"""App configuration: the right to read own books, when they are ready, what is kept, and their deletion."""

from __future__ import annotations

from django.apps import AppConfig


class OwnBooksConfig(AppConfig):
    name = "storefront.own_books"
    label = "own_books"

    def ready(self) -> None:
        from accounts import hooks as account_hooks
        from accounts import retention_schedule
        from conversion import hooks as conversion_hooks
        from storefront.checkout import given_copies
        from storefront.own_books import retention
        from storefront.own_books.selectors import rights
        from storefront.own_books.services import account_deletion, finishing

        given_copies.register(rights)
        conversion_hooks.when_finished(finishing.enqueue)
        retention_schedule.add(*retention.RULES)
        account_hooks.when_erased(account_deletion.erase)
