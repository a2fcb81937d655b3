"""Whoever leaves with a book or a shelf that was reported: nobody waits for ever, and nothing comes back on sale."""

from __future__ import annotations

import json

import pytest

from accounts import hooks
from accounts.models import User
from common import clock
from storefront.catalogue.models import Listing
from storefront.community.models import AppealOutcome, CaseOutcome, CaseState, Report
from tests.factories.accounts import make_author, make_reader
from tests.factories.buying import buy
from tests.factories.offers import make_awaited
from tests.factories.publishing import make_published_edition
from tests.privacy.test_copies import made_copy, opened
from tests.privacy.test_erasure import erased
from tests.storefront.community.reported import appeal, decide, decide_again, make_shelf, report, report_shelf

pytestmark = [pytest.mark.both, pytest.mark.django_db]


def forget_what_is_over() -> None:
    for forget in hooks.forgetters():
        forget(clock.now())


@pytest.fixture
def author() -> User:
    return make_author(display_name="Ada")


def test_a_case_about_their_shelf_is_over(author: User) -> None:
    case = report_shelf(make_shelf(make_published_edition().work, owner=author))
    erased(author)
    case.refresh_from_db()
    assert (case.state, case.shelf) == (CaseState.CLOSED, None)
    assert Report.objects.get(case=case).words  # of somebody who stays


def test_an_appeal_that_is_won_puts_nothing_of_theirs_on_sale(author: User) -> None:
    work = make_published_edition(owner=author).work
    case = appeal(decide(report(work)))
    erased(author)
    decide_again(case, AppealOutcome.OVERTURNED)
    work.refresh_from_db()
    assert not Listing.objects.get(work=work).is_on_sale
    assert not work.editions.filter(state="published").exists()
    assert work.held_by == ""


def test_what_they_wrote_in_an_appeal_goes_once_it_is_decided(author: User) -> None:
    case = appeal(decide(report(make_published_edition(owner=author).work)))
    erased(author)
    forget_what_is_over()
    case.refresh_from_db()
    assert case.appeal
    decide_again(case, AppealOutcome.UPHELD)
    forget_what_is_over()
    case.refresh_from_db()
    assert case.appeal == ""


def test_a_day_that_is_won_back_brings_nothing_out(author: User) -> None:
    """Of a book that was announced, and that somebody had ordered ahead: it stays with its orders."""
    awaited = make_awaited(owner=author)
    buy(make_reader(), awaited)
    case = appeal(decide(report(awaited.work)))
    erased(author)
    decide_again(case, AppealOutcome.OVERTURNED)
    awaited.work.refresh_from_db()
    assert (awaited.work.held_by, awaited.work.release_date) == ("", None)


def test_a_copy_has_what_was_decided_and_not_what_moderators_look_at(author: User) -> None:
    """Nor what they answered to whoever reported something that stays as it is."""
    one, other, third = (make_published_edition(owner=author).work for _ in range(3))
    decided = decide(report(one))
    decide(report(other), CaseOutcome.KEEP, reason="You wrote to us twice, Miss Wren.")
    report(third)
    rows = json.loads(opened(made_copy(author)).read("reviews.json"))["review_case"]
    assert [row["public_id"] for row in rows] == [decided.public_id]
