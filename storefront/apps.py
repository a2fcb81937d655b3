"""Registers the app, and what the shop does when an edition goes on sale or leaves."""

from __future__ import annotations

from django.apps import AppConfig


class StorefrontConfig(AppConfig):
    name = "storefront"

    def ready(self) -> None:
        from publishing import hooks
        from storefront import handlers  # noqa: F401 - registers what the shop does on payment events
        from storefront.services import listings

        hooks.when_listed(listings.refresh_listing)
        hooks.when_withdrawn(listings.withdraw_listing)
