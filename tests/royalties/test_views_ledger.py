from __future__ import annotations

import json

import pytest
from django.test import Client

from accounts.models import AuditEntry
from royalties import verify_statement
from royalties.models import DailyRoot, Statement, StatementProof
from royalties.services import statement_proofs
from royalties.verify_statement import parse, verify
from tests.royalties import closing
from tests.royalties.factories import edition, recorded_sale, user
from tests.royalties.test_services_invariants import tamper
from tests.royalties.varied import CLOSE_NOVEMBER, NOVEMBER

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def statement() -> Statement:
    recorded_sale(of=edition(user("Ann", is_author=True)))
    closing.close(period=NOVEMBER, at=CLOSE_NOVEMBER)
    return Statement.objects.get()


def as_(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


class TestLedger:
    def test_shows_roots_to_everybody(self, statement):
        page = Client().get("/ledger/").content.decode()
        assert DailyRoot.objects.get().root in page
        assert "python verify_statement.py statement-2026-11-USD-usr_….json --roots roots.json" in page

    def test_before_the_first_root(self):
        assert "No root hash yet" in Client().get("/ledger/").content.decode()

    def test_roots_as_a_file(self, statement):
        response = Client().get("/ledger/roots.json")
        assert response["Content-Type"] == "application/json"
        assert [row["root"] for row in json.loads(response.content)["roots"]] == [DailyRoot.objects.get().root]

    def test_the_script_is_the_one_we_run(self):
        response = Client().get("/ledger/verify_statement.py")
        names: dict[str, object] = {"__name__": "downloaded"}
        exec(compile(response.content, "verify_statement.py", "exec"), names)  # noqa: S102 - our own file
        assert names["FORMAT"] == verify_statement.FORMAT


class TestStatementFile:
    def test_of_its_payee(self, statement):
        response = as_(statement.user).get(f"/earnings/statements/{statement.public_id}/json/")
        name = f"statement-2026-11-USD-{statement.user.public_id}.json"
        assert response["Content-Disposition"] == f'attachment; filename="{name}"'
        roots = parse(Client().get("/ledger/roots.json").content)
        assert verify(parse(response.content), roots=roots) == []

    def test_is_linked_from_the_statement(self, statement):
        page = as_(statement.user).get(f"/earnings/statements/{statement.public_id}/").content.decode()
        assert f"/earnings/statements/{statement.public_id}/json/" in page
        assert 'href="/ledger/"' in page

    def test_is_nobody_elses(self, statement):
        other = user("Ben", is_author=True)
        recorded_sale(of=edition(other))
        assert as_(other).get(f"/earnings/statements/{statement.public_id}/json/").status_code == 404

    def test_needs_a_login(self, statement):
        assert Client().get(f"/earnings/statements/{statement.public_id}/json/").status_code == 404
        assert Client().get(f"/finance/statements/{statement.public_id}/json/").status_code == 404

    def test_of_finance_is_on_record(self, statement):
        client = as_(user("Fay", is_finance=True))
        response = client.get(f"/finance/statements/{statement.public_id}/json/")
        assert verify(parse(response.content)) == []
        assert AuditEntry.objects.filter(verb="statement.exported").count() == 1
        page = client.get(f"/finance/statements/{statement.public_id}/").content.decode()
        assert f"/finance/statements/{statement.public_id}/json/" in page

    def test_unknown(self):
        client = as_(user("Fay", is_finance=True))
        assert client.get("/finance/statements/stm_x/json/").status_code == 404

    def test_before_its_last_day_is_published(self, statement):
        tamper("DELETE FROM royalties_dailyroot")
        response = as_(statement.user).get(f"/earnings/statements/{statement.public_id}/json/")
        assert response.status_code == 409
        assert "once the month’s last day is published" in response.content.decode()

    def test_that_differs_from_what_was_handed_out(self, statement):
        statement_proofs.file_of(statement)
        tamper("UPDATE royalties_statementproof SET file_sha256 = 'x'")
        response = as_(statement.user).get(f"/earnings/statements/{statement.public_id}/json/")
        assert response.status_code == 409
        assert StatementProof.objects.count() == 1
