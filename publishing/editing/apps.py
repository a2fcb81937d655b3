"""App configuration: registers the text's data retention rules and hooks."""

from __future__ import annotations

from django.apps import AppConfig


class EditingConfig(AppConfig):
    name = "publishing.editing"
    label = "editing"

    def ready(self) -> None:
        from accounts import hooks as account_hooks
        from accounts import retention_schedule
        from conversion.hooks import when_finished
        from publishing import hooks
        from publishing.collaboration import hooks as collaboration_hooks
        from publishing.editing import audit_labels, retention, selectors, shared_notes
        from publishing.editing.selectors import fixes
        from publishing.editing.services import builds, cleanup, own_manuscripts

        retention_schedule.add(*retention.RULES)
        audit_labels.register()
        when_finished(builds.enqueue_adoption)
        hooks.find_corrections(digest=selectors.digest_of, corrections=selectors.corrections_for_files)
        hooks.find_fixes(fixes.place_fixes)
        hooks.when_file_is_dropped(selectors.is_file_in_use)
        hooks.when_listed(own_manuscripts.enqueue_writing)
        collaboration_hooks.add_notes(shared_notes.notes_about)
        hooks.before_deleting(cleanup.delete_text)
        account_hooks.on_nightly_cleanup(cleanup.delete_replaced_suggestions)
        account_hooks.on_nightly_cleanup(cleanup.delete_unused_bases)
