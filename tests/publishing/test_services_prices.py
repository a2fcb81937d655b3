"""List prices and what may be asked."""

from __future__ import annotations

import pytest

from common.errors import DomainError, NotAllowed, NotFound
from publishing import errors, hooks, services
from publishing.services.prices import MAX_PRICE_MINOR
from tests.factories.publishing import make_contributor, make_published_edition, make_work

pytestmark = pytest.mark.django_db


class TestSetPrices:
    def test_sets_and_drops_currencies(self, owner, noon):
        work = make_work(owner=owner, prices={"USD": 499, "EUR": 499})
        services.set_prices(actor=owner, work=work, prices={"USD": 599, "EUR": None, "GBP": 0}, at=noon)
        assert dict(work.prices.values_list("currency", "list_price_minor")) == {"USD": 599, "GBP": 0}

    def test_tells_the_shop(self, owner, noon, monkeypatch):
        edition = make_published_edition(owner=owner)
        heard = []
        monkeypatch.setattr("publishing.hooks._listed", [heard.append])
        services.set_prices(actor=owner, work=edition.work, prices={"USD": 299}, at=noon)
        assert heard == [edition]

    def test_asks_the_registered_checks_and_keeps_all_or_nothing(self, owner, noon, monkeypatch):
        class TooLow(DomainError):
            message = "too low"

        def refuse(work, list_price):
            if list_price.amount_minor < 99:
                raise TooLow

        monkeypatch.setattr(hooks, "_price_checks", [refuse])
        work = make_work(owner=owner)
        with pytest.raises(TooLow):
            services.set_prices(actor=owner, work=work, prices={"USD": 699, "EUR": 10}, at=noon)
        assert work.prices.get().list_price_minor == 499
        services.set_prices(actor=owner, work=work, prices={"USD": 0}, at=noon)
        assert work.prices.get().list_price_minor == 0, "free is no low price"

    def test_refuses_an_unknown_currency(self, owner, noon):
        with pytest.raises(errors.CurrencyUnknown, match="XXX"):
            services.set_prices(actor=owner, work=make_work(owner=owner), prices={"XXX": 499}, at=noon)

    @pytest.mark.parametrize("price", [-1, MAX_PRICE_MINOR + 1])
    def test_refuses_slips_of_the_finger(self, owner, noon, price):
        with pytest.raises(errors.PriceOutOfRange):
            services.set_prices(actor=owner, work=make_work(owner=owner), prices={"USD": price}, at=noon)

    def test_belongs_to_the_owner(self, stranger, noon):
        work = make_work()
        with pytest.raises(NotFound):
            services.set_prices(actor=stranger, work=work, prices={"USD": 1}, at=noon)
        make_contributor(work, user=stranger)
        with pytest.raises(NotAllowed):
            services.set_prices(actor=stranger, work=work, prices={"USD": 1}, at=noon)
