"""App configuration: registers who may read and publish besides the makers, and what is kept about collaborators."""

from __future__ import annotations

from django.apps import AppConfig


class CollaborationConfig(AppConfig):
    name = "publishing.collaboration"
    label = "collaboration"

    def ready(self) -> None:
        from accounts import hooks as account_hooks
        from accounts import retention_schedule
        from publishing import hooks
        from publishing.collaboration import audit_labels, permissions, retention
        from publishing.collaboration.services import account_deletion

        hooks.add_text_rights(permissions.rights_of)
        retention_schedule.add(*retention.RULES)
        audit_labels.register()
        account_hooks.when_erased(account_deletion.erase)
        account_hooks.on_nightly_cleanup(account_deletion.delete_expired)
