"""In the file of a month with one sale, a flipped byte of any value is found in its own row."""

from __future__ import annotations

import pytest

from royalties.models import Statement
from royalties.services import statement_proofs
from royalties.verify_statement import parse
from tests.royalties import closing, varied
from tests.royalties.factories import edition, recorded_sale
from tests.royalties.test_verify_statement import Row, changed, leaves, rows_of, wrong

pytestmark = pytest.mark.django_db


@pytest.fixture
def small() -> Row:
    recorded_sale(of=edition(title="Small"), tax=33)
    closing.close(period=varied.NOVEMBER, at=varied.CLOSE_NOVEMBER)
    return parse(statement_proofs.file_of(Statement.objects.get()))


def test_of_any_value_of_a_small_file_names_its_row(small: Row) -> None:
    for place in leaves(small):
        forged = changed(small, place)
        errors = wrong(forged)
        assert errors, place
        rows = rows_of(small) | rows_of(forged) | ({"file"} if place == ("sha256",) else set())
        assert any(error.startswith(tuple(rows)) for error in errors), (place, errors)
