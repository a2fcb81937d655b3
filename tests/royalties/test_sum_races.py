"""Two sales at the same moment do not both take what is missing of a sum."""

from __future__ import annotations

from royalties.models import SaleShare
from royalties.selectors import splits
from royalties.services import invariants
from tests.royalties.database import run_together
from tests.royalties.factories import edition, split, user
from tests.royalties.test_shares_that_end import give, sell

ROUNDS = 8


def test_three_sales_at_once_bring_the_sum_and_no_more(racing_db):
    ben = user("Ben")
    for number in range(ROUNDS):
        book = edition()
        split(book.work, (book.work.owner, 10_000))
        reference = f"ctr_{number}"
        give(book, ben, minor=60, reference=reference)
        results = run_together(*(lambda book=book: sell(book) for _ in range(3)))
        assert all(isinstance(result, dict) for result in results), results
        assert splits.brought({reference}) == {reference: 60}
        taken = SaleShare.objects.filter(user=ben, sale__work=book.work).values_list("amount_minor", flat=True)
        assert sorted(taken, reverse=True)[:2] == [41, 19]
    assert invariants.check_invariants() == []
