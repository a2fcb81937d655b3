"""What is reached over the network: the broker and its workers, the mail server, the shop itself."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from time import monotonic
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen
from uuid import uuid4

from celery import current_app
from django.conf import settings
from django.core.mail import EmailMessage, mailers
from django.core.mail.backends.smtp import EmailBackend
from kombu.entity import Exchange, Queue

from operations.doctor.examination import Finding, ok, warning, wrong
from operations.heartbeats import selectors as heartbeats

_CERTIFICATE_DAYS = 14
_WORKERS_START_S = 25.0


def broker() -> Iterator[Finding]:
    """Send a message on a queue of our own, receive it, and remove the queue."""
    name = f"doctor.{uuid4()}"
    with current_app.connection_for_write() as connection:
        connection.ensure_connection(max_retries=1, timeout=4)
        exchange = Exchange(name, type="direct", durable=False, auto_delete=True)
        queue = Queue(name, exchange, routing_key=name, durable=False, exclusive=True, auto_delete=True)
        with connection.SimpleQueue(queue) as ours:
            ours.put({"doctor": name})
            message = ours.get(timeout=4)
            message.ack()
            ours.consumer.cancel()  # RabbitMQ reports to a consumer that its queue is gone, as an error
            ours.queue.delete()
    if message.payload != {"doctor": name}:
        yield wrong("broker", "A message came back changed.", "Check what BROKER_URL names.")
    else:
        yield ok("broker", f"A message went to and fro by {urlsplit(settings.BROKER_URL).scheme}.")


def workers() -> Iterator[Finding]:
    """Ask all workers which queues they serve: a queue without a worker only grows. Those that just start get time."""
    needed, until = _queues(), monotonic() + _WORKERS_START_S
    while True:
        answers = current_app.control.inspect(timeout=2).active_queues() or {}
        missing = sorted(needed - {queue["name"] for queues in answers.values() for queue in queues})
        if not missing or monotonic() > until:
            break
    if missing:
        advice = "Start a worker for each: see “Processes” in docs/operations.md."
        yield wrong("workers", f"No worker serves: {', '.join(missing)}.", advice)
    else:
        yield ok("workers", f"{len(answers)} serve {', '.join(sorted(needed))}.")


def _queues() -> set[str]:
    """Return the names of all queues that tasks are sent to."""
    routes = current_app.conf.task_routes or {}
    return {current_app.conf.task_default_queue} | {route["queue"] for route in routes.values()}


def schedule() -> Iterator[Finding]:
    """Look when the schedule last sent its tasks, and which of them did not run since they were due."""
    beat = heartbeats.beat()
    if beat is None:
        advice = "Right within two minutes after the first start. Otherwise start script/run beat."
        yield warning("schedule", "The schedule never ran.", advice)
        return
    late = heartbeats.late()
    if beat.is_late:
        yield wrong("schedule", f"The schedule last ran at {beat.began_at:%d %b %H:%M} UTC.", "Start script/run beat.")
    elif late:
        names = ", ".join(pulse.name for pulse in late)
        yield wrong("schedule", f"These scheduled tasks are late: {names}.", "Look at the workers and their logs.")
    else:
        yield ok("schedule", "All scheduled tasks run when they are due.")
    failed = [pulse.name for pulse in heartbeats.pulses() if pulse.has_failed]
    if failed:
        advice = "The workers' logs say why: task_failed with the task's name."
        yield warning("schedule", f"The last run failed of: {', '.join(failed)}.", advice)


def mail() -> Iterator[Finding]:
    """Connect to the mail server, start TLS and log in. Send nothing."""
    mailer = mailers.default
    if not isinstance(mailer, EmailBackend):
        advice = "Set SMTP_HOST, SMTP_USER and SMTP_PASSWORD: nobody new gets in without the code that we email."
        yield wrong("mail", "No mail server: emails are not sent.", advice)
        return
    try:
        mailer.open()
    finally:
        mailer.close()
    secured = "with TLS" if mailer.use_tls or mailer.use_ssl else "WITHOUT TLS"
    yield ok("mail", f"{mailer.host}:{mailer.port} lets us in, {secured}.")


def send_mail(to: str) -> Iterator[Finding]:
    """Send one email to the address."""
    EmailMessage(subject="Octavo's doctor", body="This shop can send email.", to=[to]).send(using="default")
    yield ok("mail", f"The mail server took an email to {to}. See whether it arrives.")


def site() -> Iterator[Finding]:
    """Ask the shop for its health by its public address, and look at its certificate."""
    address = urlsplit(settings.SITE_URL)
    if address.scheme == "https":
        yield from _certificate(str(address.hostname), address.port or 443)
    request = Request(f"{settings.SITE_URL}/healthz", headers={"User-Agent": "octavo-doctor"})  # noqa: S310
    try:
        with urlopen(request, timeout=5) as response:  # noqa: S310 # our own address
            yield ok("site", f"{settings.SITE_URL} answers {response.status}.")
    except HTTPError as error:
        advice = "Look at the logs of the proxy and of the web processes."
        yield wrong("site", f"{settings.SITE_URL}/healthz answers {error.code}.", advice)


def _certificate(host: str, port: int) -> Iterator[Finding]:
    with (
        socket.create_connection((host, port), timeout=5) as plain,
        ssl.create_default_context().wrap_socket(plain, server_hostname=host) as secured,
    ):
        certificate = secured.getpeercert() or {}
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
    days = (ends - datetime.now(UTC)).days
    if days < _CERTIFICATE_DAYS:
        advice = "Renew it; with deploy/systemd: systemctl start octavo-certificate"
        yield warning("certificate", f"It ends in {days} days.", advice)
    else:
        yield ok("certificate", f"It is valid for {host}, {days} days longer.")
