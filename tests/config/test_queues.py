"""Which tasks wait for whom: a mail or a payment must not stand behind a long book."""

from __future__ import annotations

import pytest
from celery import current_app
from django.conf import settings

from config.celery import app

CONVERTING = {"conversion.run", "conversion.clear_scratch", "conversion.trim_caches"}


def queue_of(task: str) -> str:
    return str(app.amqp.router.route({}, task)["queue"].name)


@pytest.fixture(scope="module")
def tasks() -> set[str]:
    app.loader.import_default_modules()
    return {name for name in current_app.tasks if not name.startswith("celery.")}


def test_only_what_converts_waits_for_converters(tasks: set[str]) -> None:
    assert tasks >= CONVERTING
    assert {name for name in tasks if queue_of(name) == "conversion"} == CONVERTING
    assert {queue_of(name) for name in tasks - CONVERTING} == {"default"}


def test_the_manual_starts_a_worker_for_each_queue() -> None:
    manual = (settings.BASE_DIR / "docs" / "operations.md").read_text(encoding="utf-8")
    assert "-Q default" in manual
    assert "-Q conversion" in manual
