"""App configuration: connect provider events, data retention and account deletion to this app."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class RoyaltiesConfig(AppConfig):
    name = "royalties"

    def ready(self) -> None:
        from accounts import account_links, hooks, retention_schedule
        from common import append_only
        from publishing import hooks as publishing_hooks
        from royalties import account_link, audit_labels, nav_counters, retention, triggers
        from royalties.selectors import hold_reasons, splits, unknown_payees
        from royalties.services import account_deletion

        append_only.declare(*triggers.APPEND_ONLY)
        import_module("royalties.handlers")
        retention_schedule.add(*retention.RULES)
        audit_labels.register()
        account_links.add(account_link.links_of)
        nav_counters.count_with("finance-unknown-payees", unknown_payees.count_who_cannot_answer)
        nav_counters.count_with("finance-holds", hold_reasons.count_waiting)
        publishing_hooks.find_reached_sums(splits.reached_sums)
        hooks.deletion_obstacle(account_deletion.obstacles)
        hooks.deletion_notice(account_deletion.forfeited)
        hooks.when_erased(account_deletion.erase)
        hooks.on_nightly_cleanup(account_deletion.purge_expired_records)
