"""Withheld tax on a statement: the same lines on the page, on paper, in tables and in the file that proves itself."""

from __future__ import annotations

import copy
import io
import json
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pypdf
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from common import clock
from common.periods import Month
from royalties.exports.statements import statement_csv, statement_xlsx, tables_of
from royalties.exports.statements_pdf import statement_pdf
from royalties.models import EntryKind, Statement, TaxCertificate, WithholdingRule
from royalties.selectors import published_roots, statements
from royalties.services import clearing, returns, statement_proofs
from royalties.verify_statement import row_hash, verify
from tests.royalties import closing
from tests.royalties.factories import NOON, WINDOW, edition, recorded_sale, user
from tests.royalties.test_withholding import accepted, in_order

pytestmark = pytest.mark.django_db
DUE = NOON + WINDOW
CLOSE = datetime(2026, 12, 2, tzinfo=UTC)


@pytest.fixture
def statement() -> Statement:
    """November of an author whose form expired in its middle: 62 withheld under it, 125 after, of which 125 came
    back with a returned book."""
    call_command("withhold_tax", "--from", "2026-11-01", stdout=io.StringIO())
    ann = user("Ann", is_author=True)
    certificate = accepted(ann)
    TaxCertificate.objects.filter(pk=certificate.pk).update(expires_on=DUE.date())
    book = edition(ann)
    for sold_at in (NOON, NOON.replace(day=4)):
        made = recorded_sale(of=book, country="US", sold_at=sold_at)
    clearing.clear_due(at=DUE.replace(day=20))
    returns.record_refund(reference=made.reference, external_id="r", at=DUE.replace(day=21))
    closing.close(period=Month(2026, 11), at=CLOSE)
    in_order()
    return Statement.objects.get(user=ann)


def file_of(statement: Statement) -> dict:
    with clock.frozen(CLOSE):
        return json.loads(statement_proofs.file_of(statement))


def test_page_shows_rate_form_and_expiry(client, statement):
    client.force_login(statement.user)
    page = client.get(reverse("earnings-statement", args=[statement.public_id])).content.decode()
    for text in ("W-8BEN", "15%", "17 November 2026", "30%", "$0.62", "$1.25"):
        assert text in page, text
    movement = reverse("earnings-statement-movement", args=[statement.public_id, "withheld"])
    assert movement in page
    assert client.get(movement).status_code == 200


def test_paper_says_the_same(statement):
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(statement_pdf(statement))).pages)
    for part in ("W-8BEN", "17 November 2026", "30%", "$1.25"):
        assert part in text, part


def test_tables_say_the_same(statement):
    rows = next(table.rows for table in tables_of(statements.content_of(statement)) if table.name == "withheld")
    assert [[str(value) for value in row] for row in rows] == [
        ["30%", "", "", "1", "USD", "4.15", "1.25", "1.25"],
        ["15%", "W-8BEN", "2026-11-17", "1", "USD", "4.15", "0.62", "0.00"],
    ]
    with zipfile.ZipFile(io.BytesIO(statement_xlsx(statement))) as book:
        assert 'name="withheld"' in book.read("xl/workbook.xml").decode()
    assert "30%,,,1,USD,4.15,1.25,1.25" in statement_csv(statement).decode()


def test_a_statement_without_any_has_no_such_table():
    ann = user("Ann", is_author=True)
    recorded_sale(of=edition(ann), country="US")
    closing.close(period=Month(2026, 11), at=CLOSE)
    plain = Statement.objects.get(user=ann)
    assert "withheld" not in statement_csv(plain).decode()
    assert "withheld" not in file_of(plain)


class TestProof:
    def test_is_verified(self, statement):
        assert verify(file_of(statement), roots=json.loads(published_roots.roots_json())) == []

    @pytest.mark.parametrize("column", ["rate_bps", "expires_on", "amount_minor", "returned_minor", "form"])
    def test_a_changed_line_is_named(self, statement, column):
        file = file_of(statement)
        row = file["withheld"][1]
        row[column] = row[column] + 1 if isinstance(row[column], int) else "x"
        assert any("withheld at" in error for error in verify(file))

    def test_a_line_that_its_entries_do_not_give(self, statement):
        file = copy.deepcopy(file_of(statement))
        row = file["withheld"][1]
        row["amount_minor"] += 1
        row["sha256"] = row_hash(row, "withheld")
        assert any("withheld is -187, its lines say -188" in error for error in verify(file))


class TestRule:
    @pytest.mark.parametrize("wrong", [("--from", "soon"), ("--from", "2027-01-01", "--rate", "31")])
    def test_refuses_what_makes_no_sense(self, wrong):
        with pytest.raises(CommandError):
            call_command("withhold_tax", *wrong)
        assert not WithholdingRule.objects.exists()

    def test_is_entered_once_for_a_day(self):
        call_command("withhold_tax", "--from", "2027-01-01", stdout=io.StringIO())
        with pytest.raises(CommandError):
            call_command("withhold_tax", "--from", "2027-01-01", "--rate", "0")
        assert WithholdingRule.objects.get().effective_at.date() == date(2027, 1, 1)


def test_every_kind_of_entry_is_in_the_documentation():
    text = (Path(__file__).resolve().parents[2] / "docs" / "money.md").read_text(encoding="utf-8")
    assert [kind for kind in EntryKind if f"`{kind}`" not in text] == []
