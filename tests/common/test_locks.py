from __future__ import annotations

import subprocess
import sys
import time
from typing import Any

import pytest
from django.db import connection

from common.locks import advisory_lock, single_instance
from config.celery import app

pytestmark = [pytest.mark.django_db, pytest.mark.both]

# Scheduled tasks that may take so long must be one at a time.
_LONG_S = 540
_HAS_ITS_OWN = {"royalties.check_ledger"}


class TestAlone:
    def test_a_second_one_is_not(self) -> None:
        with (
            advisory_lock("tests.one") as first,
            advisory_lock("tests.one") as second,
            advisory_lock("tests.two") as other,
        ):
            assert (first, second, other) == (True, False, True)

    def test_whoever_comes_afterwards_is(self) -> None:
        with pytest.raises(ZeroDivisionError), advisory_lock("tests.one"):
            1 / 0  # noqa: B018
        with advisory_lock("tests.one") as is_alone:
            assert is_alone

    def test_who_is_killed_keeps_nobody_out(self) -> None:
        """By another process, which is killed in the middle of its block."""
        code = f"""
import os, signal, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
import django; django.setup()
from django.db import connection
connection.settings_dict["NAME"] = {connection.settings_dict["NAME"]!r}
from common.locks import advisory_lock
with advisory_lock("tests.killed") as is_alone:
    print(is_alone, flush=True)
    sys.stdin.readline()
    os.kill(os.getpid(), signal.SIGKILL)
"""
        child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert child.stdin is not None
        assert child.stdout is not None
        with child:
            assert child.stdout.readline() == "True\n"
            with advisory_lock("tests.killed") as is_alone:
                assert not is_alone
            child.stdin.write("\n")
            child.stdin.flush()
            child.wait(20)
        for _ in range(100):  # the database sees the end of the connection a little later
            with advisory_lock("tests.killed") as is_alone:
                if is_alone:
                    break
            time.sleep(0.1)
        assert is_alone


class TestLongTasks:
    def scheduled(self) -> dict[str, object]:
        app.loader.import_default_modules()
        names = {one["task"] for one in app.conf.beat_schedule.values()}
        return {name: app.tasks[name] for name in names if app.tasks[name].time_limit >= _LONG_S}

    def test_of_the_schedule_run_one_at_a_time(self) -> None:
        long = set(self.scheduled()) - _HAS_ITS_OWN
        assert {"library.recommend", "community.rank", "community.nightly_trust"} < long
        for name in sorted(long):
            with advisory_lock(name):
                assert app.tasks[name].run.__wrapped__, f"{name} needs one_at_a_time"
                app.tasks[name].apply(throw=True)

    def test_a_second_one_does_nothing(self, monkeypatch) -> None:
        calls: list[str] = []
        ranking: Any = self.scheduled()["community.rank"]
        monkeypatch.setattr("storefront.community.services.vote_counting.rank", lambda *, at: calls.append("ranked"))
        monkeypatch.setattr("storefront.catalogue.services.ranking.plan_fresh", lambda *, at: None)
        with advisory_lock("community.rank"):
            ranking.apply(throw=True)
        assert calls == []
        ranking.apply(throw=True)
        assert calls == ["ranked"]

    def test_a_function_runs_once_inside_itself(self) -> None:
        calls: list[int] = []

        @single_instance("tests.nested")
        def nested() -> None:
            calls.append(len(calls))
            nested()

        nested()
        assert calls == [0]
