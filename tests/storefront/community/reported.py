"""What readers, moderators and owners do around a report, in one word each."""

from __future__ import annotations

from storefront.community.models import CaseOutcome, ReportRule, ReviewCase, Visibility
from storefront.community.selectors import cases
from storefront.community.services import moderation, reports, shelves
from storefront.community.services.reports import ReportInput
from tests.conftest import NOON
from tests.factories.accounts import make_moderator, make_reader

WORDS = "Chapter three is from another book."


def told(rule=ReportRule.STOLEN, **given):
    return ReportInput(rule=rule, words=WORDS, **given)


def report(work, user=None, rule=ReportRule.STOLEN, **given):
    return reports.report_book(actor=user or make_reader(), work=work, told=told(rule, **given), at=NOON).case


def report_shelf(shelf, user=None, rule=ReportRule.HATE):
    return reports.report_shelf(actor=user or make_reader(), shelf=shelf, told=told(rule), at=NOON).case


def make_shelf(*works, owner=None, title="Lights"):
    owner = owner or make_reader()
    shelf = shelves.make_shelf(actor=owner, title=title, description="", visibility=Visibility.PUBLIC, at=NOON)
    for work in works:
        shelves.add_book(actor=owner, shelf=shelf, work=work, reason="It glows.", at=NOON)
    shelf.refresh_from_db()
    return shelf


def seen(case):
    """What a moderator has before them who opens the page now."""
    shown = cases.current_subject(ReviewCase.objects.get(pk=case.pk))
    return shown.version if shown else ""


def decide(case, outcome=CaseOutcome.OFF_SALE, rule=ReportRule.STOLEN, *, actor=None, version=None, **given):
    given = {"reason": "It is copied.", "evidence": "Pages 30 to 44 stand in another book.", **given}
    version = seen(case) if version is None else version
    actor = actor or make_moderator()
    return moderation.decide(actor=actor, case=case, outcome=outcome, rule=rule, seen=version, at=NOON, **given)


def appeal(case):
    return moderation.appeal(actor=case.writer, case=case, text="I wrote both.", at=NOON)


def decide_again(case, outcome, actor=None):
    given = {"outcome": outcome, "reason": "I have compared them.", "seen": seen(case), "at": NOON}
    return moderation.decide_appeal(actor=actor or make_moderator(), case=case, **given)
