"""T10 and around it: tax withheld from royalties of sales to readers in the United States."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from hypothesis import given
from hypothesis import strategies as st

from common import clock
from common.errors import NotAllowed
from common.money import Money, allocate, apply_bps
from common.periods import Month
from royalties import tax_forms as rules
from royalties.errors import (
    ApproverIsProposer,
    RemittanceDecided,
    RemittanceRefused,
    TaxFormDecided,
    TaxFormRefused,
    TaxFormWaiting,
)
from royalties.models import (
    JournalEntry,
    RemittanceState,
    TaxCertificate,
    TaxForm,
    TreatyRate,
    Withholding,
    WithholdingReturn,
    WithholdingRule,
)
from royalties.selectors import withholding as selectors
from royalties.services import clearing, invariants, protection_fund, returns, tax_forms, withholding
from royalties.services import disputes as dispute_services
from royalties.tax_forms import Stated
from tests.royalties import closing
from tests.royalties.books import balance
from tests.royalties.database import run_together
from tests.royalties.factories import NOON, WINDOW, edition, recorded_sale, split, user
from tests.royalties.test_services_disputes import spend

pytestmark = [pytest.mark.django_db, pytest.mark.both]

LAW = "26 U.S.C. 1441"
DUE = NOON + WINDOW  # 17 November 2026


@pytest.fixture
def rule():
    return WithholdingRule.objects.create(country="US", effective_at=NOON, rate_bps=3000, source=LAW)


@pytest.fixture
def ann():
    return user("Ann", is_author=True)


@pytest.fixture
def fiona():
    return user("Fiona", is_finance=True)


def signed(**fields) -> tax_forms.SignedForm:
    values = {
        "form": TaxForm.W8BEN,
        "name": "Ann Example",
        "country": "IN",
        "claims_treaty": True,
        "has_taxpayer_number": True,
        "signature": "Ann Example",
        "signed_on": date(2026, 11, 1),
        **fields,
    }
    return tax_forms.SignedForm(**values)


def accepted(person, *, at=NOON, **fields) -> TaxCertificate:
    """A form that finance accepted at once."""
    certificate = tax_forms.hand_in(actor=person, signed=signed(**fields), at=at)
    return tax_forms.decide(
        actor=user("Felix", is_finance=True), certificate=certificate, is_accepted=True, reason="Complete.", at=at
    )


def sold(person, *, sold_at=NOON, paid=499, country="US", **fields):
    return recorded_sale(of=edition(person), paid=paid, country=country, sold_at=sold_at, **fields)


def in_order() -> None:
    assert [str(violation) for violation in invariants.check_invariants()] == []


class TestRates:
    def test_kdp_oracle_of_the_age_of_a_form(self):
        """kdp.amazon.com G201274690: a W-8 signed on 2018-09-30 is valid through 2021-12-31."""
        assert rules.expires_on(TaxForm.W8BEN, date(2018, 9, 30)) == date(2021, 12, 31)

    def test_a_w9_does_not_expire(self):
        assert rules.expires_on(TaxForm.W9, date(2018, 9, 30)) is None

    @pytest.mark.parametrize(
        ("stated", "treaty", "rate"),
        [
            (None, None, 3000),
            (Stated(TaxForm.W8BEN, "DE", claims_treaty=True, has_taxpayer_number=True), 0, 0),
            (Stated(TaxForm.W8BEN, "IN", claims_treaty=True, has_taxpayer_number=True), 1500, 1500),
            (Stated(TaxForm.W8BEN, "DE", claims_treaty=True, has_taxpayer_number=False), 0, 3000),
            (Stated(TaxForm.W8BEN, "DE", claims_treaty=False, has_taxpayer_number=True), 0, 3000),
            (Stated(TaxForm.W8BENE, "BR", claims_treaty=True, has_taxpayer_number=True), None, 3000),
            (Stated(TaxForm.W9, "US", claims_treaty=False, has_taxpayer_number=True), None, 0),
        ],
    )
    def test_kdp_oracle_of_the_rate(self, stated, treaty, rate):
        """kdp.amazon.com G201274690: 30 % by default, the treaty's rate with a taxpayer number."""
        assert rules.rate_bps(stated, without_form_bps=3000, treaty_bps=treaty) == rate

    def test_treaties_are_dated(self):
        assert TreatyRate.objects.filter(country="DE").get().rate_bps == 0
        rates = TreatyRate.objects.filter(country="HU").order_by("effective_on")
        assert [rate.rate_bps for rate in rates] == [0, 3000]


