"""Labels of this app's audit log entries, and which account each kind of object belongs to."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.audit_registry import REASONS_LAST, Area, add_facts, add_subjects, add_verbs

_READS = {
    "work.read": _("Book viewed by staff"),
}
_VERBS = {
    "contributor.accepted": _("Credit accepted"),
    "contributor.added": _("Contributor added"),
    "contributor.declined": _("Credit declined"),
    "contributor.described": _("Contributor described"),
    "contributor.invited": _("Contributor invited"),
    "contributor.left": _("Credit unlinked"),
    "contributor.removed": _("Contributor removed"),
    "contributor.shown": _("Credit visibility changed"),
    "defaults.changed": _("Defaults for new books changed"),
    "edition.deleted": _("Draft edition deleted"),
    "edition.plan_canceled": _("Planned edition cancelled"),
    "edition.planned": _("Edition planned"),
    "edition.published": _("Edition published"),
    "edition.withdrawn": _("Edition taken off sale"),
    "finding.override_taken_back": _("Approval despite a finding withdrawn"),
    "finding.overridden": _("Approved despite a finding"),
    "fix.accepted": _("Fix accepted"),
    "fix.undone": _("Fix undone"),
    "price.changed": _("Price changed"),
    "record.changed": _("Record for shops and libraries changed"),
    "price.fixed_in": _("Fixed prices changed"),
    "promotion.ended": _("Promotion ended"),
    "promotion.planned": _("Promotion planned"),
    "release.announced": _("Release date announced"),
    "release.called_off": _("Release cancelled"),
    "rights.stated": _("Rights stated"),
    "series.completing_changed": _("Series discount changed"),
    "split.agreed": _("Share given by contract"),
    "split.consented": _("Split agreed to"),
    "split.declined": _("Split declined"),
    "split.given_up": _("Share given up"),
    "split.proposed": _("Split proposed"),
    "terms.accepted": _("Author terms accepted"),
    "territory.changed": _("Countries of sale changed"),
    "watermark.changed": _("Watermark changed"),
    "work.archived": _("Book archived"),
    "work.deleted": _("Book deleted"),
    "work.moved": _("Web address of a book changed"),
    "work.unarchived": _("Book taken from the archive"),
}
_HOLDS = {
    "work.held": _("Book taken off sale by moderation"),
    "work.stopped": _("Book stopped for 72 hours by moderation"),
    "work.stop_ended": _("Stop of a book ended by itself"),
    "work.hold_lifted": _("Book allowed back on sale by moderation"),
    "work.marked_adult": _("Book marked for adults"),
    "work.unmarked_adult": _("Book no longer marked for adults"),
}
_FACTS = {
    "ai_cover": _("AI use in the cover"),
    "ai_images": _("AI use in pictures"),
    "ai_text": _("AI use in the text"),
    "ai_translation": _("AI use in the translation"),
    "at": _("When"),
    "basis": _("Right to publish"),
    "called_off_at": _("Cancelled on"),
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
    "watermarked": _("Watermarked"),
    "withdrawn_at": _("Taken off sale"),
    "work": _("Work"),
}
_SUBJECTS = {
    "conversion.artifact": _("File"),
    "publishing.contributor": _("Contributor"),
    "publishing.edition": _("Edition"),
    "publishing.housedefaults": _("Defaults for new books"),
    "publishing.manuscript": _("Manuscript"),
    "publishing.series": _("Series"),
    "publishing.splitagreement": _("Split"),
    "publishing.termsacceptance": _("Author terms"),
    "publishing.work": _("Work"),
}
_PEOPLE: dict[str, str | None] = {
    "publishing.contributor": "user_id",
    "publishing.edition": "work.owner_id",
    "publishing.housedefaults": "owner_id",
    "publishing.manuscript": "work.owner_id",
    "publishing.series": "owner_id",
    "publishing.splitagreement": "work.owner_id",
    "publishing.termsacceptance": "person_id",
    "publishing.work": "owner_id",
}


def register() -> None:
    """Register the labels and owners. Called once, when the app is ready."""
    add_verbs(Area.PUBLISHING, _READS, lasts=REASONS_LAST)
    add_verbs(Area.PUBLISHING, _VERBS)
    add_verbs(Area.MODERATION, _HOLDS)
    add_facts(_FACTS)
    add_subjects(_SUBJECTS, _PEOPLE)
