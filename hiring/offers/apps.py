"""App configuration: registers what is kept about providers, and their deletion."""

from __future__ import annotations

from django.apps import AppConfig


class OffersConfig(AppConfig):
    name = "hiring.offers"
    label = "offers"

    def ready(self) -> None:
        from accounts import hooks as account_hooks
        from accounts import retention_schedule
        from conversion import hooks as conversion_job_hooks
        from hiring.contracts import hooks as contract_hooks
        from hiring.conversations import hooks as conversation_hooks
        from hiring.offers import audit_labels, menu, reporting, retention
        from hiring.offers.selectors import is_trader, offers_something
        from hiring.offers.selectors.pictures import page_of_job
        from hiring.offers.services import account_deletion
        from hiring.offers.services.offers import give_place, take_place_again
        from storefront.pages import menu_hooks

        retention_schedule.add(*retention.RULES)
        audit_labels.register()
        reporting.register()
        menu_hooks.add_link(menu.services_link)
        account_hooks.when_erased(account_deletion.erase)
        contract_hooks.when_ended(give_place)
        contract_hooks.when_reopened(take_place_again)
        conversation_hooks.when_reachable(offers_something)
        conversion_job_hooks.register_job_page(page_of_job)
        contract_hooks.when_asked_for_business(is_trader)
