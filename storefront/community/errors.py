"""What can stand in the way of reviews, reports, shelves and decisions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class ReviewHidden(DomainError):
    code = "review_hidden"
    message = _(
        "A moderator has taken this review off the page. It can neither be changed nor withdrawn; if you think that "
        "was wrong, appeal, and a second person looks at it."
    )


class CaseDecided(DomainError):
    code = "case_decided"
    message = _("This case has been decided meanwhile. Reload the page to see how it stands.")


class WordsChanged(DomainError):
    code = "words_changed"
    message = _(
        "The writer has changed the review since this page was opened, and nothing was decided. Its words as they are "
        "now stand above; read them and decide again."
    )


class ThingChanged(WordsChanged):
    code = "thing_changed"
    message = _(
        "It was changed since this page was opened, and nothing was decided. What it is now stands above; look at it "
        "and decide again."
    )


class OutcomeNotPossible(DomainError):
    code = "outcome_not_possible"
    message = _("This cannot be decided of it. Choose one of the decisions that the page shows.")


class EvidenceMissing(DomainError):
    code = "evidence_missing"
    message = _("Say what shows it: a passage, a page, an address. Nothing is taken down without evidence.")


class AlreadyReported(DomainError):
    code = "already_reported"
    message = _("You have reported it already, and it waits for a moderator. You are told what was decided.")


class ReasonMissing(DomainError):
    code = "reason_missing"
    message = _("Say why. The writer is told, and can only answer what they know.")


class ShelfFull(DomainError):
    code = "shelf_full"
    message = _("A shelf holds {most} books. Take one off first, or begin another shelf.")


class TooManyShelves(DomainError):
    code = "too_many_shelves"
    message = _("You keep {most} shelves already. Delete one first.")
