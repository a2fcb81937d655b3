"""What a claim holds of real sales, and where it goes at each end; the ledger balances after every story."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import User
from common import clock
from publishing.models import Edition
from royalties.selectors import claims as ledger
from royalties.services import claims as ledger_services
from royalties.services import clearing
from storefront.claims import process, selectors
from storefront.claims.models import Claim, Outcome, Reply, Side
from storefront.claims.selectors.shares import Disputed, divided
from storefront.claims.services import answers, clock_runs, endings, filing, holds
from tests.conversion.passages.texts import drawn_words
from tests.factories.accounts import make_author, make_moderator, make_reader
from tests.factories.claims import (
    REASON,
    answer,
    appeal,
    decide,
    decide_appeal,
    file_copied,
    file_found,
    known,
    mail_all,
    make_copy,
    make_deciding,
    make_sold,
)
from tests.factories.publishing import make_contributor, make_split
from tests.royalties.books import balance
from tests.royalties.factories import NOON, WINDOW, recorded_sale
from tests.royalties.test_withholding import in_order

pytestmark = [pytest.mark.django_db, pytest.mark.both]
CLEARS = NOON + WINDOW
FILED = NOON + timedelta(days=1)
ROYALTY = 415  # of 4.99
WORDS = drawn_words(2000, 81)


def sell(book: Edition, number: int = 1) -> None:
    """A sale that clears in the usual time."""
    recorded_sale(of=book, reference=f"lin_{number}")


def clear(at=CLEARS) -> None:
    clearing.clear_due(at=at)
    ledger_services.settle_due(at=at)


def has(person: User, where: str = "payable") -> int:
    return balance(f"contributor_{where}", person, "USD")


def held(claim: Claim) -> int:
    return ledger.held_for(claim.public_id).get("USD", 0)


def share_of(amount: int, bps: int) -> int:
    return round(amount * bps / 10_000)


@pytest.fixture
def claim() -> Claim:
    """Held at once: 600 of 2,600 words."""
    return file_found(make_copy(earlier=known(make_author())), at=FILED)


@pytest.fixture
def sold(claim: Claim) -> Claim:
    """A sale of the book has cleared since."""
    assert claim.edition is not None
    sell(claim.edition)
    clear()
    return claim


class TestHold:
    def test_takes_only_its_share_of_what_clears(self, sold: Claim) -> None:
        part = share_of(ROYALTY, sold.share_bps)
        assert held(sold) == part
        assert has(sold.work.owner) == ROYALTY - part
        in_order()

    def test_nothing_before_a_look(self) -> None:
        claim = file_found(make_copy(), at=FILED)
        assert claim.edition is not None
        sell(claim.edition)
        clear()
        assert held(claim) == 0
        holds.look(actor=make_moderator(), claim=claim, is_held=True, reason=REASON, at=CLEARS)
        sell(claim.edition, 2)
        clear(CLEARS + WINDOW)
        assert held(claim) == share_of(ROYALTY, claim.share_bps)
        assert has(claim.work.owner) == 2 * ROYALTY - held(claim), "never what was payable"
        in_order()


class TestEnds:
    def test_agreed_goes_to_the_claimant_at_once(self, sold: Claim) -> None:
        part = held(sold)
        ended = answer(sold, Reply.AGREE, at=CLEARS)
        assert ended.outcome == Outcome.AGREED
        assert has(sold.user) == part
        assert (held(sold), selectors.won(sold)) == (0, {"USD": part})
        in_order()

    def test_nobody_gives_away_what_is_not_theirs(self, sold: Claim) -> None:
        friend = make_author()
        owner = sold.work.contributors.get(user=sold.work.owner)
        with clock.frozen(FILED):
            make_split(sold.work, {owner: 5000, make_contributor(sold.work, user=friend, name="Ben"): 5000})
        waiting = answer(sold, Reply.AGREE, at=CLEARS)
        assert waiting.state == process.State.DECIDING
        assert has(sold.user) == 0

    @pytest.mark.parametrize("how", ["withdrawn", "lapsed", "dismissed"])
    def test_otherwise_it_goes_back(self, sold: Claim, how: str) -> None:
        if how == "withdrawn":
            answers.withdraw(claim=sold, at=CLEARS)
        elif how == "lapsed":
            answer(sold, at=FILED)
            clock_runs.run_due(at=CLEARS + process.UPHOLD)
        else:
            mail_all(decide(make_deciding(sold, CLEARS), won=(), at=CLEARS), CLEARS)
            clock_runs.run_due(at=CLEARS + process.APPEAL)
        ended = Claim.objects.get(pk=sold.pk)
        assert ended.outcome == how
        assert (has(sold.work.owner), held(sold), has(sold.user)) == (ROYALTY, 0, 0)
        in_order()

    def test_upheld_moves_nothing_before_the_time_for_appeals_is_over(self, sold: Claim) -> None:
        part = held(sold)
        mail_all(decide(make_deciding(sold, CLEARS), at=CLEARS), CLEARS)
        clock_runs.run_due(at=CLEARS + process.APPEAL - timedelta(seconds=1))
        assert (held(sold), has(sold.user)) == (part, 0)
        clock_runs.run_due(at=CLEARS + process.APPEAL)
        assert (held(sold), has(sold.user)) == (0, part)
        assert has(sold.work.owner) == ROYALTY - part
        in_order()

    def test_a_second_person_turns_it_round(self, sold: Claim) -> None:
        mail_all(decide(make_deciding(sold, CLEARS), at=CLEARS), CLEARS)
        appeal(sold, Side.AUTHOR, at=CLEARS)
        ended = decide_appeal(sold, won=(), at=CLEARS)
        assert ended.outcome == Outcome.DISMISSED
        assert (has(sold.work.owner), held(sold)) == (ROYALTY, 0)
        in_order()

    def test_only_for_the_passages_that_are_right(self) -> None:
        book = make_sold(WORDS)
        reader = make_reader()
        claim = file_copied(book.work, [*WORDS[:300], *WORDS[1000:1100]], actor=reader, at=FILED)
        holds.look(actor=make_moderator(), claim=claim, is_held=True, reason=REASON, at=FILED)
        sell(book)
        clear()
        assert held(claim) == share_of(ROYALTY, 2000) == 83
        mail_all(decide(make_deciding(claim, CLEARS), won=[0], at=CLEARS), CLEARS)
        clock_runs.run_due(at=CLEARS + process.APPEAL)
        assert has(reader) == 62, "300 of 400 words"
        assert has(book.work.owner) == ROYALTY - 62
        in_order()

    def test_waits_for_a_claimant_without_an_account(self) -> None:
        book = make_sold(WORDS)
        claim = filing.confirm(claim=file_copied(book.work, WORDS[:200], at=FILED), at=FILED)
        holds.look(actor=make_moderator(), claim=claim, is_held=True, reason=REASON, at=FILED)
        sell(book)
        clear()
        part = held(claim)
        answer(claim, Reply.AGREE, at=CLEARS)
        assert held(claim) == part > 0
        reader = make_reader(email="Ann@example.org")
        endings.take(actor=reader, claim=claim, at=CLEARS + timedelta(days=100))
        assert (has(reader), held(claim)) == (part, 0)
        in_order()


class TestSharedWords:
    """Words that two claims dispute count once."""

    def test_the_first_holds_them_until_it_ends(self) -> None:
        book = make_sold(WORDS)
        moderator = make_moderator()
        first = file_copied(book.work, WORDS[:400], actor=make_reader(), at=FILED)
        second = file_copied(book.work, WORDS[200:600], actor=make_reader(), at=FILED)
        for claim in (first, second):
            holds.look(actor=moderator, claim=claim, is_held=True, reason=REASON, at=FILED)
        second.hold.refresh_from_db()
        assert (Claim.objects.get(pk=first.pk).hold.share_bps, second.hold.share_bps) == (2000, 1000)
        sell(book)
        clear()
        assert (held(first), held(second)) == (83, 42), "together 30 % of 4.15"
        answers.withdraw(claim=first, at=CLEARS)
        second.hold.refresh_from_db()
        assert second.hold.share_bps == 2000
        sell(book, 2)
        clear(CLEARS + WINDOW)
        assert held(second) == 42 + 83
        in_order()

    def test_one_that_disputes_nothing_else_holds_nothing_at_first(self) -> None:
        book = make_sold(WORDS)
        moderator = make_moderator()
        first = file_copied(book.work, WORDS[:400], actor=make_reader(), at=FILED)
        second = file_copied(book.work, WORDS[:400], actor=make_reader(), at=FILED)
        for claim in (first, second):
            holds.look(actor=moderator, claim=claim, is_held=True, reason=REASON, at=FILED)
        assert Claim.objects.get(pk=second.pk).hold.share_bps == 0
        answers.withdraw(claim=first, at=CLEARS)
        assert Claim.objects.get(pk=second.pk).hold.share_bps == 2000
        assert answer(second, Reply.AGREE, at=CLEARS).outcome == Outcome.AGREED
        in_order()

    @pytest.mark.parametrize(
        ("claims", "shares"),
        [
            ([(1, (0, 100, 100))], [1000]),
            ([(1, (0, 100, 100)), (1, (100, 200, 100))], [1000, 1000]),
            ([(1, (0, 100, 100)), (1, (50, 150, 100))], [1000, 500]),
            ([(1, (0, 100, 80)), (1, (0, 100, 80))], [800, 0]),
            ([(1, (0, 1000, 1000)), (1, (0, 1000, 1000))], [10_000, 0]),
            ([(1, (0, 100, 100)), (2, (500, 700, 200))], [1000, 1000]),  # another edition: perhaps the same words
            ([(1, (0, 100, 100)), (2, (500, 550, 50))], [1000, 0]),
            ([(1, (0, 7, 7))], [70]),
        ],
    )
    def test_never_more_than_what_is_disputed(
        self, claims: list[tuple[int, tuple[int, int, int]]], shares: list[int]
    ) -> None:
        given = [Disputed(text, (((start, end), words),), 1000) for text, (start, end, words) in claims]
        assert divided(given) == shares
