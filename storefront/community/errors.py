"""Errors of reviews, reports, shelves and moderators' decisions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, NotAllowed


class ObjectionNotPossible(NotAllowed):
    code = "review.objection_not_possible"
    message = _("You can answer once, until a moderator has decided.")


class ReviewHidden(DomainError):
    code = "review_hidden"
    message = _(
        "A moderator has removed this review, so you cannot change or withdraw it. If you think the decision is wrong, "
        "appeal, and a second person will look at it."
    )


class CaseDecided(DomainError):
    code = "case_decided"
    message = _("This case has already been decided or closed. Reload the page to see the current state.")


class SubjectTextChanged(DomainError):
    code = "words_changed"
    message = _(
        "The writer has changed the text since you opened this page, so nothing was decided. Read the current version "
        "above, then decide again."
    )


class SubjectChanged(SubjectTextChanged):
    code = "thing_changed"
    message = _(
        "It has changed since you opened this page, so nothing was decided. Check the current version above, then "
        "decide again."
    )


class CaseNotYours(NotAllowed):
    code = "case.not_yours"
    message = _(
        "Someone who is not involved has to decide this. An appeal needs someone who did not make the first decision, "
        "and an emergency stop someone who did not make it."
    )


class StoppedBefore(DomainError):
    code = "stopped_before"
    message = _("This was stopped before. A stop is made once for each case; decide the case instead.")


class OutcomeNotPossible(DomainError):
    code = "outcome_not_possible"
    message = _("This decision is not possible here. Choose one of the decisions on the page.")


class EvidenceMissing(DomainError):
    code = "evidence_missing"
    message = _("Give evidence: a passage, a page or a link. Nothing is taken down without it.")


class AlreadyReported(DomainError):
    code = "already_reported"
    message = _("You have already reported this. It is waiting for a moderator, and we will tell you what they decide.")


class ReporterMissing(DomainError):
    code = "reporter_missing"
    message = _("Give your name and your email address. Only reports of sexual abuse of children need neither.")


class ComplaintNotPossible(DomainError):
    code = "complaint_not_possible"
    message = _(
        "You can complain once about a report that led to nothing, within six months of our answer, and not about the "
        "answer to a complaint."
    )


class ReasonMissing(DomainError):
    code = "reason_missing"
    message = _("Give a reason. The writer can only respond to what you tell them.")


class ShelfFull(DomainError):
    code = "shelf_full"
    message = _("A shelf holds up to {most} books. Remove one first, or create another shelf.")


class TooManyShelves(DomainError):
    code = "too_many_shelves"
    message = _("You already have {most} shelves. Delete one first.")
