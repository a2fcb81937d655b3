"""App configuration: what is forbidden, what follows when a case is decided, what is kept."""

from __future__ import annotations

from django.apps import AppConfig


class SuspensionsConfig(AppConfig):
    name = "storefront.suspensions"
    label = "suspensions"

    def ready(self) -> None:
        from accounts import hooks as account_hooks
        from accounts import restrictions, retention_schedule
        from publishing import hooks as publishing_hooks
        from storefront.community import hooks
        from storefront.community.selectors import transparency
        from storefront.suspensions import audit_labels, retention, selectors
        from storefront.suspensions.selectors import figures, hold_figures
        from storefront.suspensions.services import account_deletion, ending, suspending

        restrictions.register(find=selectors.restrictions_of, people=selectors.restricted_people)
        hooks.when_decided(suspending.case_decided)
        publishing_hooks.before_returning(ending.may_return)
        account_hooks.when_erased(account_deletion.erase)
        transparency.add_part(figures.PART)
        transparency.add_part(hold_figures.PART)
        retention_schedule.add(*retention.RULES)
        audit_labels.register()
