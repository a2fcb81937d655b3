"""What people do about items that do not agree: explain, correct, match by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditEntry
from common import clock
from common.errors import NotAllowed
from royalties.errors import (
    ApproverIsProposer,
    ExplanationRefused,
    HandMatchDecided,
    HandMatchRefused,
    ItemAgrees,
    ItemChanged,
    ItemExplainedMeanwhile,
    ItemHasProposal,
    ProposalIsYours,
    SetAsideDecided,
)
from royalties.models import (
    HandMatch,
    ItemExplanation,
    ItemState,
    JournalEntry,
    ManualEntry,
    ManualState,
    ProviderAgainst,
    ReconciliationItem,
    SetAside,
)
from royalties.selectors import match_keys
from royalties.selectors import reconciliation as selectors
from royalties.services import corrections, invariants, ledger_chain, reconciliation_items
from royalties.services.reconciliation import reconcile
from tests.royalties.books import balance
from tests.royalties.database import run_together
from tests.royalties.factories import NOON, edition, recorded_sale, user
from tests.royalties.test_services_reconciliation import NIGHT, Provider, bought

pytestmark = [pytest.mark.both, pytest.mark.django_db]
LATER = NIGHT + timedelta(days=5)


@pytest.fixture(autouse=True)
def _that_night():
    with clock.frozen(NIGHT):
        yield


@pytest.fixture
def provider(monkeypatch):
    made = Provider()
    monkeypatch.setattr("payments.services.gateway", lambda: made)
    return made


@pytest.fixture
def fiona():
    return user("Fiona", is_finance=True)


@pytest.fixture
def felix():
    return user("Felix", is_finance=True)


@pytest.fixture
def fee(provider):
    """The provider took a fee that nobody booked."""
    bought()
    provider.moves("charge", "ch_1", 499, 44)
    provider.moves("stripe_fee", "fee_x", -150)
    reconcile(at=NIGHT)
    return ReconciliationItem.objects.get(key="fee_x")


def explain(actor, item, **fields):
    values = {"reason": "A fee of the provider.", "seen": 0, "until": None, "at": NIGHT, **fields}
    return reconciliation_items.explain(actor=actor, item=item, **values)


def correction(actor, item, **fields):
    values = {"against": ProviderAgainst.PROCESSOR_FEE, "reason": "A fee.", "at": NIGHT, **fields}
    return reconciliation_items.propose_correction(actor=actor, item=item, **values)


def rules_broken() -> list[str]:
    return [violation.rule for violation in invariants.check_invariants()]


class TestExplain:
    def test_keeps_it_open(self, fiona, fee):
        explain(fiona, fee)
        reconcile(at=LATER)
        assert rules_broken() == ["I9"]

    @pytest.mark.parametrize("days", [0, -1, reconciliation_items.SET_ASIDE_DAYS + 1])
    def test_not_into_the_past_and_not_for_ever(self, fiona, fee, days):
        with pytest.raises(ExplanationRefused):
            explain(fiona, fee, until=NIGHT + timedelta(days=days))

    def test_needs_a_reason(self, fiona, fee):
        with pytest.raises(ExplanationRefused):
            explain(fiona, fee, reason=" ")

    def test_only_by_finance(self, fee):
        for person in (user(), user(is_operator=True), user(is_moderator=True)):
            with pytest.raises(NotAllowed):
                explain(person, fee)

    def test_not_of_what_agrees(self, fiona, fee):
        matched = ReconciliationItem.objects.exclude(pk=fee.pk).get()
        with pytest.raises(ItemAgrees):
            explain(fiona, matched)

    def test_of_two_people_the_second_is_told(self, fiona, felix, fee):
        explain(fiona, fee)
        with pytest.raises(ItemExplainedMeanwhile, match="Fiona explained"):
            explain(felix, fee)
        explain(felix, fee, seen=1)
        assert list(fee.explanations.values_list("number", flat=True)) == [2, 1]

    def test_is_on_record(self, fiona, fee):
        explain(fiona, fee, until=NIGHT + timedelta(days=10))
        entry = AuditEntry.objects.get(verb="reconciliation.explained")
        assert (entry.actor, entry.facts["number"]) == (fiona, 1)

    def test_cannot_be_changed(self, fiona, fee):
        explanation = explain(fiona, fee)
        with pytest.raises(IntegrityError), transaction.atomic():
            ItemExplanation.objects.filter(pk=explanation.pk).update(reason="Never mind.")


def ask(actor, item, until, at=NIGHT) -> SetAside:
    """Explain and ask to set it aside."""
    return explain(actor, item, until=until, at=at, seen=item.explanations.count()).set_aside


class TestSetAside:
    def test_one_person_sets_nothing_aside(self, fiona, fee):
        ask(fiona, fee, NIGHT + timedelta(days=10))
        reconcile(at=LATER)
        assert rules_broken() == ["I9"]

    def test_two_people_do_until_a_day(self, fiona, felix, fee):
        asked = ask(fiona, fee, NIGHT + timedelta(days=10))
        reconciliation_items.approve_set_aside(actor=felix, set_aside=asked, at=NIGHT)
        reconcile(at=LATER)
        assert rules_broken() == []
        assert selectors.aside_until([fee], LATER)[fee.pk] == NIGHT + timedelta(days=10)
        reconcile(at=NIGHT + timedelta(days=11))
        assert rules_broken() == ["I9"]

    def test_counts_at_once_for_a_month_that_waits(self, fiona, felix, fee):
        reconcile(at=LATER)
        asked = ask(fiona, fee, LATER + timedelta(days=10), at=LATER)
        assert rules_broken() == ["I9"]
        reconciliation_items.approve_set_aside(actor=felix, set_aside=asked, at=LATER)
        assert rules_broken() == []

    def test_never_by_whoever_asked(self, fiona, fee):
        asked = ask(fiona, fee, NIGHT + timedelta(days=10))
        with pytest.raises(ProposalIsYours):
            reconciliation_items.approve_set_aside(actor=fiona, set_aside=asked, at=NIGHT)
        with pytest.raises(IntegrityError), transaction.atomic():
            SetAside.objects.update(state=ManualState.APPROVED, decided_by=fiona)
        with pytest.raises(IntegrityError), transaction.atomic():
            SetAside.objects.update(state=ManualState.APPROVED)

    def test_a_later_explanation_takes_it_back(self, fiona, felix, fee):
        asked = ask(fiona, fee, NIGHT + timedelta(days=10))
        reconciliation_items.approve_set_aside(actor=felix, set_aside=asked, at=NIGHT)
        explain(fiona, fee, seen=1)
        reconcile(at=LATER)
        assert rules_broken() == ["I9"]

    def test_covers_only_the_difference_that_was_explained(self, fiona, felix, fee, provider):
        asked = ask(fiona, fee, NIGHT + timedelta(days=30))
        reconciliation_items.approve_set_aside(actor=felix, set_aside=asked, at=NIGHT)
        provider.moves("stripe_fee", "fee_x", -1)
        reconcile(at=LATER)
        assert rules_broken() == ["I9"]

    def test_nobody_agrees_to_another_difference(self, fiona, felix, fee, provider):
        asked = ask(fiona, fee, NIGHT + timedelta(days=30))
        provider.moves("stripe_fee", "fee_x", -1)
        reconcile(at=LATER)
        with pytest.raises(ItemChanged):
            reconciliation_items.approve_set_aside(actor=felix, set_aside=asked, at=LATER)

    def test_declined_it_stays_open(self, fiona, felix, fee):
        asked = ask(fiona, fee, NIGHT + timedelta(days=10))
        reconciliation_items.decline_set_aside(actor=felix, set_aside=asked, at=NIGHT)
        with pytest.raises(SetAsideDecided):
            reconciliation_items.approve_set_aside(actor=felix, set_aside=asked, at=NIGHT)
        reconcile(at=LATER)
        assert rules_broken() == ["I9"]

    def test_one_wish_at_a_time(self, fiona, felix, fee):
        ask(fiona, fee, NIGHT + timedelta(days=10))
        with pytest.raises(ItemHasProposal):
            ask(felix, fee, NIGHT + timedelta(days=20))

    def test_waits_among_the_proposals(self, fiona, fee):
        ask(fiona, fee, NIGHT + timedelta(days=10))
        assert selectors.standing(NIGHT).proposals == 1

    @pytest.mark.race
    def test_yes_and_no_at_once_is_one_of_them(self, racing_db, fiona, felix, fee):
        asked = ask(fiona, fee, NIGHT + timedelta(days=10))
        both = [
            lambda: reconciliation_items.approve_set_aside(actor=felix, set_aside=asked, at=NIGHT),
            lambda: reconciliation_items.decline_set_aside(actor=fiona, set_aside=asked, at=NIGHT),
        ]
        results = run_together(*both)
        assert sorted(type(result).__name__ for result in results) == ["SetAside", "SetAsideDecided"]


class TestCorrection:
    def test_two_people_make_both_sides_agree(self, fiona, felix, fee):
        proposed = correction(fiona, fee)
        assert balance("processor_fee") == 44
        corrections.approve(actor=felix, manual=proposed, at=NIGHT)
        assert balance("processor_fee") == 194
        assert reconcile(at=LATER).open_items == 0
        fee.refresh_from_db()
        assert (fee.state, fee.ledger_minor) == (ItemState.LATE, -150)
        assert rules_broken() == []
        assert [ours.kind for ours in match_keys.entries_of("fee_x")] == ["balance_corrected"]

    def test_never_by_its_maker(self, fiona, fee):
        proposed = correction(fiona, fee)
        with pytest.raises(ApproverIsProposer):
            corrections.approve(actor=fiona, manual=proposed, at=NIGHT)
        with pytest.raises(IntegrityError), transaction.atomic():
            ManualEntry.objects.filter(pk=proposed.pk).update(state=ManualState.APPROVED, decided_by=fiona)

    def test_one_at_a_time(self, fiona, felix, fee):
        proposed = correction(fiona, fee)
        with pytest.raises(ItemHasProposal):
            correction(felix, fee)
        corrections.approve(actor=felix, manual=proposed, at=NIGHT)
        with pytest.raises(ItemHasProposal):  # booked, and not read yet
            correction(felix, fee)

    def test_not_when_the_difference_changed(self, fiona, felix, fee, provider):
        proposed = correction(fiona, fee)
        provider.moves("stripe_fee", "fee_x", -1)
        reconcile(at=NIGHT)
        with pytest.raises(ItemChanged):
            corrections.approve(actor=felix, manual=proposed, at=NIGHT)

    def test_belongs_to_an_item_or_a_person(self, fiona, fee):
        proposed = correction(fiona, fee)
        with pytest.raises(IntegrityError), transaction.atomic():
            ManualEntry.objects.filter(pk=proposed.pk).update(item=None)
        with pytest.raises(IntegrityError), transaction.atomic():
            ManualEntry.objects.filter(pk=proposed.pk).update(user=fiona)


class TestMatchByHand:
    @pytest.fixture
    def pair(self, provider):
        """Our sale, and a payment of the provider whose order nobody knows."""
        made = recorded_sale(of=edition())
        provider.moves("charge", "py_9", 499)
        reconcile(at=NIGHT)
        entry = JournalEntry.objects.get(reference=made.reference)
        return ReconciliationItem.objects.get(key="py_9"), entry

    def propose(self, actor, pair, **fields):
        item, entry = pair
        values = {"entry_id": entry.pk, "reason": "Same reader, same minute.", "at": NIGHT, **fields}
        return reconciliation_items.propose_match(actor=actor, item=item, **values)

    def test_moves_the_entry_to_the_item(self, fiona, felix, pair):
        match = self.propose(fiona, pair)
        reconciliation_items.approve_match(actor=felix, match=match, at=LATER)
        item, entry = pair
        item.refresh_from_db()
        assert (item.state, item.ledger_minor, item.settled_at) == (ItemState.MATCHED, 499, LATER)
        assert not ReconciliationItem.objects.open().exists()
        assert reconcile(at=LATER).open_items == 0
        assert rules_broken() == []
        shown = selectors.sides(item.pk)
        assert [(ours.entry, ours.by_hand) for ours in shown.entries] == [(entry, True)]
        assert selectors.sides(match.taken_from_id).entries == []

    def test_is_suggested(self, pair):
        item, entry = pair
        assert [each.entry for each in selectors.sides(item.pk).candidates] == [entry]
        ours = ReconciliationItem.objects.get(state=ItemState.MISSING_THERE)
        assert list(selectors.sides(ours.pk).counterparts) == [item]

    def test_never_by_its_maker(self, fiona, pair):
        match = self.propose(fiona, pair)
        with pytest.raises(ProposalIsYours):
            reconciliation_items.approve_match(actor=fiona, match=match, at=LATER)
        with pytest.raises(IntegrityError), transaction.atomic():
            HandMatch.objects.filter(pk=match.pk).update(state=ManualState.APPROVED, decided_by=fiona)

    def test_only_for_the_exact_amount(self, fiona, pair, provider):
        provider.moves("charge", "py_9", 1)
        reconcile(at=NIGHT)
        with pytest.raises(HandMatchRefused, match=r"4\.99 USD, but the difference is 5\.00 USD"):
            self.propose(fiona, pair)

    def test_is_checked_anew_when_approved(self, fiona, felix, pair, provider):
        match = self.propose(fiona, pair)
        provider.moves("charge", "py_9", 1)
        reconcile(at=NIGHT)
        with pytest.raises(HandMatchRefused):
            reconciliation_items.approve_match(actor=felix, match=match, at=LATER)

    def test_not_with_what_agrees_already(self, fiona, pair, provider):
        bought()
        provider.moves("charge", "ch_1", 499, 44)
        reconcile(at=NIGHT)
        agreed = JournalEntry.objects.filter(kind="sale").latest("pk")
        with pytest.raises(HandMatchRefused, match="agrees"):
            self.propose(fiona, pair, entry_id=agreed.pk)

    def test_not_with_an_entry_not_read_yet(self, fiona, pair):
        fresh = recorded_sale(of=edition())
        ledger_chain.chain_committed()
        with pytest.raises(HandMatchRefused, match="not processed it yet"):
            self.propose(fiona, pair, entry_id=JournalEntry.objects.get(reference=fresh.reference).pk)

    @pytest.mark.parametrize("entry_id", [0, 999_999])
    def test_not_with_nothing(self, fiona, pair, entry_id):
        with pytest.raises(HandMatchRefused, match="no such entry"):
            self.propose(fiona, pair, entry_id=entry_id)

    def test_once(self, fiona, felix, pair, provider):
        match = self.propose(fiona, pair)
        with pytest.raises(ItemHasProposal):
            self.propose(felix, pair)
        provider.moves("charge", "py_10", 499)
        reconcile(at=NIGHT)
        other = ReconciliationItem.objects.get(key="py_10")
        with pytest.raises(HandMatchRefused, match="another item"):
            self.propose(felix, (other, pair[1]))
        reconciliation_items.approve_match(actor=felix, match=match, at=LATER)
        with pytest.raises(HandMatchDecided):
            reconciliation_items.approve_match(actor=felix, match=match, at=LATER)

    def test_declined_leaves_both_open(self, fiona, pair):
        match = self.propose(fiona, pair)
        reconciliation_items.decline_match(actor=fiona, match=match, at=LATER)
        assert ReconciliationItem.objects.open().count() == 2
        assert AuditEntry.objects.filter(verb="reconciliation.match_declined").exists()

    def test_an_item_that_opens_again_is_new(self, fiona, felix, pair, provider):
        reconciliation_items.approve_match(actor=felix, match=self.propose(fiona, pair), at=LATER)
        provider.moves("charge", "py_9", 7, at=LATER)
        again = LATER + timedelta(days=40)
        reconcile(at=again)
        item = ReconciliationItem.objects.get(key="py_9")
        assert (item.state, item.opened_at) == (ItemState.DIFFERS, again)


def test_entries_are_found_by_what_they_were_matched_under(provider):
    """The way back agrees with the way there, for every entry that moves the provider's balance."""
    bought()
    provider.moves("charge", "ch_1", 499, 44)
    reconcile(at=NIGHT)
    entries = JournalEntry.objects.filter(postings__account__kind="stripe_balance").distinct()
    for pk, key in match_keys.keys_of(entries).items():
        assert pk in {entry.pk for entry in match_keys.entries_of(key)}


