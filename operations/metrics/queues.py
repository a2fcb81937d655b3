"""How many messages wait in each queue, as the broker says."""

from __future__ import annotations

from celery import current_app


def depths() -> dict[str, int]:
    """Return the number of waiting messages by queue, without those that workers hold. Raises the broker's errors."""
    found = {}
    with current_app.connection_for_write() as connection:
        connection.ensure_connection(max_retries=1, interval_start=0)
        for name in current_app.amqp.queues:
            try:
                with connection.channel() as channel:  # the broker closes it if there is no such queue
                    found[name] = int(channel.queue_declare(name, passive=True).message_count)
            except connection.channel_errors:
                found[name] = 0  # nobody has used it yet; in Redis an empty queue does not exist
    return found
