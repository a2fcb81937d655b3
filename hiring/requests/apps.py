"""App configuration: registers what is kept about requests, and what an offer or a conversation belongs to."""

from __future__ import annotations

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "hiring.requests"
    label = "hiring_requests"

    def ready(self) -> None:
        from accounts import account_links, retention_schedule
        from accounts import hooks as account_hooks
        from hiring.conversations import hooks as conversation_hooks
        from hiring.offers import hooks as offer_hooks
        from hiring.requests import links, retention
        from hiring.requests.selectors import requests
        from hiring.requests.services import account_deletion
        from storefront.pages import menu_hooks

        retention_schedule.add(*retention.RULES)
        account_hooks.when_erased(account_deletion.erase)
        account_hooks.on_nightly_cleanup(account_deletion.forget)
        menu_hooks.add_link(links.menu_link)
        account_links.add(links.links_of)
        offer_hooks.when_offer_is_deleted(requests.is_offer_in_use)
        conversation_hooks.name_subjects("ivt", requests.subject_page)
