"""The catalogue app. It registers what happens when an edition goes on sale or is withdrawn."""

from __future__ import annotations

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "storefront.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        from accounts import hooks as account_hooks
        from accounts import retention_schedule
        from publishing import hooks
        from storefront.catalogue import audit_labels, retention
        from storefront.catalogue.services import account_deletion, bundles, listings

        hooks.when_listed(listings.refresh_listing)
        hooks.when_withdrawn(listings.withdraw_listing)
        hooks.when_series_priced(listings.update_series_discount)
        hooks.when_withdrawn(bundles.edition_withdrawn)
        retention_schedule.add(*retention.RULES)
        audit_labels.register()
        account_hooks.when_erased(account_deletion.erase)
