"""Errors about warnings, suspensions and the end of accounts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, NotAllowed


class NotYours(NotAllowed):
    code = "suspension.not_yours"
    message = _(
        "Someone else has to decide this. Nobody decides about themselves or about what they reported, an appeal needs "
        "someone who made no part of the decision, and the end of an account needs two people."
    )


class DecidedBefore(DomainError):
    code = "suspension.decided_before"
    message = _("This has been decided or ended already. Reload the page to see the current state.")


class GroundsMissing(DomainError):
    code = "suspension.grounds_missing"
    message = _(
        "The published rule is not met: it needs {count} within twelve months, and there are {found} that count. "
        "Nothing was decided."
    )


class WarningMissing(DomainError):
    code = "suspension.warning_missing"
    message = _("Warn the person first. Nobody is suspended without a warning that they have been told of.")


class NothingSinceWarning(DomainError):
    code = "suspension.nothing_since_warning"
    message = _(
        "Nothing has happened since the person was warned. At least one decision must be newer than the warning."
    )


class NothingToWarnOf(DomainError):
    code = "suspension.nothing_to_warn_of"
    message = _("There is no decision in force within the last twelve months to warn of.")


class WarnedBefore(DomainError):
    code = "suspension.warned_before"
    message = _("The person has been warned of this within the last twelve months. The warning still counts.")


class WordsMissing(DomainError):
    code = "suspension.words_missing"
    message = _("Name the rule, the evidence and the reason. The person can only answer what they are told.")


class TooLong(DomainError):
    code = "suspension.too_long"
    message = _("This time it may last {days} days at most. The rules say so.")


class SuspendedAlready(DomainError):
    code = "suspension.suspended_already"
    message = _("This is suspended for the person already. A second suspension can follow when the first is over.")


class NotUnfounded(DomainError):
    code = "suspension.not_unfounded"
    message = _("Only a dismissed report or complaint, or a refused appeal, can be called manifestly unfounded, once.")


class AppealNotPossible(DomainError):
    code = "suspension.appeal_not_possible"
    message = _("You can appeal once, within six months of being told, while it has not been lifted.")


class EndedAlready(DomainError):
    code = "suspension.ended_already"
    message = _("The end of this account has been proposed or decided already.")


class NotRepeated(DomainError):
    code = "suspension.not_repeated"
    message = _(
        "An account ends at once for repeated infringements only after a suspension from publishing, and a decision in "
        "force that is newer. Otherwise, give 30 days’ notice."
    )


class NotAnAuthor(DomainError):
    code = "suspension.not_an_author"
    message = _("Only the account of an author can be ended. This person does not publish.")