class TestWithheld:
    def test_nothing_without_a_rule(self, ann):
        sold(ann)
        clearing.clear_due(at=DUE)
        assert balance("contributor_payable", ann) == 415
        assert not Withholding.objects.exists()

    def test_nothing_from_readers_elsewhere(self, rule, ann):
        sold(ann, country="DE")
        clearing.clear_due(at=DUE)
        assert balance("contributor_payable", ann) == 415

    def test_a_rule_of_zero_ends_it(self, rule, ann):
        WithholdingRule.objects.create(country="US", effective_at=DUE, rate_bps=0, source="No longer an agent.")
        sold(ann)
        clearing.clear_due(at=DUE)
        assert not Withholding.objects.exists()

    def test_without_a_form_thirty_percent(self, rule, ann):
        sold(ann)
        clearing.clear_due(at=DUE)
        row = Withholding.objects.get()
        # 30 % of 4.15 is 1.245, which is rounded half up.
        assert (row.rate_bps, row.basis_minor, row.amount_minor, row.certificate) == (3000, 415, 125, None)
        assert (balance("contributor_payable", ann), balance("withholding:US")) == (290, 125)
        in_order()

    def test_each_contributor_under_their_own_form(self, rule, ann):
        ben, book = user("Ben", is_author=True), edition(ann)
        split(book.work, (ann, 6000), (ben, 4000))
        accepted(ann, country="DE")
        recorded_sale(of=book, country="US")
        clearing.clear_due(at=DUE)
        assert (balance("contributor_payable", ann), balance("contributor_payable", ben)) == (249, 166 - 50)
        # What bears nothing is on record as well, without an entry.
        assert Withholding.objects.get(user=ann).entry is None
        in_order()

    def test_nothing_twice(self, rule, ann):
        sold(ann)
        for _ in range(2):
            clearing.clear_due(at=DUE)
        assert JournalEntry.objects.filter(kind="withheld").count() == 1

    def test_a_form_not_yet_accepted_does_not_count(self, rule, ann):
        tax_forms.hand_in(actor=ann, signed=signed(), at=NOON)
        sold(ann)
        clearing.clear_due(at=DUE)
        assert Withholding.objects.get().rate_bps == 3000

    def test_only_what_is_left_when_it_becomes_payable(self, rule, ann):
        made = sold(ann)
        returns.record_refund(reference=made.reference, external_id="r", at=NOON, amount=Money(250, "USD"))
        kept = balance("contributor_clearing", ann)
        clearing.clear_due(at=DUE)
        assert Withholding.objects.get().basis_minor == kept
        returns.record_refund(reference=made.reference, external_id="r2", at=DUE)
        assert (balance("withholding:US"), balance("contributor_payable", ann)) == (0, 0)
        in_order()


