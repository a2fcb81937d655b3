"""A share of the royalty that ends by a day or by a sum: to the cent, and afterwards as if it had never been."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from common.money import Money
from publishing import services as publishing_services
from publishing.errors import OwnShareTooSmall, SharePromised, ShareTotalWrong
from publishing.models import Contributor, ContributorRole, Edition, ShareEnd, SplitAgreement, SplitShare
from royalties.models import SaleShare, TowardsSum
from royalties.selectors import splits
from royalties.services import clearing, invariants, returns
from royalties.services import sales as sales_services
from tests.royalties import factories
from tests.royalties.factories import NOON, WINDOW, edition, recorded_sale, split, user

pytestmark = [pytest.mark.both, pytest.mark.django_db]

DAY = timedelta(days=1)
ENDS = datetime(2026, 11, 10, tzinfo=UTC)


def give(
    book: Edition,
    person: User,
    bps: int = 1000,
    *,
    minor: int | None = None,
    ends_at: datetime | None = None,
    reference: str = "ctr_one",
    role: str = ContributorRole.TRANSLATOR,
    at: datetime = NOON - timedelta(hours=1),
) -> SplitAgreement:
    contributor = publishing_services.credit_hired(work=book.work, person=person, name=str(person), role=role, at=at)
    owner = publishing_services.credit_of_owner(book.work)
    end = ShareEnd(owner, reference, ends_at, Money(minor, "USD") if minor is not None else None)
    return publishing_services.begin_agreed_share(
        work=book.work, contributor=contributor, share_bps=bps, end=end, agreed_at=at, at=at
    )


def sell(book: Edition, royalty: int = 415, *, currency: str = "USD", at: datetime = NOON) -> dict[str, int]:
    """Sell the book with exactly this royalty; return who got what."""
    given = factories.breakdown(book, royalty + 84, currency=currency, at=at)
    rest = given.paid.amount_minor - given.processor_fee.amount_minor - royalty
    given = replace(given, platform_fee=Money(rest, currency), royalty=Money(royalty, currency))
    made = factories.sale(of=book, given=given, paid=royalty + 84, currency=currency, sold_at=at)
    sales_services.record_sale(sale=made)
    rows = SaleShare.objects.filter(sale__reference=made.reference).select_related("user")
    return {row.user.display_name: row.amount_minor for row in rows}


@pytest.fixture
def ann() -> User:
    return user("Ann", is_author=True)


@pytest.fixture
def ben() -> User:
    return user("Ben")


@pytest.fixture
def book(ann) -> Edition:
    made = edition(ann)
    split(made.work, (ann, 10_000))
    return made


class TestByDay:
    def test_sales_before_the_end_are_shared_and_later_ones_are_not(self, book, ben):
        give(book, ben, ends_at=ENDS)
        assert sell(book, at=ENDS - timedelta(microseconds=1)) == {"Ann": 374, "Ben": 41}
        assert sell(book, at=ENDS) == {"Ann": 415}
        assert invariants.check_invariants() == []

    def test_later_proposals_keep_the_share_and_divide_the_rest(self, book, ann, ben):
        cy = user("Cy")
        give(book, ben, ends_at=ENDS)
        owner = publishing_services.credit_of_owner(book.work)
        third = Contributor.objects.create(work=book.work, user=cy, name="Cy", role="edt", position=5)
        with pytest.raises(ShareTotalWrong):
            publishing_services.propose_split(
                actor=ann, work=book.work, shares={owner: 8000, third: 2000}, at=NOON - timedelta(minutes=9)
            )
        made = publishing_services.propose_split(
            actor=ann, work=book.work, shares={owner: 7000, third: 2000}, at=NOON - timedelta(minutes=9)
        )
        waiting = made.shares.filter(consented_at=None)
        assert [share.contributor.name for share in waiting] == ["Cy"]
        publishing_services.consent_to_split(actor=cy, agreement=made, at=NOON - timedelta(minutes=8))
        assert sell(book, 1000) == {"Ann": 700, "Cy": 200, "Ben": 100}
        assert sell(book, 1000, at=ENDS) == {"Ann": 800, "Cy": 200}

    def test_an_ended_share_is_not_carried_on(self, book, ann, ben):
        give(book, ben, ends_at=ENDS)
        owner = publishing_services.credit_of_owner(book.work)
        publishing_services.propose_split(actor=ann, work=book.work, shares={owner: 10_000}, at=ENDS)
        assert sell(book, at=ENDS + DAY) == {"Ann": 415}


class TestBySum:
    def test_the_sale_that_reaches_the_sum_is_divided_to_the_cent(self, book, ben):
        give(book, ben, minor=100)
        assert sell(book) == {"Ann": 374, "Ben": 41}
        assert sell(book) == {"Ann": 374, "Ben": 41}
        assert sell(book) == {"Ann": 397, "Ben": 18}
        assert sell(book) == {"Ann": 415}
        assert splits.brought({"ctr_one"}) == {"ctr_one": 100}
        assert invariants.check_invariants() == []

    def test_an_exact_sum_leaves_no_crumb(self, book, ben):
        give(book, ben, minor=41)
        assert sell(book) == {"Ann": 374, "Ben": 41}
        assert sell(book) == {"Ann": 415}

    def test_several_lines_of_one_order_count_together(self, book, ben):
        give(book, ben, minor=100)
        lines = [factories.sale(of=book) for _ in range(4)]
        sales_services.record_sales(sales=lines)
        rows = SaleShare.objects.filter(user=ben).order_by("sale_id")
        assert [row.amount_minor for row in rows] == [41, 41, 18, 0]
        assert invariants.check_invariants() == []

    def test_what_is_returned_may_come_again(self, book, ben):
        give(book, ben, minor=60)
        made = recorded_sale(of=book)
        assert sell(book) == {"Ann": 396, "Ben": 19}
        returns.record_refund(reference=made.reference, external_id="re_1", at=NOON + timedelta(minutes=1))
        assert splits.brought({"ctr_one"}) == {"ctr_one": 19}
        assert sell(book, at=NOON + DAY) == {"Ann": 374, "Ben": 41}
        assert sell(book, at=NOON + DAY) == {"Ann": 415}
        assert invariants.check_invariants() == []

    def test_other_currencies_are_shared_and_do_not_count(self, book, ben):
        give(book, ben, minor=41)
        assert sell(book, currency="EUR") == {"Ann": 374, "Ben": 41}
        assert splits.brought({"ctr_one"}) == {"ctr_one": 0}
        sell(book)
        assert sell(book, currency="EUR") == {"Ann": 415}

    def test_a_day_ends_it_before_the_sum(self, book, ben):
        give(book, ben, minor=100_000, ends_at=ENDS)
        assert sell(book, at=ENDS - DAY)["Ben"] == 41
        assert sell(book, at=ENDS) == {"Ann": 415}

    def test_a_lasting_share_of_the_same_person_goes_on(self, book, ann, ben):
        split(book.work, (ann, 9000), (ben, 1000), effective_at=NOON - 2 * timedelta(hours=1))
        give(book, ben, 1000, minor=50)
        assert sell(book, 1000) == {"Ann": 850, "Ben": 150}
        assert sell(book, 1000) == {"Ann": 900, "Ben": 100}
        assert invariants.check_invariants() == []

    def test_an_owner_who_gave_everything_gets_what_is_above(self, book, ben):
        give(book, ben, 10_000, minor=500)
        assert sell(book) == {"Ben": 415}
        assert sell(book) == {"Ben": 85, "Ann": 330}
        assert sell(book) == {"Ann": 415}
        assert invariants.check_invariants() == []

    def test_it_clears_and_is_paid_like_any_royalty(self, book, ben):
        give(book, ben, minor=60)
        sell(book)
        sell(book)
        clearing.clear_due(at=NOON + WINDOW)
        assert invariants.check_invariants() == []

    def test_two_shares_end_each_by_its_own_sum(self, book, ben):
        cy = user("Cy")
        give(book, ben, 1000, minor=150)
        give(book, cy, 2000, minor=250, reference="ctr_two", role=ContributorRole.COVER_DESIGNER)
        assert sell(book, 1000) == {"Ann": 700, "Ben": 100, "Cy": 200}
        assert sell(book, 1000) == {"Ann": 900, "Ben": 50, "Cy": 50}
        assert sell(book, 1000) == {"Ann": 1000}


class TestAgainstTheSplitWithoutIt:
    @pytest.mark.parametrize("seed", range(12))
    def test_random_sales_and_returns(self, seed):
        """While it runs, the others have what they have without it; the sum is never passed; after it, all is as if it
        had not been."""
        chance = random.Random(seed)
        ann, ben, cy = user("Ann", is_author=True), user("Ben"), user("Cy")
        shared, plain = edition(ann), edition(ann)
        for one in (shared, plain):
            split(one.work, (ann, 7000), (cy, 3000))
        total, bps = chance.randint(1, 3000), chance.choice([1, 333, 2500, 7000])
        give(shared, ben, bps, minor=total)
        for number in range(30):
            at = NOON + timedelta(minutes=number)
            royalty = chance.randint(0, 900)
            with_it, without = sell(shared, royalty, at=at), sell(plain, royalty, at=at)
            assert sum(with_it.values()) == sum(without.values()) == royalty
            so_far = splits.brought({"ctr_one"})["ctr_one"]
            assert so_far <= total
            assert abs(with_it.get("Cy", 0) - without["Cy"]) <= 1  # a cent of rounding goes to somebody
            if "Ben" not in with_it:
                assert with_it == without
        assert TowardsSum.objects.exists() or bps == 1
        assert invariants.check_invariants() == []


class TestRefused:
    def test_more_than_the_owner_has(self, book, ben):
        give(book, ben, 6000, minor=100)
        with pytest.raises(OwnShareTooSmall):
            give(book, user("Cy"), 4001, minor=100, reference="ctr_two")

    def test_twice_is_once(self, book, ben):
        first = give(book, ben, minor=100)
        assert give(book, ben, minor=100) == first

    def test_less_than_was_promised(self, book, ann, monkeypatch):
        from publishing import hooks

        monkeypatch.setattr(hooks, "_promise_finders", [lambda person, work: 1500 if person == ann else 0])
        owner = publishing_services.credit_of_owner(book.work)
        cy = Contributor.objects.create(work=book.work, user=user("Cy"), name="Cy", role="edt", position=5)
        with pytest.raises(SharePromised):
            publishing_services.propose_split(actor=ann, work=book.work, shares={owner: 1499, cy: 8501}, at=NOON)
        publishing_services.propose_split(actor=ann, work=book.work, shares={owner: 1500, cy: 8500}, at=NOON)

    @pytest.mark.parametrize(
        "columns",
        [
            {"ends_at": ENDS},
            {"reference": "ctr_one"},
            {"ends_at_minor": 100, "ends_currency": "USD"},
            {"returns": True, "reference": "ctr_one"},
            {"returns": True, "reference": "ctr_one", "ends_at_minor": 100},
            {"returns": True, "ends_at": ENDS},
            {"returns": True, "reference": "ctr_one", "ends_at_minor": 0, "ends_currency": "USD"},
        ],
        ids=["no-giver", "no-end", "nobody", "endless", "no-currency", "no-reference", "nothing"],
    )
    def test_half_an_end(self, book, ben, columns):
        agreement = split(book.work, (ben, 10_000))
        columns = dict(columns)
        if columns.pop("returns", False):
            columns["returns_to"] = publishing_services.credit_of_owner(book.work)
        with pytest.raises(IntegrityError), transaction.atomic():
            SplitShare.objects.filter(agreement=agreement).update(**columns)

    def test_more_than_the_sum_is_found(self, book, ben):
        give(book, ben, minor=41)
        sell(book)
        assert invariants.check_invariants() == []
        SplitShare.objects.filter(reference="ctr_one").update(ends_at_minor=40)
        assert [one.rule for one in invariants.check_invariants()] == ["I7"]

    def test_a_count_above_the_share_is_found(self, book, ben):
        give(book, ben, minor=1000)
        sell(book)
        TowardsSum.objects.update(amount_minor=42)
        assert [one.rule for one in invariants.check_invariants()] == ["I7"]
