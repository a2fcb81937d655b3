"""App configuration: who reads what was given, what is kept, and what a deletion takes along."""

from __future__ import annotations

from django.apps import AppConfig


class AdvanceCopiesConfig(AppConfig):
    name = "storefront.advance_copies"
    label = "advance_copies"

    def ready(self) -> None:
        from accounts import hooks as account_hooks
        from accounts import retention_schedule
        from publishing import hooks
        from storefront.advance_copies import audit_labels, reporting, retention
        from storefront.advance_copies.selectors import rights
        from storefront.advance_copies.services import account_deletion, offers
        from storefront.catalogue.selectors import editions
        from storefront.checkout import given_copies

        given_copies.register(rights)
        editions.find_advance_editions(rights.editions_given)
        hooks.keep_jobs(rights.jobs_in_use)
        hooks.when_listed(offers.edition_listed)
        hooks.before_deleting(account_deletion.forget_work)
        account_hooks.when_erased(account_deletion.erase)
        account_hooks.on_nightly_cleanup(account_deletion.forget)
        retention_schedule.add(*retention.RULES)
        audit_labels.register()
        reporting.register()
