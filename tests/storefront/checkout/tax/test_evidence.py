"""Two pieces of evidence that agree say where a reader is; finance sees where they do not."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import User
from storefront.checkout.models import Order, TaxEvidence
from storefront.checkout.orders.services import settlement
from storefront.checkout.tax.evidence import verdict
from tests.factories.buying import open_page, pay_session, place_order

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("declared", "billing", "card", "expected"),
    [
        ("DE", "DE", "DE", "agrees"),
        ("DE", "DE", "US", "agrees"),
        ("DE", "", "DE", "agrees"),
        ("DE", "FR", "US", "contradicts"),
        ("DE", "FR", "FR", "contradicts"),
        ("DE", "FR", "", "contradicts"),
        ("DE", "", "", "insufficient"),
        ("", "", "", "insufficient"),
    ],
)
def test_two_pieces_that_agree(declared, billing, card, expected):
    assert verdict(TaxEvidence(declared=declared, billing=billing, card=card), "DE") == expected


@pytest.fixture
def contradicting(reader, book) -> Order:
    """Declared in one country, billed in another, paid by a card of a third."""
    order = place_order(reader, book, country="FR")
    session_id = open_page(order)
    pay_session(session_id, card="de", country="US")
    settlement.settle_session(session_id=session_id)
    order.refresh_from_db()
    return order


@pytest.fixture
def finance(client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    person = User.objects.create(email="fiona.tax@example.org", display_name="Fiona", is_finance=True)
    client.force_login(person)
    return client


def test_finance_sees_what_each_piece_says(finance, contradicting):
    shown = finance.get(reverse("office:order", args=[contradicting.public_id])).content.decode()
    for piece in ("Declared at checkout: FR", "Billing address: US", "Card issued in: DE", "Contradictory"):
        assert piece in shown


def test_finance_finds_them(finance, contradicting):
    page = finance.get(reverse("office:orders")).content.decode()
    assert "?evidence=contradicts" in page
    assert (
        contradicting.public_id in finance.get(reverse("office:orders"), {"evidence": "contradicts"}).content.decode()
    )
    assert contradicting.public_id not in finance.get(reverse("office:orders"), {"evidence": "agrees"}).content.decode()
