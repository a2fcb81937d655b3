from __future__ import annotations

from datetime import date

import pytest

from common.money import Money
from payments.rails import StatementRefused, read_statement
from tests.payments.rails.statements import entry, statement


class TestReadStatement:
    def test_booked_debit(self):
        (row,) = read_statement(statement(entry("pyo-1", "4.15")))
        assert (row.end_to_end_id, row.amount, row.is_credit) == ("pyo-1", Money(415, "EUR"), False)
        assert row.booked_on == date(2026, 12, 1)

    def test_return_with_its_reason(self):
        (row,) = read_statement(statement(entry("pyo-1", "4.15", direction="CRDT", reason="AC04")))
        assert (row.is_credit, row.reason) == (True, "AC04")

    def test_pending_is_left_out(self):
        assert read_statement(statement(entry("pyo-1", "4.15", status="PDNG"))) == []

    def test_older_version_says_its_status_in_place(self):
        content = statement(entry("pyo-1", "4.15")).replace(b"<Sts><Cd>BOOK</Cd></Sts>", b"<Sts>BOOK</Sts>")
        assert len(read_statement(content)) == 1

    def test_entry_of_several_transfers(self):
        details = "".join(
            f"<TxDtls><Refs><EndToEndId>pyo-{n}</EndToEndId></Refs><Amt Ccy='EUR'>1.0{n}</Amt></TxDtls>" for n in (1, 2)
        )
        rows = read_statement(statement(entry("", "2.03", details=details)))
        assert [(row.end_to_end_id, row.amount.amount_minor) for row in rows] == [("pyo-1", 101), ("pyo-2", 102)]

    def test_same_movement_in_two_statements_has_one_fingerprint(self):
        first, second = (read_statement(statement(entry("pyo-1", "4.15"), number=n))[0] for n in "12")
        assert first.fingerprint == second.fingerprint

    def test_yen_and_dinar_have_their_own_places(self):
        rows = read_statement(statement(entry("a", "500", currency="JPY"), entry("b", "1.234", currency="KWD")))
        assert [row.amount for row in rows] == [Money(500, "JPY"), Money(1234, "KWD")]


class TestRefuses:
    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"", "not_xml"),
            (b"<a", "not_xml"),
            (b"<a/>", "not_camt053"),
            (b"<!DOCTYPE a><a/>", "has_doctype"),
            (b"<a>" + b" " * (10 * 1024 * 1024) + b"</a>", "too_large"),
        ],
    )
    def test_what_is_no_statement(self, content, code):
        with pytest.raises(StatementRefused) as caught:
            read_statement(content)
        assert caught.value.code == code

    def test_entities_that_multiply(self):
        bomb = b'<!DOCTYPE z [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
        with pytest.raises(StatementRefused):
            read_statement(bomb + statement(entry("&b;", "4.15")))

    def test_a_file_of_this_machine(self, tmp_path):
        secret = tmp_path / "secret"
        secret.write_text("pyo-secret")
        head = f'<!DOCTYPE z [<!ENTITY a SYSTEM "file://{secret}">]>'.encode()
        with pytest.raises(StatementRefused):
            read_statement(head + statement(entry("&a;", "4.15")))

    @pytest.mark.parametrize("amount", ["-1.00", "1.001", "NaN", "Infinity", "one", ""])
    def test_amounts_that_are_none(self, amount):
        with pytest.raises(StatementRefused):
            read_statement(statement(entry("pyo-1", amount)))
