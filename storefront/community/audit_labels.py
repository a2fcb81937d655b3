"""Names of this app's audit log entries, and the field that says whom each subject belongs to."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.audit_registry import Area, add_subjects, add_verbs

_VERBS = {
    "reply.removed": _("Reply to a review removed"),
    "review_case.answered": _("Answer to a collapsed review"),
    "review_case.appeal_decided": _("Appeal decided"),
    "review_case.appealed": _("Decision appealed"),
    "review_case.complained": _("Complaint about a dismissed report"),
    "review_case.decided": _("Case decided"),
    "review_case.mended": _("Mended after a decision"),
    "review_case.mending_decided": _("Mended thing looked at"),
    "review_case.stop_ended": _("Emergency stop ended by itself"),
    "review_case.stopped": _("Emergency stop for 72 hours"),
    "shelf.deleted": _("Shelf deleted"),
    "shelf.marked": _("Shelf added to the editors’ shelves"),
    "shelf.unmarked": _("Shelf removed from the editors’ shelves"),
}
_SUBJECTS = {
    "community.review": _("Review"),
    "community.reviewcase": _("Case"),
    "community.shelf": _("Shelf"),
}
_PEOPLE: dict[str, str | None] = {
    "community.review": "user_id",
    "community.reviewcase": "writer_id",
    "community.shelf": "owner_id",
}


def register() -> None:
    """Register the names. Called once, when the app is ready."""
    add_verbs(Area.MODERATION, _VERBS)
    add_subjects(_SUBJECTS, _PEOPLE)
