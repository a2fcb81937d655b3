"""Contract lines of statements: built and checked in the database, shown, exported, and proved offline."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection

from common.periods import Month
from royalties import triggers, verify_statement
from royalties.exports.statements import statement_csv
from royalties.models import MilestoneRecord, Statement, StatementContractLine
from royalties.selectors import statements
from royalties.services import invariants, milestones, statement_proofs
from royalties.verify_statement import parse, row_hash, verify
from tests.royalties import closing
from tests.royalties.factories import NOON, edition, recorded_sale, user
from tests.royalties.milestones import DAY, accept, dispute, paid, usd

pytestmark = [pytest.mark.django_db, pytest.mark.both]
NOVEMBER, DECEMBER = Month(2026, 11), Month(2026, 12)


def closed(month: Month, payee) -> Statement:
    closing.close(month, month.end)
    return Statement.objects.get(user=payee, period=str(month))


@pytest.fixture
def pete():
    return user("Pete")


@pytest.fixture
def statement(pete):
    """Two milestones and a book in November; part of the first is taken back."""
    first, second = paid(50_000, payee=pete), paid(30_000, payee=pete)
    accept(first, 50_000)
    accept(second, 10_000, returned=20_000)
    milestones.take_back(reference=first.reference, number=1, amount=usd(10_000), at=NOON + DAY, key="cse_1")
    recorded_sale(of=edition(pete))
    return closed(NOVEMBER, pete)


class TestLines:
    def test_say_what_each_milestone_brought(self, statement):
        found = [(line.gross_minor, line.fee_minor, line.pay_minor) for line in statement.contract_lines.all()]
        assert found == [(40_000, 3_200, 36_800), (10_000, 800, 9_200)]
        assert statement.closing_minor == 36_800 + 9_200 + statement.royalties_minor
        assert invariants.check_invariants() == []

    def test_are_in_the_hash(self, statement):
        assert statements.stored_sha256(statement) == statement.sha256
        assert "\ncontract|1|" in statements.canonical_text(statement)

    def test_a_changed_one_is_found(self, statement):
        triggers.drop(connection)
        StatementContractLine.objects.filter(position=1).update(gross_minor=40_001, pay_minor=36_801)
        triggers.install(connection)
        assert {violation.rule for violation in invariants.check_invariants()} == {"I11"}

    def test_of_a_later_loss_are_negative(self, statement, pete):
        milestone = milestones_of(statement)[1]
        dispute(milestone, 30_000, at=NOON + 30 * DAY)
        milestones.dispute_lost(external_id="du_1", at=NOON + 30 * DAY)
        december = closed(DECEMBER, pete)
        [line] = december.contract_lines.all()
        assert (line.gross_minor, line.fee_minor, line.pay_minor) == (-10_000, -800, -9_200)
        assert invariants.check_invariants() == []

    def test_are_exported(self, statement):
        text = statement_csv(statement).decode()
        assert "contracts\r\n" in text
        assert '"Copy-editing, chapters 1 to 5",USD,400.00,32.00,0.00,368.00' in text

    def test_are_not_in_a_statement_without_contracts(self, pete):
        recorded_sale(of=edition(pete))
        found = closed(NOVEMBER, pete)
        assert not found.contract_lines.exists()
        assert "contracts" not in statement_csv(found).decode()


def milestones_of(statement: Statement):
    return list(MilestoneRecord.objects.filter(payee=statement.user_id).order_by("pk"))


class TestProof:
    def test_is_of_the_next_format_and_holds(self, statement):
        content = parse(statement_proofs.file_of(statement))
        assert content["format"] == "octavo-statement/3"
        assert [row["pay_minor"] for row in content["contracts"]] == [36_800, 9_200]
        assert verify(content) == []

    def test_without_contracts_it_stays_in_the_format_before(self, pete):
        recorded_sale(of=edition(pete))
        content = parse(statement_proofs.file_of(closed(NOVEMBER, pete)))
        assert content["format"] == "octavo-statement/2"
        assert verify(content) == []

    @pytest.mark.parametrize("field", ["pay_minor", "gross_minor", "fee_minor", "reference", "title"])
    def test_one_byte_flipped_is_found(self, statement, field):
        content = parse(statement_proofs.file_of(statement))
        row = content["contracts"][0]
        row[field] = row[field] ^ 1 if isinstance(row[field], int) else row[field][:-1] + "~"
        assert any(found.startswith("contract 1") for found in verify(content))

    @pytest.mark.parametrize("field", ["pay_minor", "gross_minor", "reference"])
    def test_a_forger_who_makes_every_hash_anew_is_found(self, statement, field):
        content = parse(statement_proofs.file_of(statement))
        row = content["contracts"][0]
        row[field] = row[field] + 1 if isinstance(row[field], int) else "mst_other"
        row["sha256"] = row_hash(row, "contract")
        content["sha256"] = row_hash(content, "statement")
        assert verify(content)

    def test_a_line_left_out_is_found(self, statement):
        content = parse(statement_proofs.file_of(statement))
        content["contracts"].pop()
        content["sha256"] = row_hash(content, "statement")
        assert any("was dropped" in found for found in verify(content))

    def test_a_milestone_passed_off_as_another_format_is_found(self, statement):
        content = parse(statement_proofs.file_of(statement))
        content["format"] = "octavo-statement/2"
        content["sha256"] = row_hash(content, "statement")
        assert any(found.startswith("format") for found in verify(content))

    def test_a_script_of_before_calls_it_newer_and_not_wrong(self, statement, tmp_path):
        old = Path(verify_statement.__file__).read_text(encoding="utf-8")
        old = old.replace('CONTRACTS = "octavo-statement/3"', 'CONTRACTS = "octavo-statement/2"')
        (tmp_path / "old.py").write_text(old, encoding="utf-8")
        (tmp_path / "file.json").write_bytes(statement_proofs.file_of(statement))
        command = [sys.executable, "old.py", "file.json"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 2
        assert done.stdout.startswith("NEWER octavo-statement/3")
        assert "WRONG" not in done.stdout

    def test_the_script_alone_proves_it(self, statement, tmp_path):
        (tmp_path / "file.json").write_bytes(statement_proofs.file_of(statement))
        command = [sys.executable, verify_statement.__file__, "file.json"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.stdout.startswith("OK ")

    def test_no_format_is_newer_by_accident(self):
        assert not verify_statement.is_newer({"format": "octavo-statement/1"})
        assert not verify_statement.is_newer({"format": "another/9"})
        assert not verify_statement.is_newer(json.loads("{}"))
        assert verify_statement.is_newer({"format": "octavo-statement/10"})


def test_the_next_statement_goes_on(statement, pete):
    accept(paid(20_000, payee=pete, at=datetime(2026, 12, 3, tzinfo=UTC)), 20_000, at=datetime(2026, 12, 4, tzinfo=UTC))
    december = closed(DECEMBER, pete)
    before = parse(statement_proofs.file_of(statement))
    assert verify(parse(statement_proofs.file_of(december)), previous=before) == []
    assert december.opening_minor == statement.closing_minor
