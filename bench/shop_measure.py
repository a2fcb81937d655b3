"""The cost of a request: CPU time of the web server and the database, response time, and requests per second."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import shutil
import statistics
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.speed_measure import memory_mb, tree

HOST = "bench.example"
HEADERS = {"Host": HOST, "X-Forwarded-Proto": "https", "Accept-Language": "en"}
_RATE_SECONDS = 3
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_CONNECTIONS = 8


class Refused(Exception):
    """An error response; the message names the request."""


@dataclass(frozen=True)
class Request:
    path: str
    method: str = "GET"
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Cost:
    """The cost of one request: CPU milliseconds of the web server and of the database, and the response times."""

    web_ms: float
    database_ms: float
    p50_ms: float
    p95_ms: float
    size_bytes: int

    @property
    def cpu_ms(self) -> float:
        return self.web_ms + self.database_ms


class Visitor:
    """One connection that stays open."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, request: Request) -> tuple[float, bytes]:
        """Return the milliseconds until the complete response arrived, and its body. Raises Refused for an error."""
        began = time.perf_counter()
        self._connection.request(request.method, request.path, request.body or None, {**HEADERS, **request.headers})
        response = self._connection.getresponse()
        body = response.read()
        took = (time.perf_counter() - began) * 1000
        if response.status >= 400:
            raise Refused(f"{request.method} {request.path}: {response.status}")
        return took, body

    def close(self) -> None:
        self._connection.close()


def cost(port: int, requests: Sequence[Request], *, web: int, database: int | None, rounds: int) -> Cost:
    """Send all requests in turn from one connection, for several rounds after an uncounted first one."""
    visitor = Visitor(port)
    for request in requests[:20]:
        visitor.ask(request)
    before = cpu_s(web), cpu_s(database) if database else 0.0
    times, size = [], 0
    for number in range(rounds):
        took, body = visitor.ask(requests[number % len(requests)])
        times.append(took)
        size = len(body)
    after = cpu_s(web), cpu_s(database) if database else 0.0
    visitor.close()
    each = [(late - early) * 1000 / rounds for early, late in zip(before, after, strict=True)]
    cuts = statistics.quantiles(times, n=20)
    return Cost(each[0], each[1], statistics.median(times), cuts[18], size)


def cpu_s(root: int) -> float:
    """Return the CPU seconds used so far by a process and its descendants.

    Running processes are counted to the nanosecond; ended ones (such as a PostgreSQL connection or a parallel worker)
    to a hundredth of a second.
    """
    return sum(_ran_ns(pid) for pid in tree(root)) / 1e9


def _ran_ns(pid: int) -> int:
    total = 0
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += sum(map(int, fields[13:15])) * 1_000_000_000 // _TICKS_PER_S
        for task in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(OSError):
                total += int((task / "schedstat").read_text().split()[0])
    return total


def memory_of(root: int) -> float:
    """Return the megabytes used by a process and its descendants; shared memory counts once."""
    return sum(map(memory_mb, tree(root)))


def rate(port: int, request: Request) -> float | None:
    """Return requests per second over eight connections, measured by wrk; None if wrk is not installed."""
    program = shutil.which("wrk")
    if program is None:
        return None
    headers = [part for name, value in {**HEADERS, **request.headers}.items() for part in ("-H", f"{name}: {value}")]
    command = [program, "-t1", f"-c{_CONNECTIONS}", f"-d{_RATE_SECONDS}s", *headers]
    address = f"http://127.0.0.1:{port}{request.path}"
    said = subprocess.run([*command, address], capture_output=True, text=True, check=True).stdout
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if found is None or "Non-2xx" in said:
        raise Refused(f"{request.path}: {said.strip()[-300:]}")
    return float(found[1])


def p95(values: Iterable[float]) -> float:
    return statistics.quantiles(values, n=20)[18]
