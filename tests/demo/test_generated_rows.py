"""Indexes that a large load does without come back, also after a load that was killed."""

from __future__ import annotations

import pytest
from django.db import connection

from demo import generated_rows
from publishing.models import Work
from storefront.catalogue.models import Listing
from storefront.catalogue.selectors.browse import Filters
from storefront.community.models import Review
from storefront.search.selectors import search
from tests.factories.publishing import make_published_edition

pytestmark = [pytest.mark.django_db, pytest.mark.both]

TABLES = (Work, Listing, Review)


def indexes() -> set[str]:
    """Of the tables."""
    names = [model._meta.db_table for model in TABLES]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = ANY(%s)", [names])
        else:
            kept = "SELECT name FROM sqlite_master WHERE type = 'index'"
            cursor.execute(kept + " AND tbl_name IN (%s, %s, %s)", names)
        return {name for (name,) in cursor.fetchall()}


def test_a_load_does_without_them_and_they_come_back() -> None:
    before = indexes()
    with generated_rows.without_indexes(TABLES):
        fewer = indexes()
        make_published_edition(title="The Lamp of Ice")
        connection.check_constraints()  # PostgreSQL makes no index in a transaction that has still to check some
    assert fewer < before
    assert "listing_newest" in before - fewer
    assert indexes() == before
    assert [card.slug for card in search.search(Filters(query="lamp")).cards]


def test_what_a_killed_load_left_is_put_back() -> None:
    before = indexes()
    killed = generated_rows.without_indexes(TABLES)
    killed.__enter__()
    assert indexes() < before
    assert generated_rows.put_back()
    assert indexes() == before
    assert not generated_rows.put_back()


def test_several_share_the_work_and_one_clears_up() -> None:
    before = indexes()
    generated_rows.without_indexes(TABLES).__enter__()
    for number in range(3):
        generated_rows.put_back(number, 3)
    assert indexes() == before
    generated_rows.put_back()
    assert "demo_waiting_index" not in connection.introspection.table_names()


def test_keys_are_taken_in_blocks() -> None:
    first = generated_rows.take_keys(Work, 5)
    assert generated_rows.take_keys(Work, 1) == first + 5
    assert make_published_edition().work.pk == first + 6
