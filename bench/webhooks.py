"""How fast a webhook is answered while a worker works the events off: production settings, PostgreSQL, a real server.

    python -m bench.webhooks
    python -m bench.webhooks --rates 10,50,100 --seconds 60

Signed events arrive at an even pace, each on a thread of its own, whether or not the one before was answered; an
answer's time runs from the moment at which its event was due. Leaves with 1 when one was refused or lost, or the 99th
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

from tests.support.postgres import server

PROJECT = Path(__file__).resolve().parent.parent
_PORT, _SECRET = 8497, "whsec_bench"
_GOAL_RATE, _GOAL_P99_MS = 50, 100
_API_VERSION = "2026-10-28.endive"


@contextmanager
def shop(address: str, folder: Path) -> Iterator[None]:
    """Broker, worker and web server of a shop in production settings."""
    from common.broker import server_command

    socket = folder / "broker.sock"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "DATABASE_URL": address,
        "BROKER_URL": f"redis+socket://{socket}",
        "VAR_DIR": str(folder),
        "SECRET_KEY": "bench",
        "SITE_URL": "https://bench.example",
        "ALLOWED_HOSTS": "bench.example",
        "ALLOW_SANDBOX_PAYMENTS": "yes",
        "CONVERSION_REQUIRE_SANDBOX": "no",
        "STRIPE_WEBHOOK_SECRET": _SECRET,
        "LOG_LEVEL": "ERROR",
    }
    python = sys.executable
    subprocess.run([python, "manage.py", "migrate", "-v0"], cwd=PROJECT, env=environment, check=True)
    subprocess.run([python, "manage.py", "collectstatic", "--noinput", "-v0"], cwd=PROJECT, env=environment, check=True)
    web = [python, "-m", "granian", "--interface", "wsgi", "--workers", "2", "--port", str(_PORT)]
    worker = [python, "-m", "celery", "-q", "-A", "config", "worker", "-c", "1", "-l", "ERROR", "--without-gossip"]
    commands = [
        server_command(socket, folder),
        worker,
        [*web, "--log-level", "error", "config.wsgi:application"],
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
    parser.add_argument("--rates", default="10,50,100", help="events per second")
    parser.add_argument("--seconds", type=int, default=60)
    options = parser.parse_args()
    is_good, first = True, 1
    with server() as address, tempfile.TemporaryDirectory(prefix="octavo-hooks-") as name, shop(address, Path(name)):
        for rate in map(int, options.rates.split(",")):
            times, lost = arrive(rate, options.seconds, first)
            first += len(times)
            cuts = statistics.quantiles(times, n=100)
            print(
                f"{rate:4} a second: p50 {cuts[49]:6.1f} ms  p95 {cuts[94]:6.1f} ms  p99 {cuts[98]:6.1f} ms  "
                f"{len(times)} events, {lost} not taken, {_processed(address)} worked off so far",
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
