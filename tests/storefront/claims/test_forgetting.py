"""What a deletion takes along, what stands in its way, and what is forgotten of people without accounts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts import hooks
from accounts.models import Deletion
from common import clock
from storefront.claims.models import Claim, Outcome, Reply
from storefront.claims.services import account_deletion, filing
from tests.conftest import NOON
from tests.conversion.passages.texts import drawn_words
from tests.factories.claims import answer, dismissed, file_copied, file_found, make_copy, make_sold

pytestmark = [pytest.mark.django_db, pytest.mark.both]
WORDS = drawn_words(2000, 81)


def test_an_open_claim_stands_in_the_way_of_the_books_owner() -> None:
    claim = file_found(make_copy())

    def in_the_way() -> list[str]:
        found = hooks.obstacles(claim.work.owner, clock.now())
        return [str(one.text) for one in found if "claim" in str(one.text)]

    assert in_the_way() == ["1 claim on your books is open."]
    answer(claim, Reply.AGREE)
    assert in_the_way() == []


def test_a_claimant_who_leaves_withdraws() -> None:
    claim = file_found(make_copy())
    account_deletion.prepare(Deletion(user=claim.user), clock.now())
    account_deletion.prepare(Deletion(user=claim.user), clock.now())
    assert Claim.objects.get().outcome == Outcome.WITHDRAWN


@pytest.mark.parametrize(("is_dismissed", "days"), [(False, 180), (True, 365)])
def test_people_without_accounts_are_forgotten(is_dismissed: bool, days: int) -> None:
    claim = filing.confirm(claim=file_copied(make_sold(WORDS).work, WORDS[:200]), at=NOON)
    ended = dismissed(claim, NOON) if is_dismissed else answer(claim, Reply.AGREE, at=NOON)
    assert ended.ended_at is not None
    account_deletion.forget(ended.ended_at + timedelta(days=days, seconds=-1))
    assert Claim.objects.get().email == "ann@example.org"
    account_deletion.forget(ended.ended_at + timedelta(days=days))
    found = Claim.objects.get()
    assert (found.email, found.name, found.evidence) == ("", "", "")
    assert found.case is None or found.case.words == ""
