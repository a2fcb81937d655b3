"""Corrections take two people and nothing else than what was proposed."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from common.errors import NotAllowed
from common.money import Money
from royalties import entries
from royalties.errors import ApproverIsProposer, LedgerError, ManualEntryDecided, ManualEntryRefused
from royalties.models import ManualEntry, ManualKind, ManualState
from royalties.services import corrections, invariants, ledger
from tests.royalties import factories
from tests.royalties.books import balance
from tests.royalties.factories import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def fiona():
    return factories.user("Fiona", is_finance=True)


@pytest.fixture
def felix():
    return factories.user("Felix", is_finance=True)


def proposed(fiona, person, amount, kind=ManualKind.ADJUSTMENT):
    return corrections.propose(
        actor=fiona, kind=kind, user=person, amount=Money(amount, "USD"), reason="A typing error.", at=NOON
    )


class TestManualEntries:
    def test_nothing_is_booked_before_approval(self, fiona, felix):
        ann = factories.user()
        correction = proposed(fiona, ann, 250)
        assert balance("contributor_payable", ann) == 0
        corrections.approve(actor=felix, manual=correction, at=NOON)
        assert balance("contributor_payable", ann) == balance("promotion") == 250
        assert not invariants.check_invariants()

    def test_the_proposer_cannot_approve(self, fiona):
        with pytest.raises(ApproverIsProposer):
            corrections.approve(actor=fiona, manual=proposed(fiona, factories.user(), 250), at=NOON)

    def test_nor_behind_the_service(self, fiona):
        correction = proposed(fiona, factories.user(), 250)
        with pytest.raises(IntegrityError), transaction.atomic():
            ManualEntry.objects.filter(pk=correction.pk).update(state=ManualState.APPROVED, decided_by=fiona)

    def test_nobody_corrects_their_own_balance(self, fiona, felix):
        with pytest.raises(NotAllowed):
            proposed(fiona, fiona, 250)
        with pytest.raises(ApproverIsProposer):
            corrections.approve(actor=felix, manual=proposed(fiona, felix, 250), at=NOON)

    def test_twice_is_refused(self, fiona, felix):
        correction = proposed(fiona, factories.user(), 250)
        corrections.approve(actor=felix, manual=correction, at=NOON)
        with pytest.raises(ManualEntryDecided):
            corrections.approve(actor=felix, manual=correction, at=NOON)

    def test_more_than_is_payable_is_refused(self, fiona, felix):
        ann = factories.payable()
        with pytest.raises(LedgerError):
            corrections.approve(actor=felix, manual=proposed(fiona, ann, -416), at=NOON)
        assert balance("contributor_payable", ann) == 415

    def test_a_write_off_ends_a_debt(self, fiona, felix):
        ann = factories.user()
        ledger.post_one(
            entries.plan_fee(
                external_id="x", owner=ann.public_id, currency="USD", occurred_at=NOON, from_payable=0, owed=900
            )
        )
        corrections.approve(actor=felix, manual=proposed(fiona, ann, 900, ManualKind.WRITE_OFF), at=NOON)
        assert balance("contributor_receivable", ann) == 0
        assert balance("bad_debt") == 900

    @pytest.mark.parametrize(("amount", "kind"), [(0, "adjustment"), (-5, "write_off")])
    def test_amounts_that_mean_nothing_are_refused(self, fiona, amount, kind):
        with pytest.raises(ManualEntryRefused):
            proposed(fiona, factories.user(), amount, ManualKind(kind))

    def test_readers_may_not(self, fiona):
        with pytest.raises(NotAllowed):
            proposed(factories.user(), factories.user(), 5)
