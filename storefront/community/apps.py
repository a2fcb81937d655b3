"""App configuration: registers the hooks by which reviews, votes and shelves follow changes of books and people."""

from __future__ import annotations

from django.apps import AppConfig


class CommunityConfig(AppConfig):
    name = "storefront.community"
    label = "community"

    def ready(self) -> None:
        from accounts import hooks as account_hooks
        from accounts import schedule
        from common import jobs
        from publishing import hooks
        from storefront.checkout import hooks as checkout_hooks
        from storefront.community import audit_words, permissions, retention
        from storefront.community.services import leaving, ratings, renaming
        from storefront.library import hooks as library_hooks

        hooks.when_listed(ratings.edition_listed)
        hooks.before_deleting(leaving.forget_work)
        hooks.when_moderated(permissions.open_case_about)
        checkout_hooks.when_entitlements_changed(
            lambda user_id: jobs.enqueue("community.note_entitlements", user_id=user_id)
        )
        library_hooks.when_book_ends(permissions.may_open_review)
        account_hooks.when_renamed(renaming.person_renamed)
        schedule.add(*retention.RULES)
        audit_words.register()
        account_hooks.when_erased(leaving.erase)
        account_hooks.each_night(leaving.forget)
