"""Two counts of recommendations at once."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest
from django.db import IntegrityError

from common import clock
from storefront.catalogue.models import BoughtTogether, RecommendationRun
from storefront.library.services import recommendations
from tests.factories.publishing import make_published_edition
from tests.royalties.database import run_together
from tests.storefront.checkout.orders.test_races import failures
from tests.storefront.library.test_recommendations import pairs, sell_together

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("racing_db", "postman")]

PATIENT_S = 3


@pytest.fixture
def both_begun(monkeypatch):
    """Both have deleted, if they may, what stood there before one of them counts."""
    sell_together(*[make_published_edition(slug=f"b-{n}") for n in range(3)], readers=3)
    recommendations.recommend(at=clock.now())
    RecommendationRun.objects.update(counted_until=None)
    barrier, original = threading.Barrier(2), recommendations._pairs_of

    def pairs_of(keys):
        with suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=PATIENT_S)
        return original(keys)

    monkeypatch.setattr(recommendations, "_pairs_of", pairs_of)


def counts():
    at = clock.now()
    return [lambda: recommendations.recommend(at=at)] * 2


def test_each_pair_is_counted_once(both_begun):
    expected = 6
    assert failures(run_together(*counts())) == []
    assert len(pairs()) == BoughtTogether.objects.count() == expected
    assert RecommendationRun.objects.get().counting_until is None


def test_without_the_lock_both_write_the_same(both_begun, monkeypatch):
    monkeypatch.setattr(recommendations, "_is_ours", lambda run: True)
    refused = failures(run_together(*counts()))
    assert {type(failure) for failure in refused} == {IntegrityError}
