"""What is taken off for readers who complete a series."""

from __future__ import annotations

import pytest

from accounts.models import AuditEntry
from common.errors import NotFound
from publishing import errors, services
from publishing.models import Series
from tests.factories.publishing import make_contributor, make_published_edition, make_work

pytestmark = pytest.mark.django_db


@pytest.fixture
def series(owner):
    series = Series.objects.create(owner=owner, slug="tides", title="Tides")
    for number, price in enumerate((300, 400), start=1):
        work = make_work(owner=owner, series=series, series_number=number, prices={"USD": price})
        make_published_edition(work=work)
    return series


def set_to(series, bps, noon, actor=None):
    return services.set_completion_discount(actor=actor or series.owner, series=series, discount_bps=bps, at=noon)


class TestSetCompleting:
    def test_is_set_and_taken_back(self, series, noon):
        assert set_to(series, 2000, noon).completing_bps == 2000
        assert set_to(series, 0, noon).completing_bps == 0
        facts = [entry.facts["to_bps"] for entry in AuditEntry.objects.filter(verb="series.completing_changed")]
        assert sorted(facts) == [0, 2000]

    def test_tells_the_shop_once(self, series, noon, monkeypatch):
        heard = []
        monkeypatch.setattr("publishing.hooks._series_priced", [heard.append])
        set_to(series, 2000, noon)
        assert heard == [series]
        set_to(series, 2000, noon)
        assert heard == [series], "the same again is no change"

    @pytest.mark.parametrize("bps", [-1, 5001, 10_000])
    def test_refuses_what_is_out_of_range(self, series, noon, bps):
        with pytest.raises(errors.DiscountOutOfRange, match="50"):
            set_to(series, bps, noon)

    def test_refuses_what_leaves_an_author_nothing(self, owner, series, noon):
        make_published_edition(work=make_work(owner=owner, series=series, title="The Thin One", prices={"USD": 50}))
        with pytest.raises(errors.DiscountTooDeep, match="The Thin One"):
            set_to(series, 5000, noon)
        series.refresh_from_db()
        assert series.completing_bps == 0

    def test_belongs_to_its_owner(self, series, stranger, noon):
        make_contributor(series.works.first(), user=stranger)
        with pytest.raises(NotFound):
            set_to(series, 1000, noon, actor=stranger)
