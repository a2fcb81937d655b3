"""App configuration: registers who may read and publish besides the makers, and what is kept about collaborators."""

from __future__ import annotations

from django.apps import AppConfig


class CollaborationConfig(AppConfig):
    name = "publishing.collaboration"
    label = "collaboration"

    def ready(self) -> None:
        from accounts import account_links, retention_schedule
        from accounts import hooks as account_hooks
        from publishing import hooks
        from publishing.collaboration import audit_labels, links, permissions, retention
        from publishing.collaboration.services import account_deletion

        hooks.add_text_rights(permissions.rights_of)
        retention_schedule.add(*retention.RULES)
        audit_labels.register()
        account_links.add(links.links_of)
        account_hooks.when_erased(account_deletion.erase)
        account_hooks.on_nightly_cleanup(account_deletion.delete_expired)
