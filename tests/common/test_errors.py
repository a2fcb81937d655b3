from __future__ import annotations

from datetime import UTC, datetime

from django.utils import translation

from common.errors import NotAllowed
from common.money import Money
from royalties.errors import PayoutNotPossible
from storefront.catalogue.errors import PriceTooHigh
from storefront.checkout.errors import CouponNotStarted


class TestText:
    def test_is_in_the_readers_language(self) -> None:
        assert NotAllowed().text == "Your account does not have permission to do this."
        with translation.override("de"):
            assert NotAllowed().text == "Ihr Konto hat dafür keine Berechtigung."

    def test_writes_days_as_the_readers_language_does(self) -> None:
        error = CouponNotStarted(code="HALF", begins_at=datetime(2026, 12, 1, 8, tzinfo=UTC))
        assert error.text == "The code HALF is not valid yet. Its first day is 1 December 2026."
        with translation.override("de-at"):
            assert error.text == "Der Gutscheincode HALF gilt noch nicht. Sein erster Tag ist der 1. Dezember 2026."

    def test_writes_amounts_as_the_readers_language_does(self) -> None:
        error = PriceTooHigh(most=Money(100_000, "EUR"))
        assert "€1,000.00" in error.text
        with translation.override("de-de"):
            assert "1.000,00\xa0€" in error.text

    def test_takes_facts_as_they_are(self) -> None:
        assert PayoutNotPossible(reason="{x}").text == "You cannot be paid now: {x}. What you earned stays yours."