class TestT10FormExpires:
    """T10: the form expires in the middle of what a month makes payable."""

    @pytest.fixture
    def expiring(self, rule, ann):
        """Signed in 2023, so that it holds until the end of 2026."""
        return accepted(ann, signed_on=date(2023, 5, 1))

    def days(self, ann, *days: datetime) -> list[int]:
        for day in days:
            sold(ann, sold_at=day - WINDOW)
        clearing.clear_due(at=max(days))
        return list(Withholding.objects.order_by("withheld_at").values_list("rate_bps", flat=True))

    def test_t10_before_and_after(self, ann, expiring):
        last = datetime(2026, 12, 31, 23, 59, tzinfo=UTC)
        assert expiring.expires_on == last.date()
        assert self.days(ann, last, last + timedelta(minutes=1)) == [1500, 3000]
        in_order()

    def test_t10_expires_mid_month_for_whoever_moved(self, rule, ann):
        """Another form takes the first one's place in the middle of a month."""
        accepted(ann)
        moved = datetime(2026, 11, 20, 9, tzinfo=UTC)
        accepted(ann, country="BD", at=moved, signed_on=moved.date())
        assert self.days(ann, moved - timedelta(days=1), moved) == [1500, 1000]

    def test_t10_renewed_before_it_expired(self, ann, expiring):
        renewed = datetime(2026, 12, 20, tzinfo=UTC)
        accepted(ann, at=renewed, signed_on=renewed.date())
        assert self.days(ann, datetime(2027, 1, 2, tzinfo=UTC)) == [1500]

    def test_t10_renewed_late_in_the_same_year(self, ann, expiring):
        """What the gap cost is given back, to the cent of what the renewed form would have left."""
        gap, renewed = datetime(2027, 1, 5, tzinfo=UTC), datetime(2027, 1, 20, tzinfo=UTC)
        assert self.days(ann, datetime(2026, 12, 30, tzinfo=UTC), gap) == [1500, 3000]
        before = balance("contributor_payable", ann)
        accepted(ann, at=renewed, signed_on=renewed.date())
        back = WithholdingReturn.objects.get()
        assert back.amount_minor == apply_bps(415, 3000) - apply_bps(415, 1500)
        assert balance("contributor_payable", ann) == before + back.amount_minor
        in_order()

    def test_a_form_accepted_while_sales_were_clearing(self, rule, ann):
        certificate = accepted(ann)
        checked_by = certificate.decided_by
        forms = TaxCertificate.objects.filter(pk=certificate.pk)
        forms.update(state="handed_in", decided_by=None)  # as the clearing saw it
        sold(ann)
        clearing.clear_due(at=DUE)
        forms.update(state="accepted", decided_by=checked_by, decided_at=DUE)
        assert [withholding.settle_late_forms(at=DUE) for _ in range(2)] == [1, 0]
        assert balance("withholding:US") == apply_bps(415, 1500)
        in_order()

    def test_t10_renewed_in_another_year(self, rule, ann):
        sold(ann)
        clearing.clear_due(at=DUE)
        january = datetime(2027, 1, 2, tzinfo=UTC)
        accepted(ann, at=january, signed_on=january.date())
        assert not WithholdingReturn.objects.exists()

    def test_t10_the_statement_has_a_line_for_each(self, ann, expiring, fiona):
        moved = datetime(2026, 12, 10, tzinfo=UTC)
        sold(ann, sold_at=moved - timedelta(days=1) - WINDOW)
        clearing.clear_due(at=moved)
        TaxCertificate.objects.filter(pk=expiring.pk).update(expires_on=date(2026, 12, 9))
        sold(ann, sold_at=moved - WINDOW)
        clearing.clear_due(at=moved)
        with clock.frozen(datetime(2027, 1, 3, tzinfo=UTC)):
            for month in ("2026-11", "2026-12"):
                closed = closing.close(period=Month.parse(month), at=clock.now())
        lines = selectors.of_month(closed.statements.get(user=ann))
        assert [(line.rate_bps, line.form, line.expires_on) for line in lines] == [
            (3000, "", None),
            (1500, "W-8BEN", date(2026, 12, 9)),
        ]
        assert [line.amount_minor for line in lines] == [125, 62]
        in_order()


class TestReturns:
    def test_comes_back_with_the_sale(self, rule, ann):
        made = sold(ann)
        clearing.clear_due(at=DUE)
        returns.record_refund(reference=made.reference, external_id="r", at=DUE)
        assert (balance("withholding:US"), balance("contributor_payable", ann)) == (0, 0)
        assert balance("contributor_receivable", ann) == 0
        in_order()

    def test_the_worked_journal(self, rule, ann):
        """worked_journal.beancount, `wht` and `whtadj`: 2.07 of 6.91, then refunded after a payout of the rest."""
        made = sold(ann, paid=809)  # of which the royalty is 6.91
        clearing.clear_due(at=DUE)
        assert (balance("withholding:US"), balance("contributor_payable", ann)) == (207, 484)
        spend(ann, 484)
        returns.record_refund(reference=made.reference, external_id="re2", at=DUE)
        assert (balance("contributor_receivable", ann), balance("withholding:US")) == (691 - 207, 0)

    @pytest.mark.parametrize("cents", [[1] * 40 + [459], [250, 249], [498, 1], [33, 66, 400]])
    def test_in_pieces_to_the_last_cent(self, rule, ann, cents):
        made = sold(ann)
        clearing.clear_due(at=DUE)
        for number, piece in enumerate(cents):
            returns.record_refund(
                reference=made.reference, external_id=f"r{number}", at=DUE, amount=Money(piece, "USD")
            )
            row = Withholding.objects.get()
            assert 0 <= row.left_minor <= row.share.kept_minor
        assert (balance("withholding:US"), balance("contributor_payable", ann)) == (0, 0)
        in_order()

    def test_a_lost_dispute_and_its_cover(self, rule, ann):
        sold(user("Rich", is_author=True), paid=2_000_000, country="DE")
        protection_fund.contribute(at=DUE)
        made = sold(ann)
        clearing.clear_due(at=DUE)
        dispute_services.open_dispute(
            facts=dispute_services.DisputeFacts("dp", made.order_reference, Money(499, "USD"), Money(1500, "USD"), DUE)
        )
        dispute_services.lose_dispute(external_id="dp", at=DUE)
        assert balance("withholding:US") == 0
        assert protection_fund.cover(external_id="dp", at=DUE) == 415 - 125  # what the dispute took from them
        assert balance("contributor_payable", ann) == 415 - 125
        in_order()

    def test_waits_when_it_was_remitted(self, rule, ann, fiona):
        made = sold(ann)
        clearing.clear_due(at=DUE)
        remit(fiona, 125)
        returns.record_refund(reference=made.reference, external_id="r", at=DUE)
        assert (balance("contributor_receivable", ann), withholding.give_back_waiting(at=DUE)) == (125, 0)
        assert selectors.owed()[0].waiting == Money(125, "USD")
        sold(user("Ben", is_author=True))
        clearing.clear_due(at=DUE)
        assert (withholding.give_back_waiting(at=DUE), balance("contributor_receivable", ann)) == (1, 0)
        in_order()


