"""Positions from before devices were told apart are last places now."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from common import clock
from storefront.reading.models import LastPlace
from tests.factories.accounts import make_reader
from tests.factories.publishing import make_published_edition

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = [("reading", "0004_add_typo_reports")]


def migrate(to: list[tuple[str, str]]) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate(to)
    return MigrationExecutor(connection).loader.project_state(to).apps


@pytest.fixture
def newest() -> Any:
    leaves = [key for key in MigrationExecutor(connection).loader.graph.leaf_nodes() if key[0] == "reading"]
    yield leaves
    migrate(leaves)


def test_every_position_is_carried_over(newest: Any) -> None:
    reader, other, edition = make_reader(), make_reader(), make_published_edition()
    apps = migrate(BEFORE)
    positions = apps.get_model("reading", "ReadingPosition").objects
    told = [
        (reader, {"edition": edition.public_id, "within_bps": 10, "cfi": "epubcfi(/6/4)", "words": "Rain fell"}, 3120),
        (other, {"edition": "edn_gone", "cfi": "p3"}, 5000),
    ]
    for person, locator, share_bps in told:
        positions.create(
            user_id=person.pk, work_id=edition.work_id, chapter_id="c2", fraction_bps=share_bps, locator=locator,
            changed_at=clock.now(),
        )  # fmt: skip
    migrate(newest)
    found = {place.device.user_id: place for place in LastPlace.objects.select_related("device", "edition")}
    place = found[reader.pk]
    assert (place.edition, place.block, place.page, place.words) == (edition, None, "", "Rain fell")
    assert (place.share_bps, place.at, place.device.kind) == (3120, clock.now(), "plain")
    assert (found[other.pk].edition, found[other.pk].page, found[other.pk].share_bps) == (None, "p3", 5000)
