"""Errors of bulk edits. Each says what to do next."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class NothingChosen(DomainError):
    code = "bulk.nothing_chosen"
    message = _("Choose at least one book.")


class TooManyChosen(DomainError):
    code = "bulk.too_many"
    message = _("Up to {most} books can be changed at once. Choose fewer, for example one series.")


class NothingToChange(DomainError):
    code = "bulk.nothing_to_change"
    message = _("Choose at least one thing to change.")


class StepNotPossible(DomainError):
    """Somebody has gone on meanwhile, perhaps in another tab."""

    code = "bulk.step_not_possible"
    message = _("This bulk edit has moved on meanwhile. The page shows its state now.")


class UndoTooLate(DomainError):
    code = "bulk.undo_too_late"
    message = _("A bulk edit can be undone for 24 hours. You can still change the books by another bulk edit.")


class Overtaken(DomainError):
    """A value is no longer what the table showed."""

    code = "bulk.overtaken"
    message = _("{field} was changed meanwhile.")


class NotTaken(DomainError):
    """A service accepted the change and kept the value all the same."""

    code = "bulk.not_taken"
    message = _("{field} stays as it is because of another decision about this book, such as a moderator’s.")


class PageInvalid(DomainError):
    """The details would be refused on the work's own page."""

    code = "bulk.page_invalid"
    message = _("{field}: {problem}")


class StatementMissing(DomainError):
    code = "bulk.statement_missing"
    message = _("Rights and AI use have not been stated yet. State them on the book’s own page first.")


class PriceMissing(DomainError):
    code = "bulk.price_missing"
    message = _("It is not sold in {currency}, so there is no price to raise or lower.")


class PriceIsFree(DomainError):
    code = "bulk.price_is_free"
    message = _("It is free in {currency}. Set an amount to give it a price.")
