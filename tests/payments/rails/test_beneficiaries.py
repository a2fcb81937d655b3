from __future__ import annotations

import pytest

from payments.rails import BeneficiaryRefused, RailCode, rails_for
from payments.rails.beneficiaries import beneficiary

GERMAN = "DE89 3704 0044 0532 0130 00"


def refused(**given) -> tuple[str, str]:
    with pytest.raises(BeneficiaryRefused) as caught:
        beneficiary(**{"holder": "Ann", "country": "DE", **given})
    return caught.value.field, caught.value.code


class TestBeneficiary:
    def test_writes_the_iban_without_spaces(self):
        made = beneficiary(holder=" Ann  Author ", country="DE", iban_text=GERMAN.lower(), bic_text="cobadeffxxx")
        assert (made.holder, made.iban, made.bic) == ("Ann Author", "DE89370400440532013000", "COBADEFFXXX")
        assert made.masked == "DE •••• 3000"

    # One registered example per structure; Norway's is the shortest, Malta's the longest.
    @pytest.mark.parametrize(
        "iban",
        [
            "NO9386011117947",
            "MT84MALT011000012345MTLCAST001S",
            "GB29NWBK60161331926819",
            "FR1420041010050500013M02606",
            "CH9300762011623852957",
        ],
    )
    def test_takes_the_registrys_examples(self, iban):
        assert beneficiary(holder="Ann", country=iban[:2], iban_text=iban).iban == iban

    @pytest.mark.parametrize("position", range(4, 22))
    def test_every_single_wrong_digit_is_refused(self, position):
        good = "DE89370400440532013000"
        wrong = good[:position] + str((int(good[position]) + 1) % 10) + good[position + 1 :]
        assert refused(iban_text=wrong) == ("iban", "iban_checksum")

    @pytest.mark.parametrize("left", [4, 9, 17])
    def test_swapped_digits_are_refused(self, left):
        good = "DE89370400440532013000"
        wrong = good[:left] + good[left + 1] + good[left] + good[left + 2 :]
        assert wrong != good
        assert refused(iban_text=wrong)[0] == "iban"

    def test_wrong_length_is_refused(self):
        assert refused(iban_text="DE8937040044053201300")[0] == "iban"

    def test_iban_of_another_country(self):
        assert refused(country="FR", iban_text=GERMAN) == ("iban", "iban_elsewhere")

    def test_sepa_needs_an_iban(self):
        assert refused(account_number="123456") == ("iban", "iban_missing")

    def test_wrong_bic(self):
        assert refused(iban_text=GERMAN, bic_text="COBADE") == ("bic", "bic_invalid")

    def test_country_without_a_rail(self):
        assert rails_for("KP") == []
        assert refused(country="KP", account_number="123456") == ("country", "country_not_reached")

    def test_american_routing_numbers_have_a_checksum(self):
        assert beneficiary(holder="A", country="US", account_number="0001234", bank_code="111000025").bank_code
        assert refused(country="US", account_number="0001234", bank_code="111000026") == (
            "bank_code",
            "routing_invalid",
        )

    @pytest.mark.parametrize("number", ["", "12", "1" * 35, "12 34;DROP"])
    def test_local_numbers_have_a_shape(self, number):
        assert refused(country="NZ", account_number=number, bank_code="1")[0] == "account_number"

    def test_a_local_number_needs_its_bank(self):
        assert refused(country="NZ", account_number="0201340012") == ("bank_code", "bank_missing")

    def test_no_holder(self):
        assert refused(holder="  ", iban_text=GERMAN) == ("holder", "holder_missing")


class TestCoverage:
    def test_the_simplest_rail_comes_first(self):
        assert rails_for("DE") == [RailCode.STRIPE, RailCode.BANK]
        assert rails_for("NZ") == [RailCode.BANK]
