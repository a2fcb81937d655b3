from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import QuerySet

from common.rows import Compiled, RowsOf
from storefront.models import Listing
from tests.factories.publishing import make_published_edition


@pytest.mark.django_db
def test_objects_are_what_a_queryset_makes() -> None:
    make_published_edition(slug="the-lamp")
    rows = RowsOf(Listing, without=("card_html", "edition"))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {rows.columns} FROM storefront_listing")  # noqa: S608 - our own columns
        row = cursor.fetchone()
    made, wanted = rows.instance(row), Listing.objects.defer("card_html", "edition").get()
    assert len(row) == rows.width
    assert {k: v for k, v in vars(made).items() if k != "_state"} == {
        k: v for k, v in vars(wanted).items() if k != "_state"
    }
    assert made.get_deferred_fields() == {"card_html", "edition_id"}
    assert made.edition == wanted.edition
    assert not made._state.adding


@pytest.mark.django_db
def test_a_queryset_is_compiled_once_and_read_each_time() -> None:
    made = []

    def titles() -> QuerySet[Listing, tuple[str, bool]]:
        made.append(1)
        return Listing.objects.filter(is_on_sale=True).order_by("slug").values_list("slug", "is_adult")

    statement = Compiled(titles)
    assert statement.rows() == ()
    for slug in ("the-lamp", "the-oar"):
        make_published_edition(slug=slug)
    assert statement.rows() == (("the-lamp", False), ("the-oar", False))
    assert len(made) == 1
