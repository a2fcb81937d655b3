"""What is looked at beside the people: health each second, queues, and the processor time of every process."""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import dataclass, field
from pathlib import Path

from bench.faults.shop import Shop, wait_until
from bench.load.connection import Connection
from bench.shop_measure import cpu_s, memory_of

_DEPTHS_EACH_S = 5


@dataclass
class Watch:
    """Samples taken while people click."""

    health: list[float] = field(default_factory=list)
    unhealthy: int = 0
    depths: list[dict[str, int]] = field(default_factory=list)

    async def ask_health(self, port: int, until: float) -> None:
        """Ask the health process each second, as a balancer does."""
        probe = Connection(port, "127.0.0.1", None)
        while time.monotonic() < until:
            answer = await probe.ask("/healthz", {})
            self.health.append(answer.seconds)
            self.unhealthy += answer.status != 200
            probe.close()
            await asyncio.sleep(max(0.0, 1 - answer.seconds))

    async def count_queues(self, until: float) -> None:
        """Ask the broker how many messages wait."""
        while time.monotonic() < until:
            self.depths.append(await asyncio.to_thread(depths))
            await asyncio.sleep(_DEPTHS_EACH_S)

    def peaks(self) -> dict[str, int]:
        names = {name for one in self.depths for name in one}
        return {name: max(one.get(name, 0) for one in self.depths) for name in sorted(names)}


def depths() -> dict[str, int]:
    """Return the messages that wait, by queue."""
    from operations.metrics import queues

    return queues.depths()


def drained(patience_s: float) -> float:
    """Wait until no message waits in any queue; return after how many seconds. Raises Failed."""
    return wait_until("all queues are empty", lambda: not any(depths().values()), patience_s)


def processor(shop: Shop) -> dict[str, float]:
    """Return the processor seconds used so far, by what used them."""
    postmaster = int((shop.cluster.data / "postmaster.pid").read_text().splitlines()[0])
    roots = {name: process.pid for name, process in shop.running.items()}
    roots |= {"nginx": shop.proxy_id, "PostgreSQL": postmaster}
    used = dict.fromkeys(("web", "workers"), 0.0)
    for name, pid in roots.items():
        kind = "web" if name.startswith("web-") else "workers" if name.startswith("worker-") else name
        used[kind] = used.get(kind, 0.0) + cpu_s(pid)
    mine = os.times()
    return used | {"the visitors themselves": mine.user + mine.system}


def memory(shop: Shop) -> dict[str, float]:
    """Return the megabytes of web processes and workers."""
    return {name: memory_of(process.pid) for name, process in shop.running.items()}


def load_average() -> str:
    return Path("/proc/loadavg").read_text().rpartition(" ")[0].rpartition(" ")[0]
