"""The Celery app, its queues and its schedule on one screen.

Celery only wakes workers; the database row is the source of truth. So a lost or duplicate message is harmless: sweep
tasks enqueue again what was never queued or whose lease expired, and every task is safe to run twice.
"""

from __future__ import annotations

import os
from typing import Any

import structlog
from celery import Celery
from celery.schedules import crontab
from celery.signals import celeryd_init, worker_ready
from django_structlog.celery.steps import DjangoStructLogInitStep
from kombu.entity import Exchange, Queue

from config import env

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
logger = structlog.stdlib.get_logger(__name__)

# Redis redelivers a killed worker's message only after this time, and that of a long task as well: conversions hold
# a lease of their own, and a second run of other long tasks ends at once (common/locks.py).
_REDELIVERY = {
    "visibility_timeout": 20,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
    "socket_keepalive": True,
}
# A request that sends a message waits no longer than this for a broker that hangs. Names for Redis, then for RabbitMQ.
_IMPATIENCE = {
    **dict.fromkeys(("socket_connect_timeout", "socket_timeout", "connect_timeout", "read_timeout"), 0.5),
    "max_retries": 0,
}

# Queues by class, so that a payment does not wait behind a mail server, nor a short book behind a long one. A task goes
# to the first queue that names it, exactly or by pattern; everything else to "default".
ROUTES = {
    "money": [
        *("payments.*", "checkout.retry_stuck", "checkout.close_page", "checkout.settle_payment"),
        "checkout.settle_card",
        *("checkout.send_refund", "checkout.send_evidence", "checkout.supply_preorder", "checkout.sync_dispute"),
        *("funding.retry_stuck", "funding.settle_payment", "funding.send_refund"),
        *("funding.send_evidence", "funding.sync_dispute"),
        *("royalties.clear_due", "royalties.ledger_chain", "royalties.send_*", "royalties.retry_stuck_*"),
        *("royalties.propose_payouts", "royalties.charge_plans", "royalties.claw_back_debts", "contracts.run_clocks"),
        "market_reports.renew_due",
        "claims.run_clocks",
    ],
    "mail": [
        *("*.mail_*", "common.send_mail", "common.retry_emails", "digests.*", "library.start_edition_mail"),
        *("newsletters.start", "newsletters.retry_stuck", "sending.*"),
        *("royalties.tell_*", "royalties.retry_emails"),
    ],
    # Whatever runs the engine or cleans up the workers' disks. See conversion/services/waking.py for what is large.
    "conversion": ["conversion.run", "conversion.clear_scratch", "conversion.trim_caches"],
    "conversion-large": ["conversion.run_large"],
    # Once a day, or minutes long: nobody waits for them.
    "nightly": [
        *("accounts.erase_due", "community.nightly_trust", "community.rank", "community.recount_stars"),
        *("community.rescore_everything", "library.recommend", "operations.*", "royalties.check_ledger"),
        *("royalties.feed_protection", "royalties.publish_roots", "royalties.reconcile", "royalties.remind_tax_forms"),
        *("completion.*", "events.forget", "figures.*", "market.*", "market_reports.make_due"),
        *("passages.compare", "search.*", "searches.*"),
    ],
}
_IS_RABBITMQ = env.text("BROKER_URL", "").startswith(("amqp", "pyamqp"))


def _queue(name: str) -> Queue:
    """Return a queue; in RabbitMQ a replicated one, whose exchange lets messages be delayed."""
    if _IS_RABBITMQ:
        return Queue(name, Exchange("octavo", "topic"), name, queue_arguments={"x-queue-type": "quorum"})
    return Queue(name, Exchange(name), name)


