"""App configuration: registers who is asked for a review, what is kept, and what is deleted with an account."""

from __future__ import annotations

from django.apps import AppConfig


class HiringReviewsConfig(AppConfig):
    name = "hiring.reviews"
    label = "hiring_reviews"

    def ready(self) -> None:
        from accounts import hooks as account_hooks
        from accounts import retention_schedule
        from hiring.contracts import hooks
        from hiring.reviews import mail_kinds, reported_reviews, retention
        from hiring.reviews.services import account_deletion, reviews

        hooks.when_ended(reviews.contract_ended)
        retention_schedule.add(*retention.RULES)
        account_hooks.when_erased(account_deletion.erase)
        reported_reviews.register()
        mail_kinds.register()
