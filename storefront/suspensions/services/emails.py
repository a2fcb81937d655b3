"""Emails about warnings, suspensions and endings: each thing is told once, with the whole statement of reasons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import regions
from accounts.models import User
from accounts.restrictions import Activity
from common import clock
from common.emails import send
from common.templatetags.money import day
from storefront.suspensions import permissions, selectors, statements
from storefront.suspensions.models import AccountEnding, PriorWarning, Suspension
from storefront.suspensions.models.suspension import Appealed
from storefront.suspensions.rules import NOTICE, rules_of
from storefront.suspensions.statements import Rows


@dataclass(frozen=True, slots=True)
class _Letter:
    subject: str
    opening: str
    rows: Rows = field(default_factory=list)
    closing: str = ""


@transaction.atomic
def mail_warning(*, warning_id: int) -> bool:
    """Tell the person of a warning, with what it rests on; return whether an email was sent now."""
    found = PriorWarning.objects.select_for_update(of=("self",)).select_related("person").get(pk=warning_id)
    if not selectors.warnings_to_mail().filter(pk=warning_id).exists():
        return False
    with regions.active(found.person.region):
        _send(found.person, _warning(found), reverse("suspensions:own"))
    found.told_at = clock.now()
    found.save(update_fields=["told_at"])
    return True


@transaction.atomic
def mail_suspension(*, suspension_id: int) -> int:
    """Tell the person what they have not been told of a suspension; return how many emails were sent now."""
    rows = Suspension.objects.select_for_update(of=("self",)).select_related("person", "warning")
    found = rows.get(pk=suspension_id)
    if not selectors.suspensions_to_mail().filter(pk=suspension_id).exists():
        return 0
    address = reverse("suspensions:suspension", args=[found.public_id])
    with regions.active(found.person.region):
        letters = list(_of_suspension(found))
        for letter in letters:
            _send(found.person, letter, address)
    found.save()
    return len(letters)


@transaction.atomic
def mail_ending(*, ending_id: int) -> int:
    """Tell the person what they have not been told of the end of their account; return how many emails were sent now.

    The notice of 30 days begins with the first.
    """
    rows = AccountEnding.objects.select_for_update(of=("self",)).select_related("person")
    found = rows.get(pk=ending_id)
    if not selectors.endings_to_mail().filter(pk=ending_id).exists():
        return 0
    address = reverse("suspensions:ending", args=[found.public_id])
    with regions.active(found.person.region):
        letters = list(_of_ending(found))
        for letter in letters:
            _send(found.person, letter, address)
    found.save()
    return len(letters)


def _send(person: User, letter: _Letter, address: str) -> None:
    context = {"letter": letter, "address": address}
    send("due_process", letter.subject, person.mail_to, context)


def _warning(found: PriorWarning) -> _Letter:
    activity = Activity(found.activity)
    about = [case.name or str(case.kind) for case in found.cases.select_related("work", "shelf")]
    about += [one.case.name for one in found.unfounded.select_related("report__case", "appeal_of") if one.case]
    rows: Rows = [
        (_("What may be suspended"), activity.label),
        (_("What that would mean"), statements.FORBIDDEN[activity]),
        (_("What you are warned of"), "; ".join(filter(None, about))),
        (_("Reason"), found.reason),
    ]
    rows += [(rule.label, statements.rule_in_words(rule)) for rule in rules_of(activity)]
    return _Letter(
        subject=_("A warning"),
        opening=_("This is a warning. Nothing is suspended. The warning counts for twelve months."),
        rows=rows,
        closing=_(
            "If you think a decision named here is wrong, appeal against it: if you are right, it counts no more."
        ),
    )


def _of_suspension(found: Suspension) -> Iterator[_Letter]:
    label = Activity(found.activity).label
    if found.told_at is None:
        found.told_at = clock.now()
        yield _Letter(
            subject=_("A suspension until %(day)s") % {"day": day(found.last_day)},
            opening=_("A moderator has suspended something for your account. It ends by itself on its last day."),
            rows=statements.of_suspension(found),
            closing=_appeal_words(found),
        )
    yield from _of_appeal(found)
    if found.lifted_at is not None and found.lift_told_at is None:
        found.lift_told_at = clock.now()
        yield _Letter(
            subject=_("A suspension has been lifted"),
            opening=_("This is no longer suspended: %(what)s.") % {"what": label},
            rows=[(_("Reason"), found.lift_words)],
        )


def _of_ending(found: AccountEnding) -> Iterator[_Letter]:
    if found.told_at is None:
        found.told_at = clock.now()
        found.due_at = found.due_at or found.told_at + NOTICE
        opening = (
            _("We have ended your account as an author.")
            if found.is_at_once
            else _("We end your account as an author on %(day)s. Until then everything works as before.")
            % {"day": day(found.due_at)}
        )
        yield _Letter(
            subject=_("The end of your account as an author"),
            opening=opening,
            rows=statements.of_ending(found),
            closing=_appeal_words(found),
        )
    yield from _of_appeal(found)
    if found.lifted_at is not None and found.lift_told_at is None:
        found.lift_told_at = clock.now()
        yield _Letter(
            subject=_("Your account as an author goes on"),
            opening=_(
                "We have taken back the end of your account as an author. Your books are where they were before."
            ),
            rows=[(_("Reason"), found.lift_reason)],
        )


def _of_appeal(found: Appealed) -> Iterator[_Letter]:
    if found.appeal_decided_at is None or found.appeal_told_at is not None:
        return
    found.appeal_told_at = clock.now()
    opening = (
        _("Your appeal has succeeded. The decision is undone, and everything is as it was before.")
        if found.is_undone
        else _("A second person has looked at your appeal and upheld the decision.")
    )
    yield _Letter(subject=_("Your appeal has been decided"), opening=opening, rows=[(_("Reason"), found.appeal_reason)])


def _appeal_words(found: Appealed) -> str:
    until = permissions.appeal_until(found, clock.now())
    return _("If you think this is wrong, you can appeal until %(day)s. Someone else will then decide.") % {
        "day": day(until)
    }