def test_totals_and_ageing(fee, provider):
    provider.moves("refund", "re_y", -100, currency="EUR")
    at = NIGHT + timedelta(days=4)
    reconcile(at=at)
    found = selectors.items_by(at=at)
    assert [(t.currency, t.items, t.difference_minor) for t in selectors.totals(found)] == [
        ("EUR", 1, -100),
        ("USD", 1, -150),
    ]
    row = selectors.ageing(at)[0]
    assert (row.state, row.items) == (ItemState.MISSING_HERE, 2)
    assert {name: count for name, _label, count in row.counts} == {"1": 1, "3": 0, "7": 1, "30": 0, "more": 0}
    assert [item.key for item in selectors.items_by(at=at, age="7")] == ["fee_x"]
    assert [item.key for item in selectors.items_by(at=at, state="holding")] == ["fee_x"]
    month = f"{NOON:%Y-%m}"
    assert selectors.items_by(at=at, state="", month=month).count() == 3
    assert not selectors.items_by(at=at, state="", month="2020-01").exists()
    assert [item.key for item in selectors.items_by(at=at, text="re_y")] == ["re_y"]


@pytest.mark.race
class TestAtOnce:
    def test_two_explanations(self, racing_db, provider, fiona, felix):
        provider.moves("stripe_fee", "fee_x", -150)
        reconcile(at=NIGHT)
        item = ReconciliationItem.objects.get()
        results = run_together(*[lambda person=person: explain(person, item) for person in (fiona, felix)])
        refused = [result for result in results if isinstance(result, Exception)]
        assert [type(each) for each in refused] == [ItemExplainedMeanwhile]
        assert ItemExplanation.objects.count() == 1

    def test_two_proposals_that_would_make_it_up_twice(self, racing_db, provider, fiona, felix):
        provider.moves("stripe_fee", "fee_x", -150)
        reconcile(at=NIGHT)
        item = ReconciliationItem.objects.get()
        results = run_together(*[lambda person=person: correction(person, item) for person in (fiona, felix)])
        assert [type(each) for each in results if isinstance(each, Exception)] == [ItemHasProposal]
        assert ManualEntry.objects.count() == 1

    def test_approved_twice_moves_once(self, racing_db, provider, fiona, felix):
        made = recorded_sale(of=edition())
        provider.moves("charge", "py_9", 499)
        reconcile(at=NIGHT)
        item = ReconciliationItem.objects.get(key="py_9")
        entry = JournalEntry.objects.get(reference=made.reference)
        match = reconciliation_items.propose_match(actor=fiona, item=item, entry_id=entry.pk, reason="It is.", at=NIGHT)
        results = run_together(*[lambda: reconciliation_items.approve_match(actor=felix, match=match, at=LATER)] * 3)
        assert [type(each) for each in results if isinstance(each, Exception)] == [HandMatchDecided] * 2
        item.refresh_from_db()
        assert item.ledger_minor == 499
