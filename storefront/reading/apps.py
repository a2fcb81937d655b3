"""App configuration: follows guests who claim their purchases, deleted accounts and new editions."""

from __future__ import annotations

from django.apps import AppConfig


class ReadingConfig(AppConfig):
    name = "storefront.reading"
    label = "reading"

    def ready(self) -> None:
        from accounts import hooks as account_hooks
        from accounts import retention_schedule
        from publishing import hooks as publishing_hooks
        from publishing.digests import selectors as digest_selectors
        from storefront.checkout import hooks as checkout_hooks
        from storefront.reading import retention
        from storefront.reading.selectors import typo_counts
        from storefront.reading.services import account_deletion, claims, cleanup, edition_maps, typos

        checkout_hooks.when_claimed(claims.move_to_person)
        checkout_hooks.when_claimed(typos.merge_guest_typos)
        publishing_hooks.when_listed(edition_maps.edition_listed)
        retention_schedule.add(*retention.RULES)
        account_hooks.when_erased(account_deletion.erase)
        digest_selectors.count_typos_with(typo_counts.waiting_between)
        account_hooks.on_nightly_cleanup(cleanup.forget)
