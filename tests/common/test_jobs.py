from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from types import SimpleNamespace

import pytest
from celery import current_app
from celery.exceptions import NotRegistered

from common import jobs


@pytest.fixture
def imports(monkeypatch):
    """How often tasks were imported."""
    calls: list[None] = []
    monkeypatch.setattr(current_app.loader, "import_default_modules", lambda: calls.append(None))
    return calls


class TestRunHere:
    def test_imports_nothing_for_a_known_task(self, imports, monkeypatch):
        ran: list[object] = []
        task = SimpleNamespace(apply=lambda *, kwargs, throw: ran.append(kwargs))
        monkeypatch.setitem(current_app.tasks, "known", task)
        jobs.run_now("known", row_id=7)
        assert (imports, ran) == ([], [{"row_id": 7}])

    def test_waits_for_an_import_that_another_thread_began(self, monkeypatch):
        """Celery imports once: asked meanwhile by another thread it returns at once, with nothing imported."""
        begun, ran = Event(), []
        task = SimpleNamespace(apply=lambda *, kwargs, throw: ran.append(kwargs))

        def slow_import() -> None:
            if begun.is_set():
                return
            begun.set()
            time.sleep(0.2)
            current_app.tasks["late"] = task

        monkeypatch.setattr(current_app.loader, "import_default_modules", slow_import)
        try:
            with ThreadPoolExecutor(2) as threads:
                first = threads.submit(jobs.run_now, "late", row_id=1)
                begun.wait()
                threads.submit(jobs.run_now, "late", row_id=2).result()
                first.result()
        finally:
            current_app.tasks.pop("late", None)
        assert len(ran) == 2

    def test_imports_all_tasks_for_an_unknown_one(self, imports):
        with pytest.raises(NotRegistered):
            jobs.run_now("unknown")
        assert len(imports) == 1
