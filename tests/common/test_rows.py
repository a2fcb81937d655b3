from __future__ import annotations

import pytest
from django.db import connection

from common.rows import RowsOf
from storefront.models import Listing
from tests.factories.publishing import make_published_edition


@pytest.mark.django_db
def test_objects_are_what_a_queryset_makes() -> None:
    make_published_edition(slug="the-lamp")
    rows = RowsOf(Listing, without=("search_text", "edition"))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {rows.columns} FROM storefront_listing")  # noqa: S608 - our own columns
        row = cursor.fetchone()
    made, wanted = rows.instance(row), Listing.objects.defer("search_text", "edition").get()
    assert len(row) == rows.width
    assert {k: v for k, v in vars(made).items() if k != "_state"} == {
        k: v for k, v in vars(wanted).items() if k != "_state"
    }
    assert made.get_deferred_fields() == {"search_text", "edition_id"}
    assert made.edition == wanted.edition
    assert not made._state.adding
