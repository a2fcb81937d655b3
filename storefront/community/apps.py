"""App configuration: registers the hooks by which reviews, votes and shelves follow changes of books and people."""

from __future__ import annotations

from django.apps import AppConfig


class CommunityConfig(AppConfig):
    name = "storefront.community"
    label = "community"

    def ready(self) -> None:
        from accounts import hooks as account_hooks
        from accounts import retention_schedule
        from common import jobs
        from publishing import hooks
        from storefront.checkout import hooks as checkout_hooks
        from storefront.community import audit_labels, mail_kinds, permissions, retention
        from storefront.community.services import account_deletion, name_changes, ratings
        from storefront.reading import hooks as reading_hooks

        hooks.when_listed(ratings.edition_listed)
        hooks.before_deleting(account_deletion.forget_work)
        hooks.add_case_finder(permissions.open_case_about)
        checkout_hooks.when_entitlements_changed(
            lambda user_id: jobs.enqueue("community.note_entitlements", user_id=user_id)
        )
        reading_hooks.register_review_check(permissions.may_open_review)
        account_hooks.when_renamed(name_changes.person_renamed)
        retention_schedule.add(*retention.RULES)
        audit_labels.register()
        mail_kinds.register()
        account_hooks.when_erased(account_deletion.erase)
        account_hooks.on_nightly_cleanup(account_deletion.forget)
