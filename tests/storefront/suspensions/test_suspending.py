"""Warnings, suspensions under the published numbers, appeals, and what ends them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from accounts import restrictions
from accounts.restrictions import Activity
from common import clock
from storefront.community.models import AppealOutcome, CaseOutcome, Report, Reported, ReportRule, ReviewCase
from storefront.community.services import moderation
from storefront.suspensions import errors, selectors
from storefront.suspensions.models import PriorWarning, Suspension, Unfounded
from storefront.suspensions.rules import DURATIONS, NUMBERS, SuspensionRule
from storefront.suspensions.services import emails, run_due, suspending, warning
from tests.conftest import NOON
from tests.factories.accounts import make_author, make_finance, make_moderator, make_reader
from tests.factories.suspensions import (
    WORDS,
    make_case,
    make_dismissed,
    make_suspension,
    make_unfounded,
    make_warning,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both]
DAY = timedelta(days=1)


@pytest.fixture
def author(db):
    return make_author(display_name="Ada")


def suspend(person, rule=SuspensionRule.ILLEGAL, *, actor=None, at=NOON, **given):
    told = {**WORDS, "days": 30, **given}
    return suspending.suspend(actor=actor or make_moderator(), person=person, rule=rule, at=at, **told)


def is_suspended(person, activity=Activity.CONTENT, at=NOON):
    return restrictions.is_restricted(person, activity, at)


class TestWarn:
    def test_is_told_with_the_decisions_and_forbids_nothing(self, author):
        case = make_case(author)
        made = make_warning(author)
        assert list(made.cases.all()) == [case]
        assert made.told_at is not None
        assert not is_suspended(author)
        (sent,) = mail.outbox
        assert sent.to == [author.email]
        for words in ("This is a warning", str(case.work), "Please stop.", "3 within twelve months"):
            assert words in sent.body
        assert not emails.mail_warning(warning_id=made.pk)

    def test_needs_something_to_warn_of(self, author):
        for kept in ({"outcome": CaseOutcome.KEEP}, {"at": NOON - 366 * DAY}):
            make_case(author, **kept)
        with pytest.raises(errors.NothingToWarnOf):
            make_warning(author)

    def test_counts_for_twelve_months_and_once(self, author):
        make_case(author, at=NOON)
        make_warning(author, at=NOON)
        with pytest.raises(errors.WarnedBefore):
            make_warning(author, at=NOON + 364 * DAY)
        make_case(author, at=NOON + 365 * DAY)
        make_warning(author, at=NOON + 366 * DAY)

    def test_needs_a_reason_and_somebody_who_is_not_involved(self, author):
        case = make_case(author)
        reporter = make_moderator()
        Report.objects.create(case=case, user=reporter, rule="copyright", words="!", created_at=NOON)
        for actor in (author, reporter, make_reader(), make_finance()):
            with pytest.raises(errors.NotYours):
                warning.warn(actor=actor, person=author, activity=Activity.CONTENT, reason="Stop.", at=NOON)
        with pytest.raises(errors.WordsMissing):
            warning.warn(actor=make_moderator(), person=author, activity=Activity.CONTENT, reason=" ", at=NOON)


class TestSuspend:
    def test_needs_a_warning_that_was_told(self, author):
        for _ in range(3):
            make_case(author, at=NOON)
        with pytest.raises(errors.WarningMissing):
            suspend(author)
        made = warning.warn(actor=make_moderator(), person=author, activity=Activity.CONTENT, reason="Stop.", at=NOON)
        with pytest.raises(errors.WarningMissing):  # the email has not been sent
            suspend(author)
        with clock.frozen(NOON):
            emails.mail_warning(warning_id=made.pk)
        with pytest.raises(errors.NothingSinceWarning):
            suspend(author)
        newer = make_case(author, at=NOON + DAY)
        made = suspend(author, at=NOON + 2 * DAY)
        assert newer in made.cases.all()
        assert made.cases.count() == 4
        assert is_suspended(author, at=NOON + 2 * DAY)

    def test_a_warning_of_another_kind_or_of_another_year_is_none(self, author):
        make_case(author, at=NOON - 400 * DAY)
        make_warning(author, at=NOON - 399 * DAY)
        make_unfounded(author, at=NOON - DAY)
        make_warning(author, Activity.NOTICES, at=NOON - DAY)
        for _ in range(3):
            make_case(author, at=NOON)
        with pytest.raises(errors.WarningMissing):
            suspend(author)

    @pytest.mark.parametrize("rule", [SuspensionRule.ILLEGAL, SuspensionRule.BREACH])
    def test_needs_as_many_decisions_as_the_rule_says(self, author, rule):
        numbers = NUMBERS[rule]
        named = ReportRule.HATE if rule == SuspensionRule.BREACH else ReportRule.COPYRIGHT
        make_case(author, rule=named, at=NOON - 3 * DAY)
        make_warning(author, at=NOON - 2 * DAY)
        for _ in range(numbers.count - 2):
            make_case(author, rule=named, at=NOON - DAY)
        with pytest.raises(errors.GroundsMissing):
            suspend(author, rule)
        make_case(author, rule=named, at=NOON - DAY)
        assert suspend(author, rule).rule == rule

    def test_counts_neither_what_is_old_nor_overturned_nor_mended_nor_said_elsewhere(self, author):
        make_case(author, at=NOON - 3 * DAY)
        make_warning(author, at=NOON - 2 * DAY)
        make_case(author, at=NOON - DAY)
        other = {
            "decided_at": NOON - 366 * DAY,
            "appeal_outcome": AppealOutcome.OVERTURNED,
            "remedied_at": NOON,
            "outcome": CaseOutcome.KEEP,
            "rule": ReportRule.HATE,
            "reported": Reported.MESSAGE,
        }
        for column, value in other.items():
            case = make_case(author, at=NOON - DAY)
            more = {"work": None, "thing_id": "msg_1"} if column == "reported" else {}
            ReviewCase.objects.filter(pk=case.pk).update(**{column: value}, **more)
        with pytest.raises(errors.GroundsMissing, match="there are 2"):
            suspend(author)

    @pytest.mark.parametrize("missing", ["evidence", "reason"])
    def test_needs_evidence_and_reason(self, author, missing):
        made = make_suspension(author)
        suspending.lift(actor=make_moderator(), suspension=made, reason="Too hard.", at=NOON)
        with pytest.raises(errors.WordsMissing):
            suspend(author, **{missing: " "})
        with pytest.raises(IntegrityError), transaction.atomic():
            Suspension.objects.filter(pk=made.pk).update(**{missing: ""})

    def test_is_for_moderators_who_are_not_involved(self, author):
        make_suspension(author)
        Suspension.objects.all().delete()
        reporter = make_moderator()
        case = ReviewCase.objects.filter(writer=author).first()
        Report.objects.create(case=case, user=reporter, rule="copyright", words="!", created_at=NOON)
        for actor in (author, reporter, make_reader(), make_finance()):
            with pytest.raises(errors.NotYours):
                suspend(author, actor=actor)
        assert suspend(author, actor=make_moderator())

    def test_a_moderator_cannot_suspend_themselves(self):
        person = make_moderator()
        with pytest.raises(errors.NotYours):
            suspend(person, actor=person)

    def test_lasts_longer_each_time_and_never_too_long(self, author):
        make_suspension(author)
        for most in DURATIONS[1:] + DURATIONS[-1:]:
            made = Suspension.objects.latest("pk")
            assert suspending.lift(actor=make_moderator(), suspension=made, reason="Enough.", at=NOON)
            with pytest.raises(errors.TooLong, match=str(most)):
                suspend(author, days=most + 1)
            suspend(author, days=most)
        with pytest.raises(errors.SuspendedAlready):
            suspend(author)

    def test_an_overturned_one_does_not_make_the_next_longer(self, author):
        made = make_suspension(author)
        suspending.appeal(actor=author, suspension=made, text="No.", at=NOON)
        overturned = {"outcome": AppealOutcome.OVERTURNED, "reason": "Right.", "at": NOON}
        suspending.decide_appeal(actor=make_moderator(), suspension=made, **overturned)
        with pytest.raises(errors.TooLong, match="30"):
            suspend(author, days=90)

    def test_has_a_last_day_in_the_database(self, author):
        made = make_suspension(author)
        with pytest.raises(IntegrityError), transaction.atomic():
            Suspension.objects.filter(pk=made.pk).update(last_day=made.first_day)

    def test_tells_the_whole_statement_of_reasons(self, author):
        made = make_suspension(author)
        sent = mail.outbox[-1]
        assert sent.to == [author.email]
        for words in (
            *WORDS.values(),
            "Illegal content again and again",
            "Article 23(1)",
            "In all countries",
            "None but for counting",
            "It ends by itself",
            "paid as usual",
            "out-of-court dispute settlement body",
            "you can appeal until",
            f"/account/suspensions/{made.public_id}/",
        ):
            assert words in sent.body
        assert made.told_at is not None


class TestEnd:
    def test_it_ends_by_itself(self, author):
        made = make_suspension(author)
        last = NOON.replace(hour=23, minute=59) + 30 * DAY
        assert is_suspended(author, at=last)
        assert made.last_day == last.date()
        over = last + timedelta(minutes=1)
        assert not is_suspended(author, at=over)
        assert author not in restrictions.people(Activity.CONTENT, over)
        assert author in restrictions.people(Activity.CONTENT, last)
        made.refresh_from_db()
        assert made.lifted_at is None  # nobody has done anything

    def test_a_moderator_lifts_it_early_with_a_reason(self, author):
        first = make_moderator()
        made = make_suspension(author, actor=first)
        for refused in (author, make_reader()):
            with pytest.raises(errors.NotYours):
                suspending.lift(actor=refused, suspension=made, reason="Sorry.", at=NOON)
        with pytest.raises(errors.WordsMissing):
            suspending.lift(actor=first, suspension=made, reason=" ", at=NOON)
        suspending.lift(actor=first, suspension=made, reason="All is mended.", at=NOON)
        assert not is_suspended(author)
        with pytest.raises(errors.DecidedBefore):
            suspending.lift(actor=first, suspension=made, reason="Again.", at=NOON)
        assert emails.mail_suspension(suspension_id=made.pk) == 1
        assert "All is mended." in mail.outbox[-1].body
        assert emails.mail_suspension(suspension_id=made.pk) == 0

    def test_it_ends_when_too_few_of_its_decisions_stand(self, author):
        made = make_suspension(author)
        case = made.cases.first()
        moderation.appeal(actor=author, case=case, text="I wrote it.", at=NOON)
        given = {"outcome": AppealOutcome.OVERTURNED, "reason": "Right.", "seen": "", "at": NOON}
        moderation.decide_appeal(actor=make_moderator(), case=case, **given)
        assert not is_suspended(author)
        made.refresh_from_db()
        assert made.lift_reason == suspending.FACTS_CHANGED
        assert made.lifted_by is None

    def test_it_goes_on_when_a_decision_is_upheld(self, author):
        made = make_suspension(author)
        case = made.cases.first()
        moderation.appeal(actor=author, case=case, text="I wrote it.", at=NOON)
        given = {"outcome": AppealOutcome.UPHELD, "reason": "No.", "seen": "", "at": NOON}
        moderation.decide_appeal(actor=make_moderator(), case=case, **given)
        assert is_suspended(author)


class TestAppeal:
    def test_the_same_person_cannot_decide_it(self, author):
        first = make_moderator()
        made = make_suspension(author, actor=first)
        suspending.appeal(actor=author, suspension=made, text="I wrote all of it.", at=NOON)
        given = {"outcome": AppealOutcome.OVERTURNED, "reason": "They did.", "at": NOON}
        for refused in (first, author, make_reader()):
            with pytest.raises(errors.NotYours):
                suspending.decide_appeal(actor=refused, suspension=made, **given)
        with pytest.raises(IntegrityError), transaction.atomic():
            Suspension.objects.filter(pk=made.pk).update(appeal_decided_by=first)
        assert is_suspended(author)
        suspending.decide_appeal(actor=make_moderator(), suspension=made, **given)
        assert not is_suspended(author)
        assert emails.mail_suspension(suspension_id=made.pk) == 1
        assert "Your appeal has succeeded" in mail.outbox[-1].body
        with pytest.raises(errors.DecidedBefore):
            suspending.decide_appeal(actor=make_moderator(), suspension=made, **given)

    def test_who_called_something_unfounded_cannot_decide_it(self):
        person = make_reader()
        made = make_suspension(person, Activity.NOTICES)
        suspending.appeal(actor=person, suspension=made, text="They were right.", at=NOON)
        finder = made.unfounded.first().made_by
        given = {"outcome": AppealOutcome.UPHELD, "reason": "No.", "at": NOON}
        with pytest.raises(errors.NotYours):
            suspending.decide_appeal(actor=finder, suspension=made, **given)
        suspending.decide_appeal(actor=make_moderator(), suspension=made, **given)
        assert is_suspended(person, Activity.NOTICES)

    def test_is_made_once_within_six_months_of_being_told_by_the_person(self, author):
        made = make_suspension(author)
        for actor, at in ((make_reader(), NOON), (author, made.told_at + 184 * DAY)):
            with pytest.raises(errors.AppealNotPossible):
                suspending.appeal(actor=actor, suspension=made, text="No.", at=at)
        with pytest.raises(errors.WordsMissing):
            suspending.appeal(actor=author, suspension=made, text=" ", at=NOON)
        suspending.appeal(actor=author, suspension=made, text="No.", at=made.told_at + 182 * DAY)
        with pytest.raises(errors.AppealNotPossible):
            suspending.appeal(actor=author, suspension=made, text="Again.", at=NOON)

    def test_is_open_to_those_whose_complaints_are_suspended(self):
        person = make_reader()
        report = make_dismissed(person)
        again = make_dismissed(person)
        Report.objects.filter(pk=again.pk).update(complaint_on=report)
        for _ in range(3):
            mark = make_unfounded(person)
            Unfounded.objects.filter(pk=mark.pk).update(activity=Activity.COMPLAINTS)
        given = {"activity": Activity.COMPLAINTS, "reason": "Stop.", "made_by": make_moderator()}
        told = PriorWarning.objects.create(person=person, made_at=NOON - DAY, told_at=NOON - DAY, **given)
        assert selectors.warning_in_force(person, Activity.COMPLAINTS, NOON) == told
        made = suspend(person, SuspensionRule.COMPLAINTS)
        assert is_suspended(person, Activity.COMPLAINTS)
        assert suspending.appeal(actor=person, suspension=made, text="They were right.", at=NOON).awaits_appeal


class TestUnfounded:
    def test_only_what_was_dismissed_once_and_with_a_reason(self):
        person, actor = make_reader(), make_moderator()
        report = make_dismissed(person)
        with pytest.raises(errors.WordsMissing):
            warning.call_report_unfounded(actor=actor, report=report, reason=" ", at=NOON)
        for refused in (person, report.case.writer, make_reader()):
            with pytest.raises(errors.NotYours):
                warning.call_report_unfounded(actor=refused, report=report, reason="Blank.", at=NOON)
        made = warning.call_report_unfounded(actor=actor, report=report, reason="Blank.", at=NOON)
        assert (made.activity, made.person) == (Activity.NOTICES, person)
        with pytest.raises(errors.NotUnfounded):
            warning.call_report_unfounded(actor=actor, report=report, reason="Blank.", at=NOON)
        acted_on = make_dismissed(person)
        ReviewCase.objects.filter(pk=acted_on.case_id).update(outcome=CaseOutcome.OFF_SALE)
        with pytest.raises(errors.NotUnfounded):
            warning.call_report_unfounded(actor=actor, report=acted_on, reason="Blank.", at=NOON)

    def test_a_refused_appeal_counts_for_complaints(self, author):
        case, actor = make_case(author), make_moderator()
        with pytest.raises(errors.NotUnfounded):
            warning.call_appeal_unfounded(actor=actor, case=case, reason="Blank.", at=NOON)
        ReviewCase.objects.filter(pk=case.pk).update(appeal_outcome=AppealOutcome.UPHELD)
        made = warning.call_appeal_unfounded(actor=actor, case=case, reason="Blank.", at=NOON)
        assert (made.activity, made.person) == (Activity.COMPLAINTS, author)

    def test_half_of_all_that_somebody_reports_has_to_be_unfounded(self):
        person = make_reader()
        for _ in range(3):
            make_unfounded(person, at=NOON)
        for _ in range(3):
            make_dismissed(person, at=NOON - DAY)
        assert selectors.grounds_of(person, SuspensionRule.NOTICES, NOON).is_enough
        make_dismissed(person, at=NOON - DAY)
        assert not selectors.grounds_of(person, SuspensionRule.NOTICES, NOON).is_enough

    def test_one_that_a_complaint_has_refuted_counts_no_more(self):
        person = make_reader()
        made = make_suspension(person, Activity.NOTICES)
        assert is_suspended(person, Activity.NOTICES)
        report = made.unfounded.first().report
        case = make_case(report.case.writer)
        Report.objects.create(
            case=case, user=person, rule=report.rule, words="Look.", complaint_on=report, created_at=NOON
        )
        suspending.case_decided(case, NOON)
        assert not is_suspended(person, Activity.NOTICES)


def test_what_was_not_told_is_told_again(author, django_capture_on_commit_callbacks):
    make_suspension(author)
    Suspension.objects.update(told_at=None)
    PriorWarning.objects.update(told_at=None)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        run_due.run_due(at=NOON + DAY)
    assert len(mail.outbox) == 2
