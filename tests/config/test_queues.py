"""Which tasks wait for whom: a mail or a payment must not stand behind a long book."""

from __future__ import annotations

from typing import Any

import pytest
from celery import current_app
from celery.schedules import crontab
from django.conf import settings

from config.celery import ROUTES, app
from demo.management.commands.demo import WORKERS

CONVERTING = {"conversion.run", "conversion.clear_scratch", "conversion.trim_caches"}
QUEUES = {"default", *ROUTES}


def queue_of(task: str) -> str:
    return str(app.amqp.router.route({}, task)["queue"].name)


@pytest.fixture(scope="module")
def tasks() -> dict[str, Any]:
    app.loader.import_default_modules()
    return {name: task for name, task in current_app.tasks.items() if not name.startswith("celery.")}


def of_queue(tasks: dict[str, Any], queue: str) -> set[str]:
    return {name for name in tasks if queue_of(name) == queue}


def test_only_what_converts_waits_for_converters(tasks: dict[str, Any]) -> None:
    assert of_queue(tasks, "conversion") == CONVERTING
    assert of_queue(tasks, "conversion-large") == {"conversion.run_large"}


def test_each_converters_disk_is_cleaned_up() -> None:
    """A machine may have workers of one of the two queues alone."""
    cleaned = {
        (entry["task"], entry.get("options", {}).get("queue") or queue_of(entry["task"]))
        for entry in app.conf.beat_schedule.values()
    }
    for task in ("conversion.clear_scratch", "conversion.trim_caches"):
        assert {queue for name, queue in cleaned if name == task} == {"conversion", "conversion-large"}


def test_whatever_mails_waits_for_the_mail_server_alone(tasks: dict[str, Any]) -> None:
    mailing = {name for name in tasks if ".mail_" in name or name.endswith((".mail", ".send_mail"))}
    assert len(mailing) > 25
    assert mailing <= of_queue(tasks, "mail")


def test_nothing_long_waits_with_money_or_mail(tasks: dict[str, Any]) -> None:
    long = {name for name in tasks if (tasks[name].soft_time_limit or 0) > 300}
    assert len(long) > 5
    assert long & (of_queue(tasks, "money") | of_queue(tasks, "mail")) == set()


def test_what_is_planned_for_the_night_is_the_nights(tasks: dict[str, Any]) -> None:
    nightly = {entry["task"] for entry in app.conf.beat_schedule.values() if isinstance(entry["schedule"], crontab)}
    assert len(nightly) > 7
    assert nightly <= of_queue(tasks, "nightly")


@pytest.mark.parametrize(
    ("task", "queue"),
    [
        ("payments.process", "money"),
        ("checkout.settle_payment", "money"),
        ("royalties.send_payout", "money"),
        ("royalties.retry_stuck_reversals", "money"),
        ("checkout.mail_receipt", "mail"),
        ("royalties.tell_payout_failed", "mail"),
        ("editing.rebuild_due", "default"),
        ("conversion.retry_stuck", "default"),
    ],
)
def test_examples(tasks: dict[str, Any], task: str, queue: str) -> None:
    assert task in tasks
    assert queue_of(task) == queue


def test_each_route_names_a_task(tasks: dict[str, Any]) -> None:
    exact = {name for names in ROUTES.values() for name in names if "*" not in name}
    assert exact <= set(tasks)
    assert all(of_queue(tasks, queue) for queue in QUEUES)


def test_a_worker_without_a_choice_takes_all_queues() -> None:
    assert {queue.name for queue in app.conf.task_queues} == QUEUES


def test_the_demonstration_listens_to_all() -> None:
    assert sorted(",".join(WORKERS.values()).split(",")) == sorted(QUEUES)


def test_what_is_sent_often_does_not_pile_up_while_no_worker_is_there() -> None:
    for entry in app.conf.beat_schedule.values():
        if not isinstance(entry["schedule"], crontab):
            assert entry["options"]["expires"] == max(entry["schedule"], 60)


def test_the_manual_starts_a_worker_for_each_queue() -> None:
    manual = (settings.BASE_DIR / "docs" / "operations.md").read_text(encoding="utf-8")
    assert {queue for queue in QUEUES if f"`{queue}`" not in manual} == set()
