from __future__ import annotations

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
        jobs.run_here("known", row_id=7)
        assert (imports, ran) == ([], [{"row_id": 7}])

    def test_imports_all_tasks_for_an_unknown_one(self, imports):
        with pytest.raises(NotRegistered):
            jobs.run_here("unknown")
        assert len(imports) == 1
