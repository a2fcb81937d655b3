"""The search app. Its documents are updated whenever listings are."""

from __future__ import annotations

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "storefront.search"
    label = "search"

    def ready(self) -> None:
        from publishing import hooks
        from storefront.search import checks  # noqa: F401 # registers itself
        from storefront.search.services import index

        # Must run after the catalogue's handlers, which write the listings; handlers run in the order of
        # INSTALLED_APPS.
        hooks.when_listed(index.edition_listed)
        hooks.when_withdrawn(index.edition_withdrawn)
