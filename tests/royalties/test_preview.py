"""What an author is told a price brings, and prices that pay nobody."""

from __future__ import annotations

import pytest
from django.urls import reverse

from common.money import Money
from publishing import services as publishing_services
from royalties.errors import PriceTooLow
from tests.royalties.factories import NOON, edition, split, user

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann():
    return user("Ann", is_author=True)


def ask(client, work, price_minor, **headers):
    query = {"work": work.public_id, "currency": "USD", "price_minor": price_minor}
    return client.get(reverse("earnings-preview"), query, headers=headers)


class TestPreview:
    def test_shows_where_the_price_goes(self, client, ann) -> None:
        work = edition(ann).work
        client.force_login(ann)
        text = ask(client, work, 499, hx_request="true").content.decode()
        assert all(amount in text for amount in ("0.44", "0.40", "$4.15"))
        assert "<html" not in text

    def test_divides_by_the_split_in_force(self, client, ann) -> None:
        work = edition(ann).work
        split(work, (ann, 6000), (user("Ben"), 4000))
        client.force_login(ann)
        text = ask(client, work, 499).content.decode()
        assert "$2.49" in text
        assert "$1.66" in text

    def test_says_what_is_the_lowest_price_that_pays(self, client, ann) -> None:
        client.force_login(ann)
        text = ask(client, edition(ann).work, 10).content.decode()
        assert "$0.3" in text

    def test_is_hidden_from_other_authors(self, client, ann) -> None:
        other = user("Eve", is_author=True)
        client.force_login(other)
        assert ask(client, edition(ann).work, 499).status_code == 404

    @pytest.mark.parametrize("price", ["", "x", "-1"])
    def test_has_nothing_for_a_price_that_is_none(self, client, ann, price) -> None:
        client.force_login(ann)
        assert ask(client, edition(ann).work, price).status_code == 404


class TestPriceCheck:
    def test_a_price_that_pays_nobody_is_refused_when_it_is_set(self, ann) -> None:
        work = edition(ann).work
        with pytest.raises(PriceTooLow) as refused:
            publishing_services.set_prices(actor=ann, work=work, prices={"USD": 10}, at=NOON)
        minimum = refused.value.facts["minimum"]
        assert Money(10, "USD").format() != minimum

    def test_free_is_always_allowed(self, ann) -> None:
        work = edition(ann).work
        publishing_services.set_prices(actor=ann, work=work, prices={"USD": 0}, at=NOON)
        assert work.prices.get(currency="USD").list_price_minor == 0
