"""App configuration: registers what is kept about contracts, labels, and what happens with an account's deletion."""

from __future__ import annotations

from django.apps import AppConfig


class ContractsConfig(AppConfig):
    name = "hiring.contracts"
    label = "contracts"

    def ready(self) -> None:
        from accounts import account_links, retention_schedule
        from accounts import hooks as account_hooks
        from hiring.contracts import audit_labels, handlers, menu, retention, shared_notes
        from hiring.contracts.selectors import fund, text_permissions
        from hiring.contracts.services import account_deletion, credits
        from publishing import hooks as publishing_hooks
        from publishing.collaboration import hooks as collaboration_hooks
        from publishing.passages import hooks as passage_hooks
        from royalties import nav_counters
        from storefront.pages import menu_hooks

        retention_schedule.add(*retention.RULES)
        audit_labels.register()
        handlers.register()
        nav_counters.count_with("contracts:fund", fund.claims_waiting)
        menu_hooks.add_link(menu.contracts_link)
        menu_hooks.add_link(menu.cases_link)
        account_links.add(menu.account_links)
        collaboration_hooks.add_notes(shared_notes.notes_about)
        passage_hooks.find_permissions(text_permissions.is_use_agreed)
        publishing_hooks.find_promised_shares(credits.promised_bps)
        account_hooks.deletion_obstacle(account_deletion.obstacles)
        account_hooks.deletion_notice(account_deletion.losses)
        account_hooks.before_erasing(account_deletion.prepare)
        account_hooks.when_erased(account_deletion.erase)
        account_hooks.on_nightly_cleanup(account_deletion.forget)
