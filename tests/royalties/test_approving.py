"""What an approval sends, and what it leaves to the next run."""

from __future__ import annotations

import pytest

from common import clock
from common.errors import NotAllowed
from royalties.errors import NothingGoes, PayoutNotHoldable, PayoutNotReleasable, PayoutRunChanged
from royalties.models import HoldRule, Payout, PayoutRun, PayoutState
from royalties.selectors import run_preview
from royalties.services import payouts
from tests.royalties.database import run_together
from tests.royalties.factories import user
from tests.royalties.test_services_payouts import AT, approved, propose, ready

pytestmark = [pytest.mark.both, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _after_clearing():
    with clock.frozen(AT):
        yield


@pytest.fixture
def fiona(db):
    return user("Fiona", is_finance=True)


@pytest.fixture
def felix(db):
    return user("Felix", is_finance=True)


class TestHoldAndRelease:
    def held_beside_another(self, fiona, felix) -> tuple[PayoutRun, Payout]:
        """A run of two; the first payout is held before anybody approved."""
        first = ready()
        ready(paid=999)
        run = propose(fiona)
        return run, payouts.hold(
            actor=felix, payout=run.payouts.get(user=first), rule=HoldRule.IDENTITY, reason="Asked by mail", at=AT
        )

    def test_what_is_held_at_the_approval_is_taken_out(self, fiona, felix, gateway):
        run, held = self.held_beside_another(fiona, felix)
        payouts.approve_run(actor=felix, run=run, at=AT)
        held.refresh_from_db()
        assert (held.state, held.reason) == (PayoutState.CANCELED, "Asked by mail")
        assert payouts.send_payout(payout_id=held.pk).state == PayoutState.CANCELED
        assert gateway.calls == 0

    def test_its_maker_cannot_release_it_afterwards(self, fiona, felix, gateway, django_capture_on_commit_callbacks):
        """The approver never saw it go. It is payable as before and goes with the next run that somebody approves."""
        run, held = self.held_beside_another(fiona, felix)
        with django_capture_on_commit_callbacks(execute=True):
            payouts.approve_run(actor=felix, run=run, at=AT)
        with pytest.raises(PayoutNotReleasable):
            payouts.release(actor=fiona, payout=held, at=AT)
        payouts.retry_stuck()
        assert gateway.calls == 1
        assert propose(fiona).payouts.get().user_id == held.user_id

    def test_a_person_on_hold_is_taken_out_too(self, fiona, felix, gateway):
        ready()
        person = ready(paid=999)
        run = propose(fiona)
        hold = payouts.impose_hold(
            actor=felix, person=person, rule=HoldRule.IDENTITY, reason="A look.", ends_at=None, at=AT
        )
        why_not = {each.payout.user: each.why_not for each in run_preview.run_preview(run, at=AT).candidates}
        assert why_not[person] == "A look."
        payouts.approve_run(actor=felix, run=run, at=AT)
        payouts.lift_hold(actor=fiona, hold=hold, at=AT)
        payouts.retry_stuck()
        assert person.payouts.get().state == PayoutState.CANCELED

    def test_the_approver_is_told_when_more_would_go_than_they_saw(self, fiona, felix):
        run, held = self.held_beside_another(fiona, felix)
        seen = run_preview.run_preview(run, at=AT)
        assert (seen.payouts, seen.left_out, seen.left_out_minor) == (1, 1, 415)
        payouts.release(actor=fiona, payout=held, at=AT)
        with pytest.raises(PayoutRunChanged):
            payouts.approve_run(actor=felix, run=run, at=AT, seen=seen.seen)
        run.refresh_from_db()
        assert run.state == "proposed"

    def test_a_run_of_which_nothing_goes_is_not_approved(self, fiona, felix):
        ready()
        run = propose(fiona)
        payouts.hold(actor=felix, payout=run.payouts.get(), rule=HoldRule.IDENTITY, reason="Asked by mail", at=AT)
        with pytest.raises(NothingGoes):
            payouts.approve_run(actor=felix, run=run, at=AT)

    def test_held_after_the_approval_it_goes_when_it_is_released(
        self, fiona, felix, gateway, django_capture_on_commit_callbacks
    ):
        ready()
        payout = payouts.hold(
            actor=felix, payout=approved(fiona, felix), rule=HoldRule.IDENTITY, reason="Asked by mail", at=AT
        )
        with django_capture_on_commit_callbacks(execute=True):
            payouts.release(actor=felix, payout=payout, at=AT)
        assert Payout.objects.get().state == PayoutState.PAID

    @pytest.mark.race
    def test_a_release_beside_the_approval_adds_nothing_unseen(self, racing_db, fiona, felix):
        run, held = self.held_beside_another(fiona, felix)
        seen = run_preview.run_preview(run, at=AT).seen
        run_together(
            lambda: payouts.release(actor=fiona, payout=held, at=AT),
            lambda: payouts.approve_run(actor=felix, run=run, at=AT, seen=seen),
        )
        run.refresh_from_db()
        held.refresh_from_db()
        assert (run.state, held.state) in {("approved", "canceled"), ("proposed", "pending")}

    def test_refuses_to_hold_what_is_paid(self, fiona, felix, gateway):
        ready()
        payout = payouts.send_payout(payout_id=approved(fiona, felix).pk)
        with pytest.raises(PayoutNotHoldable):
            payouts.hold(actor=fiona, payout=payout, rule=HoldRule.IDENTITY, reason="x", at=AT)

    def test_refuses_to_release_what_is_not_held(self, fiona):
        ready()
        with pytest.raises(PayoutNotReleasable):
            payouts.release(actor=fiona, payout=propose(fiona).payouts.get(), at=AT)

    @pytest.mark.parametrize(
        "act", [lambda a, p: payouts.hold(actor=a, payout=p, rule=HoldRule.IDENTITY, reason="", at=AT)]
    )
    def test_only_finance_may(self, fiona, act):
        ready()
        payout = propose(fiona).payouts.get()
        with pytest.raises(NotAllowed):
            payouts.hold(actor=user(is_operator=True), payout=payout, rule=HoldRule.IDENTITY, reason="", at=AT)
        with pytest.raises(NotAllowed):
            payouts.release(actor=user(), payout=payout, at=AT)
