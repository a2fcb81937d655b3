"""Registers the app: what the shop does when an edition goes on sale or leaves, when a person is called something else
or leaves, and on payment events; and what it holds of people."""

from __future__ import annotations

from django.apps import AppConfig


class StorefrontConfig(AppConfig):
    name = "storefront"

    def ready(self) -> None:
        from accounts import hooks as account_hooks
        from accounts import schedule
        from common import jobs
        from publishing import hooks
        from storefront import (
            audit_words,
            catalogue_audit_words,
            catalogue_retention,
            checkout_retention,
            community_audit_words,
            community_retention,
            handlers,  # noqa: F401 # registers itself with the payment events
            library_hooks,
            library_retention,
            permissions,
        )
        from storefront import hooks as checkout_hooks
        from storefront.search import checks  # noqa: F401 # registers itself
        from storefront.search.services import index as search_index
        from storefront.services import (
            bundles,
            catalogue_leaving,
            community_leaving,
            leaving,
            library_leaving,
            listings,
            own_copies,
            preorders,
            ratings,
            reading,
            renaming,
            watching,
        )

        account_hooks.when_renamed(renaming.person_renamed)
        hooks.when_listed(listings.refresh_listing)
        hooks.when_listed(search_index.edition_listed)  # reads what the one before wrote
        hooks.when_withdrawn(listings.withdraw_listing)
        hooks.when_withdrawn(search_index.edition_withdrawn)
        hooks.before_deleting(community_leaving.forget_work)
        hooks.when_series_priced(listings.note_series)
        hooks.when_listed(preorders.edition_listed)
        hooks.when_listed(watching.edition_listed)
        hooks.when_listed(ratings.edition_listed)
        hooks.when_withdrawn(bundles.edition_withdrawn)
        hooks.when_withdrawn(preorders.edition_withdrawn)
        hooks.when_moderated(permissions.open_case_about)
        checkout_hooks.when_entitlements_changed(
            lambda user_id: jobs.enqueue("storefront.note_entitlements", user_id=user_id)
        )
        checkout_hooks.when_claimed(reading.take_over)
        library_hooks.when_book_ends(permissions.may_open_review)
        for rules in (catalogue_retention, checkout_retention, library_retention, community_retention):
            schedule.add(*rules.RULES)
        for words in (catalogue_audit_words, audit_words, community_audit_words):
            words.register()
        account_hooks.before_leaving(leaving.obstacles)
        account_hooks.told_before_leaving(leaving.given_up)
        account_hooks.before_erasing(leaving.prepare)
        for eraser in (catalogue_leaving, leaving, library_leaving, community_leaving):  # called in the other order
            account_hooks.when_erased(eraser.erase)
        account_hooks.each_night(leaving.forget)
        account_hooks.each_night(community_leaving.forget)
        account_hooks.when_copied(own_copies.receipts)
