"""Jobs: what asking for one costs."""

from __future__ import annotations

import pytest
from celery import current_app

from common import jobs


@pytest.mark.django_db
def test_tasks_are_loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    jobs._load_tasks()
    loads: list[bool] = []
    monkeypatch.setattr(current_app.loader, "import_default_modules", lambda: loads.append(True))
    jobs._load_tasks.cache_clear()
    for _ in range(3):
        jobs.run_here("conversion.sweep_caches")
    assert loads == [True]
