from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sepaxml
from lxml import etree

from common.money import Money
from payments.rails import Batch, Beneficiary, Instruction, pain001
from payments.rails.bank import BankRail

PAYER = Beneficiary("Octavo Tests", "DE", iban="DE89370400440532013000", bic="COBADEFFXXX")
ANN = Beneficiary("Ann Łukasz-Müßig & Söhne", "FR", iban="FR1420041010050500013M02606")
BEN = Beneficiary("Ben", "CH", iban="CH9300762011623852957", bic="UBSWCHZH80A")
KIRI = Beneficiary("=Kiri", "NZ", account_number="0201340012", bank_code="ANZB")
SPACE = {"p": pain001.NAMESPACE}


def batch(*pairs, currency: str = "EUR") -> Batch:
    instructions = [
        Instruction(f"pyo_{number:016}", Money(amount, currency), to) for number, (to, amount) in enumerate(pairs)
    ]
    made_at = datetime(2026, 11, 30, 23, 59, tzinfo=UTC)
    return Batch("bfl_0123456789abcdef", PAYER, made_at, date(2026, 12, 1), instructions)


def schema() -> etree.XMLSchema:
    """The one that ISO publishes, as the package sepaxml carries it."""
    path = Path(sepaxml.__file__).parent / "schemas" / "pain.001.001.09.xsd"
    return etree.XMLSchema(etree.parse(path))


class TestPain001:
    def test_is_valid_by_the_published_schema(self):
        schema().assertValid(etree.fromstring(pain001.write(batch((ANN, 415), (BEN, 1)))))

    def test_the_schema_would_refuse_another_order(self):
        """The negative control: it shows that the test above can fail."""
        root = etree.fromstring(pain001.write(batch((ANN, 415))))
        payment = root.find(".//p:PmtInf", SPACE)
        payment.append(payment[0])
        assert not schema().validate(root)

    def test_control_sums(self):
        root = etree.fromstring(pain001.write(batch((ANN, 415), (BEN, 100), (ANN, 2))))
        assert [e.text for e in root.iterfind(".//p:NbOfTxs", SPACE)] == ["3", "3"]
        assert [e.text for e in root.iterfind(".//p:CtrlSum", SPACE)] == ["5.17", "5.17"]

    def test_references_are_unique_and_in_the_banks_letters(self):
        root = etree.fromstring(pain001.write(batch((ANN, 415), (BEN, 1))))
        found = [e.text for e in root.iterfind(".//p:EndToEndId", SPACE)]
        assert found == ["pyo-0000000000000000", "pyo-0000000000000001"]
        assert [pain001.reference_of(carried) for carried in found][1] == "pyo_0000000000000001"

    def test_names_are_rewritten(self):
        root = etree.fromstring(pain001.write(batch((ANN, 415))))
        assert root.findtext(".//p:Cdtr/p:Nm", namespaces=SPACE) == "Ann Lukasz-Mussig + Sohne"

    def test_a_name_in_other_letters_is_not_empty(self):
        assert pain001.sepa_text("村上春樹") == "...."

    def test_markup_in_a_name_is_text(self):
        evil = Beneficiary("Ann</Nm><Nm>Eve", "FR", iban=ANN.iban)
        root = etree.fromstring(pain001.write(batch((evil, 415))))
        assert len(root.findall(".//p:Cdtr/p:Nm", SPACE)) == 1

    def test_same_bytes_each_time(self):
        assert pain001.write(batch((ANN, 415), (BEN, 1))) == pain001.write(batch((ANN, 415), (BEN, 1)))


class TestBankRail:
    def test_divides_by_what_sepa_carries(self):
        made = BankRail().files(batch((ANN, 415), (KIRI, 500), (BEN, 7)))
        assert [(file.format, len(paid)) for file, paid in made] == [("pain.001.001.09", 2), ("csv", 1)]

    @pytest.mark.parametrize("currency", ["USD", "GBP"])
    def test_other_currencies_are_a_list(self, currency):
        made = BankRail().files(batch((ANN, 415), currency=currency))
        assert [file.format for file, _ in made] == ["csv"]

    def test_a_spreadsheet_finds_no_formula(self):
        file, _ = BankRail().files(batch((KIRI, 500)))[0]
        assert b"'=Kiri" in file.content
        assert b"5.00,EUR" in file.content
