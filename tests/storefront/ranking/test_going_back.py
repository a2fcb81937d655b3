"""Back to the release that had one row for each book of a day, and forth again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from storefront.models import FreshBook, FreshDay
from storefront.services import ranking
from tests.factories.publishing import make_published_edition

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both]


def test_days_written_out_are_planned_anew(noon: datetime) -> None:
    make_published_edition(published_at=noon - timedelta(days=2))
    ranking.plan_fresh(at=noon)
    assert FreshBook.objects.count() == 24
    try:
        MigrationExecutor(connection).migrate([("storefront", "0070_moderate_replies_and_rate_paid_copies")])
        assert not FreshDay.objects.exists()
        assert not FreshBook.objects.exists()
    finally:
        forth = MigrationExecutor(connection)
        forth.migrate(forth.loader.graph.leaf_nodes())
    ranking.plan_fresh(at=noon)
    assert FreshBook.objects.count() == 24
