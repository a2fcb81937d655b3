"""Tasks and a sender for tests with a real broker: `celery -A tests.support.broker_tasks worker`."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from celery import Task, shared_task

from config.celery import app

__all__ = ["app"]  # Celery looks for it here

FOLDER = Path(os.environ["BROKER_TEST_FOLDER"])
_PATIENCE_SECONDS = 60


def _note(task: Task, word: str) -> None:
    with (FOLDER / "ran").open("a") as file:
        file.write(json.dumps([task.name, word, task.request.delivery_info["routing_key"], time.time()]) + "\n")


@shared_task(name="payments.probe", bind=True)
def pay(self: Task, word: str) -> None:
    _note(self, word)


@shared_task(name="probe.mail_anything", bind=True)
def mail(self: Task, word: str) -> None:
    _note(self, word)


@shared_task(name="probe.plain", bind=True)
def plain(self: Task, word: str) -> None:
    _note(self, word)


@shared_task(name="payments.slow", bind=True)
def slow(self: Task, word: str) -> None:
    """Begin, and end only when the test says so."""
    _note(self, "began")
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not (FOLDER / "go-on").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    _note(self, word)


def send() -> None:
    """Send the messages that stand as JSON in the input, then write how many wait in each queue."""
    import django

    django.setup()
    from common import jobs
    from operations.metrics import queues

    message: dict[str, Any]
    for message in json.load(sys.stdin):
        if delay_s := message.get("countdown"):
            jobs.enqueue_later(message["task"], delay_s=delay_s, word=message["word"])
        else:
            jobs.enqueue(message["task"], word=message["word"])
    json.dump(queues.depths(), sys.stdout)
