from __future__ import annotations

import pytest

from common.amounts import example, read_amount


def minor(text, currency="USD", language="en"):
    amount = read_amount(text, currency, language=language)
    return None if amount is None else amount.amount_minor


class TestReadAmount:
    @pytest.mark.parametrize(
        "text",
        [
            "10", "10.00", "10,00", "10.", " 10 ", "$10", "10 $", "$ 10.00", "US$10", "10USD", "10 usd", "USD 10",
            "$10 USD", "10 dollars", "10 US dollars", "１０", "10.-", "10,–", "10\xa0USD",
        ],
    )  # fmt: skip
    def test_ten_dollars(self, text):
        assert minor(text) == 1000

    @pytest.mark.parametrize("language", ["en-gb", "de-at", "en-GB"])
    def test_in_the_language_of_a_country(self, language):
        assert (minor("£10", "GBP", language), minor("10 Euro", "EUR", language)) == (1000, 1000)
        assert example("EUR", language=language) in {"4.50", "4,50"}

    @pytest.mark.parametrize("text", ["10 €", "€10", "10 Euro", "10,- €", "EUR 10,00", "10 euros"])
    @pytest.mark.parametrize("language", ["en", "de"])
    def test_ten_euro(self, text, language):
        assert minor(text, "EUR", language) == 1000

    @pytest.mark.parametrize(
        "text", ["1000", "1,000.00", "1.000,00", "1 000", "1 000,00", "1'000.00", "1’000", "1\u202f000,00", "1000,00"]
    )
    @pytest.mark.parametrize("language", ["en", "de"])
    def test_a_thousand(self, text, language):
        assert minor(text, language=language) == 100_000

    @pytest.mark.parametrize(
        ("text", "language"), [("1,000", "en"), ("1.000", "de"), ("$1,000", "en"), ("1.000 $", "de")]
    )
    def test_the_language_s_mark_of_thousands(self, text, language):
        assert minor(text, language=language) == 100_000

    @pytest.mark.parametrize(("text", "language"), [("1.000", "en"), ("1,000", "de"), ("12.345", "en")])
    @pytest.mark.parametrize("currency", ["USD", "JPY"])
    def test_what_could_be_one_or_a_thousand_is_not_guessed(self, text, language, currency):
        assert minor(text, currency, language) is None

    @pytest.mark.parametrize(("text", "amount"), [("1,234,567.89", 123_456_789), ("1.234.567,89", 123_456_789)])
    def test_millions(self, text, amount):
        assert minor(text) == amount

    @pytest.mark.parametrize(("text", "amount"), [("0.5", 50), (".5", 50), (",5", 50), ("0.500", 50), ("0", 0)])
    def test_less_than_one(self, text, amount):
        assert minor(text) == amount

    @pytest.mark.parametrize("text", ["¥500", "￥500", "500 JPY", "500 yen", "500.00", "５００"])
    def test_yen(self, text):
        assert minor(text, "JPY") == 500

    def test_three_places(self):
        assert minor("1.234", "KWD") == 1234
        assert minor("1,234", "KWD") == 1_234_000
        assert minor("1.2345", "KWD") is None

    @pytest.mark.parametrize(
        "text",
        [
            "", " ", "$", "USD", "abc", "ten", ".", ",", "-5", "5e3", "NaN", "10 10", "10 €", "EUR 10", "£10", "¥10",
            "1,00,000", "1,0000.00", "1.5.5", "1,000,00", "4.555", "10..", "1" * 41, "10%", "10 AUD", "$$10 10",
        ],
    )  # fmt: skip
    def test_is_told_where_it_cannot_be_read(self, text):
        assert minor(text) is None

    def test_yen_have_no_cents(self):
        assert minor("980.5", "JPY") is None


@pytest.mark.parametrize(
    ("currency", "language", "text"),
    [("USD", "en", "4.50"), ("EUR", "de", "4,50"), ("JPY", "de", "500"), ("KWD", "en", "4.500")],
)
def test_example(currency, language, text):
    assert example(currency, language=language) == text
    assert read_amount(text, currency, language=language) is not None
