"""What a test that really commits leaves behind: nothing, in either database."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.db import DatabaseError, connection, transaction
from django.test import TransactionTestCase

from royalties.models import JournalEntry, TreatyRate
from tests.factories.accounts import make_reader
from tests.royalties.factories import edition, recorded_sale
from tests.support.as_migrated import returning_to_what_was_migrated

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both]


def everything() -> dict[str, list[tuple[object, ...]]]:
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1")  # noqa: S608
            found[table] = cursor.fetchall()
    return found


def test_all_is_again_as_migrated() -> None:
    with returning_to_what_was_migrated():
        before = everything()
        make_reader()
        recorded_sale(of=edition())
        Permission.objects.all().delete()
        TreatyRate.objects.filter(pk=TreatyRate.objects.order_by("pk")[0].pk).update(source="elsewhere")
        assert everything() != before
        TransactionTestCase._fixture_teardown(None)
        assert everything() == before


def test_the_ledger_is_guarded_afterwards() -> None:
    recorded_sale(of=edition())
    TransactionTestCase._fixture_teardown(None)
    recorded_sale(of=edition())
    made = JournalEntry.objects.order_by("pk")[0].pk
    with pytest.raises(DatabaseError, match="append"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE royalties_journalentry SET kind = 'refund' WHERE id = %s", [made])


def test_a_run_without_marked_tests_has_its_database(tmp_path: Path) -> None:
    """As `script/test tests/journeys/test_whole_way.py` is: what it asks for comes through a fixture of its own."""
    alone = [sys.executable, "-m", "pytest", str(Path(__file__).with_name("unmarked.py"))]
    elsewhere = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path / 'alone'}"}
    run = subprocess.run(alone, env=elsewhere, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout
