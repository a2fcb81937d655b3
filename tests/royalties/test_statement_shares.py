"""A co-author's share stands in every form of a statement, and files its proof names its format."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse

from royalties import exports
from royalties.models import Statement, StatementLine
from royalties.selectors.statements import StatementContent
from royalties.services import statement_proofs
from royalties.verify_statement import parse, row_hash, verify
from tests.royalties import closing
from tests.royalties.factories import NOON, edition, recorded_sale, split, user
from tests.royalties.varied import CLOSE_NOVEMBER, NOVEMBER

pytestmark = [pytest.mark.both, pytest.mark.django_db]


@pytest.fixture
def statement() -> Statement:
    """Ben has 10% of one sale of 4.15 and 20% of another: 0.41 and 0.83, for the larger share gets the odd cent."""
    ann, ben = user("Ann", is_author=True), user("Ben")
    book = edition(ann)
    split(book.work, (ann, 9000), (ben, 1000))
    split(book.work, (ann, 8000), (ben, 2000), effective_at=NOON + timedelta(hours=1))
    recorded_sale(of=book)
    recorded_sale(of=book, sold_at=NOON + timedelta(hours=2))
    closing.close(period=NOVEMBER, at=CLOSE_NOVEMBER)
    return Statement.objects.get(user=ben)


def test_on_the_page(statement):
    client = Client()
    client.force_login(statement.user)
    text = client.get(reverse("earnings-statement", args=[statement.public_id])).content.decode()
    for shown in ("Book royalty", "$8.30", "10%", "20%", "$1.24"):
        assert shown in text


def test_in_the_document(statement):
    with pypdfium2.PdfDocument(exports.statement_pdf(statement)) as document:
        text = "".join(page.get_textpage().get_text_range() for page in document)
    for shown in ("8.30", "10%", "20%", "1.24"):
        assert shown in text


def test_in_tables(statement):
    text = exports.statement_csv(statement).decode("utf-8-sig")
    assert ",8.30,20%: 4.15; 10%: 4.15,1.24" in text
    with zipfile.ZipFile(io.BytesIO(exports.statement_xlsx(statement))) as book:
        assert "royalty_of_work" in book.read("xl/sharedStrings.xml").decode()


def test_in_the_proof(statement):
    content = parse(statement_proofs.file_of(statement))
    [line] = content["lines"]
    assert [(share["share_bps"], share["royalty_minor"]) for share in line["shares"]] == [(2000, 83), (1000, 41)]
    assert verify(content) == []
    line["shares"][0]["royalty_minor"] = 99
    line["sha256"] = row_hash(line, "line")
    content["sha256"] = row_hash(content, "statement")
    assert [wrong for wrong in verify(content) if "its shares say" in wrong]


def test_in_a_proof_of_another_format_is_refused(statement):
    content = parse(statement_proofs.file_of(statement))
    assert content["format"] == "octavo-statement/2"
    assert "shares" in content["lines"][0]
    content["format"] = "octavo-statement/1"
    content["sha256"] = row_hash(content, "statement")
    assert verify(content) == ["format: is not octavo-statement/2"]


@pytest.mark.parametrize(
    ("sold", "paid", "net", "is_told"), [(1, 125, 181, True), (1, 199, 181, False), (0, 599, -562, False)]
)
def test_a_price_that_we_paid_a_part_of_is_explained(sold, paid, net, is_told):
    line = StatementLine(sold=sold, returned=1 - sold, unit_price_minor=paid, net_price_minor=net)
    content = StatementContent(Statement(), [], [], [line], [], {}, [], [], [], [])
    assert content.has_coupons == is_told
