"""F32: while a release is rolled out, new workers read messages of the release before.

`messages.tsv` lists what every release sent: each message can still be read. A line goes when no supported release
sends it any more.
"""

from __future__ import annotations

import csv
import inspect
from pathlib import Path

import pytest
from celery import current_app

from config.celery import app

_FILE = Path(__file__).with_name("messages.tsv")


@pytest.fixture
def known(db: None) -> dict[str, inspect.Signature]:  # Celery checks models as it imports tasks
    app.loader.import_default_modules()
    return {name: inspect.signature(task.run) for name, task in current_app.tasks.items() if "celery." not in name}


def messages() -> dict[str, list[str]]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {row["task"]: row["arguments"].split() for row in csv.DictReader(file, delimiter="\t")}


def unreadable(sent: dict[str, list[str]], known: dict[str, inspect.Signature]) -> set[str]:
    """The messages for which there is no task, or one with other arguments."""
    found = set[str]()
    for task, arguments in sent.items():
        try:
            known[task].bind(**dict.fromkeys(arguments, 1))
        except (KeyError, TypeError):
            found.add(task)
    return found


def test_messages_of_earlier_releases_are_read(known: dict[str, inspect.Signature]) -> None:
    assert len(messages()) > 100
    assert unreadable(messages(), known) == set()


def test_every_task_of_today_is_listed(known: dict[str, inspect.Signature]) -> None:
    """What is sent today is what the next release has to read."""
    required = {
        name: [argument.name for argument in signature.parameters.values() if argument.default is argument.empty]
        for name, signature in known.items()
    }
    assert messages().keys() >= required.keys()
    assert {name: arguments for name, arguments in required.items() if set(arguments) - set(messages()[name])} == {}


def test_what_could_not_be_read_would_be_found(known: dict[str, inspect.Signature]) -> None:
    sent = {"checkout.send_receipt": ["order_id"], "checkout.mail_receipt": [], "checkout.mail_refund": ["order_id"]}
    assert unreadable(sent, known) == sent.keys()
