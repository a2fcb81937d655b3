"""App configuration: the case in which a claim is decided, what is kept, what a deletion takes along, and figures."""

from __future__ import annotations

from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    name = "storefront.claims"
    label = "claims"

    def ready(self) -> None:
        from accounts import hooks as account_hooks
        from accounts import retention_schedule
        from storefront.claims import audit_labels, reporting, retention
        from storefront.claims.selectors import figures
        from storefront.claims.services import account_deletion
        from storefront.community.selectors import transparency

        account_hooks.deletion_obstacle(account_deletion.obstacles)
        account_hooks.before_erasing(account_deletion.prepare)
        account_hooks.when_erased(account_deletion.erase)
        account_hooks.on_nightly_cleanup(account_deletion.forget)
        retention_schedule.add(*retention.RULES)
        audit_labels.register()
        reporting.register()
        transparency.add_part(figures.PART)
