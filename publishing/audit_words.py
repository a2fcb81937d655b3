"""What this app's entries of the audit log are called, and whose each thing is."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.audit_register import REASONS_LAST, Area, add_facts, add_subjects, add_verbs

_READS = {
    "work.read": _("Book opened by staff"),
}
_VERBS = {
    "contributor.accepted": _("Credit accepted"),
    "contributor.added": _("Contributor added"),
    "contributor.declined": _("Credit declined"),
    "contributor.invited": _("Contributor invited"),
    "contributor.left": _("Contributor left"),
    "contributor.removed": _("Contributor removed"),
    "contributor.shown": _("Showing a credit changed"),
    "edition.deleted": _("Edition in preparation deleted"),
    "edition.published": _("Edition published"),
    "edition.withdrawn": _("Edition taken off sale"),
    "finding.override_taken_back": _("Publishing despite a finding taken back"),
    "finding.overridden": _("Published despite a finding"),
    "fix.accepted": _("Correction accepted"),
    "fix.undone": _("Correction undone"),
    "price.changed": _("Price changed"),
    "release.announced": _("Day of release announced"),
    "release.called_off": _("Release called off"),
    "rights.stated": _("Rights stated"),
    "series.completing_changed": _("Discount for completing a series changed"),
    "split.consented": _("Split agreed to"),
    "split.declined": _("Split declined"),
    "split.given_up": _("Share given up"),
    "split.proposed": _("Split proposed"),
    "terms.accepted": _("Author terms accepted"),
    "territory.changed": _("Countries of sale changed"),
    "work.deleted": _("Work deleted"),
    "work.moved": _("Address of a book changed"),
}
_HOLDS = {
    "work.held": _("Book taken off sale by moderation"),
    "work.hold_lifted": _("Book released by moderation"),
    "work.marked_adult": _("Book marked for adults"),
    "work.unmarked_adult": _("Mark for adults removed"),
}
_FACTS = {
    "ai_images": _("Use of AI for pictures"),
    "ai_text": _("Use of AI for the text"),
    "ai_translation": _("Use of AI for the translation"),
    "at": _("When"),
    "basis": _("Right to publish"),
    "called_off_at": _("Called off"),
    "case": _("Case"),
    "countries": _("Countries"),
    "day": _("Day"),
    "declined_at": _("Declined"),
    "editions": _("Editions"),
    "from_bps": _("Before (basis points)"),
    "number": _("Number"),
    "rule": _("Rule"),
    "shown": _("Shown"),
    "to_bps": _("After (basis points)"),
    "version": _("Version"),
    "withdrawn_at": _("Taken off sale"),
    "work": _("Work"),
}
_SUBJECTS = {
    "conversion.artifact": _("File"),
    "publishing.contributor": _("Contributor"),
    "publishing.edition": _("Edition"),
    "publishing.manuscript": _("Manuscript"),
    "publishing.series": _("Series"),
    "publishing.splitagreement": _("Split"),
    "publishing.termsacceptance": _("Author terms"),
    "publishing.work": _("Work"),
}
_PEOPLE: dict[str, str | None] = {
    "publishing.contributor": "user_id",
    "publishing.edition": "work.owner_id",
    "publishing.manuscript": "work.owner_id",
    "publishing.series": "owner_id",
    "publishing.splitagreement": "work.owner_id",
    "publishing.termsacceptance": "person_id",
    "publishing.work": "owner_id",
}


def register() -> None:
    """Called once, when the app is ready."""
    add_verbs(Area.PUBLISHING, _READS, lasts=REASONS_LAST)
    add_verbs(Area.PUBLISHING, _VERBS)
    add_verbs(Area.MODERATION, _HOLDS)
    add_facts(_FACTS)
    add_subjects(_SUBJECTS, _PEOPLE)