@pytest.mark.race
@pytest.mark.usefixtures("racing_db")
class TestRaces:
    def test_clearing_returns_and_a_late_form_at_once(self, ann):
        """In whichever order they come: nothing twice, nothing lost, no deadlock."""
        WithholdingRule.objects.create(country="US", effective_at=NOON, rate_bps=3000, source=LAW)
        made = [sold(ann) for _ in range(6)]
        certificate = tax_forms.hand_in(actor=ann, signed=signed(), at=NOON)
        felix = user("Felix", is_finance=True)

        def give_back(number: int) -> None:
            returns.record_refund(
                reference=made[number].reference, external_id=f"r{number}", at=DUE, amount=Money(200, "USD")
            )

        results = run_together(
            lambda: clearing.clear_due(at=DUE),
            lambda: clearing.clear_due(at=DUE),
            lambda: give_back(0),
            lambda: give_back(1),
            lambda: tax_forms.decide(
                actor=felix, certificate=certificate, is_accepted=True, reason="Complete.", at=DUE
            ),
            lambda: give_back(2),
        )
        assert [result for result in results if isinstance(result, Exception)] == []
        clearing.clear_due(at=DUE)
        assert Withholding.objects.count() == 6
        in_order()


class TestRemittance:
    def test_two_people(self, rule, ann, fiona):
        sold(ann)
        clearing.clear_due(at=DUE)
        remittance = withholding.propose_remittance(actor=fiona, amount=Money(100, "USD"), note="EFTPS 1", at=DUE)
        with pytest.raises(ApproverIsProposer):
            withholding.decide_remittance(actor=fiona, remittance=remittance, is_approved=True, at=DUE)
        felix = user("Felix", is_finance=True)
        done = withholding.decide_remittance(actor=felix, remittance=remittance, is_approved=True, at=DUE)
        assert (done.state, balance("withholding:US"), balance("bank")) == (RemittanceState.APPROVED, 25, -100)
        with pytest.raises(RemittanceDecided):
            withholding.decide_remittance(actor=felix, remittance=remittance, is_approved=True, at=DUE)

    def test_never_more_than_lies_there(self, rule, ann, fiona):
        sold(ann)
        clearing.clear_due(at=DUE)
        with pytest.raises(RemittanceRefused):
            remit(fiona, 126)
        assert balance("withholding:US") == 125

    @pytest.mark.parametrize(("minor", "note"), [(0, "EFTPS 1"), (-1, "EFTPS 1"), (1, " ")])
    def test_needs_an_amount_and_a_reference(self, fiona, minor, note):
        with pytest.raises(RemittanceRefused):
            withholding.propose_remittance(actor=fiona, amount=Money(minor, "USD"), note=note, at=DUE)

    def test_others_may_not(self, ann):
        with pytest.raises(NotAllowed):
            withholding.propose_remittance(actor=ann, amount=Money(1, "USD"), note="x", at=DUE)


