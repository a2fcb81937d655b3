"""The product's Celery app with an engine whose work takes a known time: `celery -A tests.journeys.worker_app worker`.

What it does is told by the source itself, so that product code holds no switch for tests.
"""

from __future__ import annotations

import os
import signal
import time

from celery.signals import worker_init

from config.celery import app
from conversion.engine.contract import Progress, Stage
from conversion.engine.errors import PlatformFault

__all__ = ["app"]

_DEADLY = b"deadly"
_SLOW_SECONDS = 3.0

app.conf.beat_schedule = {
    name: {"task": name, "schedule": 0.5} for name in ("conversion.retry_stuck", "conversion.clear_scratch")
}


def run_engine(request, report, should_stop):
    """Take a few seconds over a slow source; over a deadly one, die as a worker dies of a crash in native code."""
    from tests.factories.conversion import write_result  # needs the apps

    report(Progress(Stage.READ, {"chapters": 3}))
    if request.source.read_bytes() == _DEADLY:
        os.kill(os.getpid(), signal.SIGKILL)
    (request.out / "half-written").write_bytes(b"half")
    deadline = time.monotonic() + _SLOW_SECONDS
    while time.monotonic() < deadline:
        if should_stop():
            raise PlatformFault("child.stopped")
        time.sleep(0.05)
    return write_result(request.out)


@worker_init.connect
def _stand_in(**kwargs):
    from conversion.services import attempts  # needs the apps

    attempts.run_engine = run_engine