_SCHEDULE: dict[str, dict[str, Any]] = {
    "accounts.chain_audit": {"task": "accounts.chain_audit", "schedule": 10.0},
    "accounts.retry_stuck": {"task": "accounts.retry_stuck", "schedule": 60.0},
    "accounts.erase_due": {"task": "accounts.erase_due", "schedule": crontab(hour=2, minute=50)},
    "common.retry_emails": {"task": "common.retry_emails", "schedule": 60.0},
    "contracts.run_clocks": {"task": "contracts.run_clocks", "schedule": 60.0},
    "conversations.enqueue_unread": {"task": "conversations.enqueue_unread", "schedule": 60.0},
    "conversion.retry_stuck": {"task": "conversion.retry_stuck", "schedule": 15.0},
    "conversion.clear_scratch": {"task": "conversion.clear_scratch", "schedule": 60.0},
    "conversion.trim_caches": {"task": "conversion.trim_caches", "schedule": 300.0},
    # Scratch and cache are on each machine's own disk, and a machine may have workers of large books alone.
    **{
        f"{task}@large": {"task": task, "schedule": pause, "options": {"queue": "conversion-large"}}
        for task, pause in (("conversion.clear_scratch", 60.0), ("conversion.trim_caches", 300.0))
    },
    "heartbeats.ping": {"task": "heartbeats.ping", "schedule": 60.0},
    "operations.back_up": {"task": "operations.back_up", "schedule": crontab(hour=0, minute=40)},
    "operations.check_files": {"task": "operations.check_files", "schedule": crontab(hour=4, minute=50)},
    "payments.retry_stuck": {"task": "payments.retry_stuck", "schedule": 20.0},
    "publishing.enqueue_due_releases": {"task": "publishing.enqueue_due_releases", "schedule": 60.0},
    "publishing.announce_promotions": {"task": "publishing.announce_promotions", "schedule": 60.0},
    "digests.enqueue_due": {"task": "digests.enqueue_due", "schedule": 60.0},
    "editing.retry_stuck": {"task": "editing.retry_stuck", "schedule": 30.0},
    "bulk.retry_stuck": {"task": "bulk.retry_stuck", "schedule": 30.0},
    "passages.retry_stuck": {"task": "passages.retry_stuck", "schedule": 300.0},
    "royalties.clear_due": {"task": "royalties.clear_due", "schedule": 60.0},
    "royalties.ledger_chain": {"task": "royalties.ledger_chain", "schedule": 10.0},
    "royalties.check_ledger": {"task": "royalties.check_ledger", "schedule": crontab(hour=1, minute=30)},
    "royalties.feed_protection": {"task": "royalties.feed_protection", "schedule": crontab(hour=3, minute=40)},
    "royalties.publish_roots": {"task": "royalties.publish_roots", "schedule": crontab(hour=0, minute=5)},
    "royalties.reconcile": {"task": "royalties.reconcile", "schedule": crontab(hour=3, minute=10)},
    "royalties.retry_stuck_payouts": {"task": "royalties.retry_stuck_payouts", "schedule": 30.0},
    "royalties.retry_stuck_reversals": {"task": "royalties.retry_stuck_reversals", "schedule": 30.0},
    "royalties.retry_emails": {"task": "royalties.retry_emails", "schedule": 60.0},
    "royalties.propose_payouts": {"task": "royalties.propose_payouts", "schedule": 3600.0},
    "royalties.charge_plans": {"task": "royalties.charge_plans", "schedule": 3600.0},
    "royalties.claw_back_debts": {"task": "royalties.claw_back_debts", "schedule": 86400.0},
    "royalties.remind_tax_forms": {"task": "royalties.remind_tax_forms", "schedule": crontab(hour=6, minute=20)},
    "events.forget": {"task": "events.forget", "schedule": crontab(minute=5)},
    "figures.roll_up_today": {"task": "figures.roll_up_today", "schedule": crontab(minute=10)},
    "figures.roll_up_recent": {"task": "figures.roll_up_recent", "schedule": crontab(hour=0, minute=20)},
    "completion.count_all": {"task": "completion.count_all", "schedule": crontab(hour=5, minute=40, day_of_week=1)},
    "searches.close_weeks": {"task": "searches.close_weeks", "schedule": crontab(minute=35)},
    "market_reports.make_due": {"task": "market_reports.make_due", "schedule": crontab(hour=4, minute=5)},
    "market_reports.renew_due": {"task": "market_reports.renew_due", "schedule": 3600.0},
    "market.count_night": {"task": "market.count_night", "schedule": crontab(hour=5, minute=10)},
    "search.follow_sales": {"task": "search.follow_sales", "schedule": 600.0},
    "search.count_words": {"task": "search.count_words", "schedule": crontab(hour=4, minute=20)},
    "library.recommend": {"task": "library.recommend", "schedule": crontab(hour=2, minute=20)},
    "hiring_reviews.enqueue_due": {"task": "hiring_reviews.enqueue_due", "schedule": 300.0},
    "community.rank": {"task": "community.rank", "schedule": 600.0},
    "checkout.retry_stuck": {"task": "checkout.retry_stuck", "schedule": 60.0},
    "funding.retry_stuck": {"task": "funding.retry_stuck", "schedule": 60.0},
    "requests.run_clocks": {"task": "requests.run_clocks", "schedule": 60.0},
    "own_books.finish": {"task": "own_books.finish", "schedule": 30.0},
    "reading.retry_stuck": {"task": "reading.retry_stuck", "schedule": 60.0},
    "reading.ask_missing_maps": {"task": "reading.ask_missing_maps", "schedule": 3600.0},
    "library.note_digests": {"task": "library.note_digests", "schedule": 600.0},
    "library.retry_stuck": {"task": "library.retry_stuck", "schedule": 60.0},
    "sending.retry_stuck": {"task": "sending.retry_stuck", "schedule": 60.0},
    "sending.read_refusals": {"task": "sending.read_refusals", "schedule": 300.0},
    "newsletters.retry_stuck": {"task": "newsletters.retry_stuck", "schedule": 60.0},
    "community.end_stops": {"task": "community.end_stops", "schedule": 60.0},
    "suspensions.run_due": {"task": "suspensions.run_due", "schedule": 300.0},
    "claims.run_clocks": {"task": "claims.run_clocks", "schedule": 60.0},
    "advance_copies.run_due": {"task": "advance_copies.run_due", "schedule": 300.0},
    "community.retry_stuck": {"task": "community.retry_stuck", "schedule": 60.0},
    "catalogue.requeue_social_images": {"task": "catalogue.requeue_social_images", "schedule": 60.0},
    "community.nightly_trust": {"task": "community.nightly_trust", "schedule": crontab(hour=4, minute=15)},
}
for _entry in _SCHEDULE.values():
    if isinstance(_entry["schedule"], float):
        # While no worker takes them, they do not pile up. Clocks of two machines may differ by half a minute.
        _entry["options"] = {**_entry.get("options", {}), "expires": max(_entry["schedule"], 60.0)}

app = Celery("octavo")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_queues=[_queue(name) for name in ("default", *ROUTES)],
    task_default_queue="default",
    task_routes={task: {"queue": queue} for queue, tasks in ROUTES.items() for task in tasks},
    task_serializer="json",
    accept_content=["json"],
    worker_prefetch_multiplier=1,
    worker_soft_shutdown_timeout=30,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    broker_transport_options=_REDELIVERY | _IMPATIENCE,
    beat_schedule=_SCHEDULE,
)
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)  # lines of a task have its id, and that of the request that sent it


@celeryd_init.connect
def wait_for_messages(**kwargs: Any) -> None:
    """Let workers wait for the broker: they have nobody who waits for them."""
    app.conf.broker_transport_options = _REDELIVERY


@worker_ready.connect
def compare_clocks(**kwargs: Any) -> None:
    """Log a warning if this machine's clock differs from the database's."""
    from django.db import DatabaseError, connection

    from common.checks import clock_is_right  # the apps are loaded by then

    try:
        for found in clock_is_right(None, databases=["default"]):
            logger.error("clock.skewed", detail=found.msg)
    except DatabaseError:
        logger.warning("clock.not_compared", reason="database_away")
    finally:
        connection.close()