class TestForms:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"signed_on": date(2026, 11, 4)},
            {"signed_on": date(2022, 12, 31)},
            {"country": "US"},
            {"form": TaxForm.W9},
            {"form": TaxForm.W9, "country": "US", "has_taxpayer_number": False},
            {"signature": " "},
        ],
    )
    def test_refuses_what_nobody_could_rely_on(self, ann, wrong):
        with pytest.raises(TaxFormRefused):
            tax_forms.hand_in(actor=ann, signed=signed(**wrong), at=NOON)

    def test_one_waits_at_a_time(self, ann):
        tax_forms.hand_in(actor=ann, signed=signed(), at=NOON)
        with pytest.raises(TaxFormWaiting):
            tax_forms.hand_in(actor=ann, signed=signed(), at=NOON)

    def test_readers_have_none(self):
        with pytest.raises(NotAllowed):
            tax_forms.hand_in(actor=user(), signed=signed(), at=NOON)

    def test_nobody_checks_their_own(self):
        both = user("Both", is_author=True, is_finance=True)
        certificate = tax_forms.hand_in(actor=both, signed=signed(), at=NOON)
        with pytest.raises(NotAllowed):
            tax_forms.decide(actor=both, certificate=certificate, is_accepted=True, reason="Mine.", at=NOON)

    def test_is_decided_once_with_a_reason(self, ann, fiona):
        certificate = tax_forms.hand_in(actor=ann, signed=signed(), at=NOON)
        with pytest.raises(TaxFormRefused):
            tax_forms.decide(actor=fiona, certificate=certificate, is_accepted=False, reason=" ", at=NOON)
        tax_forms.decide(actor=fiona, certificate=certificate, is_accepted=False, reason="Unsigned.", at=NOON)
        with pytest.raises(TaxFormDecided):
            tax_forms.decide(actor=fiona, certificate=certificate, is_accepted=True, reason="So be it.", at=NOON)

    def test_is_told_what_was_decided(self, ann, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            accepted(ann)
        assert "Complete." in mail.outbox[-1].body

    def test_reminders_sixty_and_fourteen_days_before(self, rule, ann, django_capture_on_commit_callbacks):
        accepted(ann, signed_on=date(2024, 5, 1))
        last, told = datetime(2027, 12, 31, tzinfo=UTC), []
        for days in range(70, -2, -1):
            at = last - timedelta(days=days)
            with clock.frozen(at), django_capture_on_commit_callbacks(execute=True):
                told += [days] * tax_forms.remind_due(at=at)
        assert told == [60, 14]
        assert [message.to for message in mail.outbox] == [[ann.email]] * 2
        assert "31 December 2027" in mail.outbox[0].body

    def test_a_reminder_whose_message_was_lost_is_sent_the_next_day(
        self, rule, ann, django_capture_on_commit_callbacks
    ):
        accepted(ann, signed_on=date(2024, 5, 1))
        for day in (1, 2, 3):
            at = datetime(2027, 11, day, tzinfo=UTC)
            is_lost = day == 1
            with clock.frozen(at), django_capture_on_commit_callbacks(execute=not is_lost):
                assert tax_forms.remind_due(at=at) == (0 if day == 3 else 1)
        assert [message.to for message in mail.outbox] == [[ann.email]]

    def test_whoever_renewed_is_not_reminded(self, rule, ann):
        accepted(ann, signed_on=date(2023, 5, 1))
        tax_forms.hand_in(actor=ann, signed=signed(), at=NOON)
        assert tax_forms.remind_due(at=datetime(2026, 12, 20, tzinfo=UTC)) == 0


@given(
    royalty=st.integers(0, 10**9),
    rate=st.sampled_from([0, 500, 1000, 1500, 3000]),
    cuts=st.lists(st.integers(1, 10**9), max_size=30),
)
def test_withheld_and_net_are_the_royalty_and_returns_take_the_last_cent(royalty, rate, cuts):
    """For any royalty, rate and returns: nothing is lost, and never more tax is kept than royalty is left."""
    left, tax = royalty, apply_bps(royalty, rate)
    assert 0 <= tax <= royalty
    given_back = []
    for cut in [*cuts, royalty]:
        amount = min(cut, left)
        if not amount:
            continue
        back = allocate(tax, [amount, left - amount])[0]
        assert 0 <= back <= amount
        left, tax = left - amount, tax - back
        assert 0 <= tax <= left
        given_back.append(back)
    assert (left, tax, sum(given_back)) == (0, 0, apply_bps(royalty, rate))


def remit(fiona, minor: int) -> None:
    remittance = withholding.propose_remittance(actor=fiona, amount=Money(minor, "USD"), note="EFTPS 1", at=DUE)
    withholding.decide_remittance(actor=user("Felix", is_finance=True), remittance=remittance, is_approved=True, at=DUE)
