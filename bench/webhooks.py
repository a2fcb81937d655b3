"""How fast a webhook is answered while a worker works the events off: production settings, PostgreSQL, a real server.

    python -m bench.webhooks
    python -m bench.webhooks --sizes 0,100000 --rates 10,50,100 --seconds 60

Signed events arrive at an even pace, each on a thread of its own, whether or not the one before was answered; an
answer's time runs from the moment at which its event was due. The shop is given a past of several sizes: so many
events that were worked off, and as many sales in the ledger. Leaves with 1 when one was refused or lost, or the 99th
percentile at 50 a second misses 100 ms. Two web processes, as docs/operations.md says.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
from stripe import WebhookSignature

from config import env
from tests.support.postgres import server

PROJECT = Path(__file__).resolve().parent.parent
_PORT, _SECRET = 8497, "whsec_bench"
_GOAL_RATE, _GOAL_P99_MS = 50, 100
_CONTRIBUTORS, _WARM_UP = "400", 50
_API_VERSION = "2026-10-28.endive"


@contextmanager
def shop(address: str, folder: Path) -> Iterator[None]:
    """Broker, worker and web server of a shop in production settings."""
    from common.broker import server_command

    socket = folder / "broker.sock"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "RATE_LIMITS": "no",
        "DATABASE_URL": address,
        "BROKER_URL": f"redis+socket://{socket}",
        "VAR_DIR": str(folder),
        "SECRET_KEY": "bench",
        "VAULT_KEYS": env.key_from("bench"),
        "SITE_URL": "https://bench.example",
        "ALLOWED_HOSTS": "bench.example",
        "ALLOW_SANDBOX_PAYMENTS": "yes",
        "TRUSTED_PROXIES": "0",
        "CONVERSION_REQUIRE_SANDBOX": "no",
        "STRIPE_WEBHOOK_SECRET": _SECRET,
        "LOG_LEVEL": "ERROR",
    }
    python = sys.executable
    subprocess.run([python, "manage.py", "migrate", "-v0"], cwd=PROJECT, env=environment, check=True)
    subprocess.run([python, "manage.py", "collectstatic", "--noinput", "-v0"], cwd=PROJECT, env=environment, check=True)
    web = [python, "-m", "granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "8"]
    worker = [python, "-m", "celery", "-q", "-A", "config", "worker", "-c", "1", "-l", "ERROR", "--without-gossip"]
    commands = [
        server_command(socket, folder),
        worker,
        [*web, "--port", str(_PORT), "--log-level", "error", "config.wsgi:application"],
    ]
    processes = []
    try:
        for command in commands:
            processes.append(subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL))
            time.sleep(1)
        _wait()
        yield
    finally:
        for process in reversed(processes):
            process.terminate()
        for process in processes:
            process.wait(20)


def give_past(address: str, earlier: int, events: int) -> None:
    """Bring the inbox from so many earlier events to so many, and the ledger with it."""
    if events <= earlier:
        return
    with psycopg.connect(address) as connection:
        connection.execute(
            "INSERT INTO payments_providerevent (event_id, endpoint, event_type, account_id, api_version, object_id, "
            "reference, data, occurred_at, state, received_at, next_attempt_at, attempts, last_error, processed_at) "
            "SELECT 'evt_past_' || n, 'platform', 'payment_intent.created', '', %s, 'pi_past_' || n, '', '{}', "
            "now(), 'processed', now(), now(), 1, '', now() FROM generate_series(%s::integer, %s::integer) n",
            [_API_VERSION, earlier + 1, events],
        )
    if not earlier:
        _ledger_client(address, "prepare-octavo", 0)
    _ledger_client(address, "octavo-batches", events - earlier)


def _ledger_client(address: str, kind: str, sales: int) -> None:
    command = [sys.executable, "-m", "bench.ledger_clients", kind, "0", str(sales), _CONTRIBUTORS]
    environment = {**os.environ, "DATABASE_URL": address, "LOG_LEVEL": "ERROR"}
    subprocess.run(
        command, cwd=PROJECT, env=environment, input="go\n", text=True, stdout=subprocess.DEVNULL, check=True
    )


def _wait() -> None:
    for _ in range(120):
        try:
            if post(0) == 200:
                return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("the web server does not answer")


def post(number: int) -> int:
    """One event, signed now; the answer's status."""
    body = json.dumps(
        {
            "id": f"evt_{os.getpid()}_{number}",
            "object": "event",
            "api_version": _API_VERSION,
            "created": int(time.time()),
            "livemode": False,
            "type": "payment_intent.created",
            "data": {"object": {"id": f"pi_{number}", "object": "payment_intent", "amount": 499, "currency": "usd"}},
        }
    )
    headers = {
        "Host": "bench.example",
        "X-Forwarded-Proto": "https",
        "Content-Type": "application/json",
        "Stripe-Signature": WebhookSignature.generate_signature_header(body, _SECRET),
    }
    connection = http.client.HTTPConnection("127.0.0.1", _PORT, timeout=30)
    try:
        connection.request("POST", "/payments/webhooks/platform/", body, headers)
        return connection.getresponse().status
    finally:
        connection.close()


def arrive(rate: int, seconds: int, first: int) -> tuple[list[float], int]:
    """Milliseconds of each answer, and how many events were not taken."""
    begin = time.monotonic() + 0.5

    def one(index: int) -> tuple[float, bool]:
        due = begin + index / rate
        time.sleep(max(due - time.monotonic(), 0))
        try:
            taken = post(first + index) == 200
        except OSError:
            taken = False
        return (time.monotonic() - due) * 1000, taken

    with ThreadPoolExecutor(64) as pool:
        found = list(pool.map(one, range(rate * seconds)))
    return [took for took, _ in found], sum(not taken for _, taken in found)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", default="0,10000,100000", help="earlier events and sales, growing")
    parser.add_argument("--rates", default="10,50,100", help="events per second")
    parser.add_argument("--seconds", type=int, default=20)
    options = parser.parse_args()
    sizes, rates = ([int(n) for n in text.split(",")] for text in (options.sizes, options.rates))
    if sizes != sorted(sizes):
        parser.error("the past only grows: give the sizes from small to large")
    is_good, first, earlier = True, 1 + _WARM_UP, 0
    with server() as address, tempfile.TemporaryDirectory(prefix="octavo-hooks-") as name, shop(address, Path(name)):
        arrive(_WARM_UP, 1, first=1)  # every process imports on its first events
        for size in sizes:
            give_past(address, earlier, size)
            earlier = size
            for rate in rates:
                times, lost = arrive(rate, options.seconds, first)
                first += len(times)
                cuts = statistics.quantiles(times, n=100)
                print(
                    f"{size:9,} earlier, {rate:4} a second: "
                    f"p50 {cuts[49]:6.1f} ms  p95 {cuts[94]:6.1f} ms  p99 {cuts[98]:6.1f} ms  "
                    f"{len(times)} events, {lost} not taken, {_processed(address) - size} worked off so far",
                    flush=True,
                )
                is_good = is_good and not lost and (rate != _GOAL_RATE or cuts[98] < _GOAL_P99_MS)
    return 0 if is_good else 1


def _processed(address: str) -> int:
    with psycopg.connect(address) as connection:
        row = connection.execute("SELECT count(*) FROM payments_providerevent WHERE state = 'processed'").fetchone()
        return int(row[0]) if row else 0


if __name__ == "__main__":
    sys.exit(main())
