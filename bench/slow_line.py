"""How long pages take on a phone over a slow line: the first and the largest paint, and layout shift.

    script/demo                        (in one terminal)
    python -m bench.slow_line          (in another; --site twice compares two releases in turns)

The line is a relay in front of the site: 150 ms there and back, 1.6 Mbit/s for all connections together, a handshake
for each connection and its slow start; the browser's processor is slowed down four times. Lighthouse reckons such a
line from an unhindered visit, and counts whatever happened to arrive before the largest paint there, fonts for
instance; here it is waited for. Prints the middle of the runs, and the least; on a busy machine the least says more,
and `--processor 1` leaves out what the machine has other uses for.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from tests.support.browser import FLAGS, find_browser

ROUND_TRIP_S, BYTES_A_SECOND = 0.150, 1_600_000 / 8
PACKET, FIRST_WINDOW = 1460, 10 * 1460
PHONE = {"viewport": {"width": 412, "height": 823}, "device_scale_factor": 1.75, "is_mobile": True, "has_touch": True}
PAGES = ("/", "/books/", "/books/the-tide-clerk/", "/search/?q=bus", "/cart/", "/accounts/login/")
_MEASURE = """() => new Promise((done) => {
    const seen = { shift: 0, largest: 0 };
    const watch = (type, note) =>
        new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true });
    watch("largest-contentful-paint", (entry) => { seen.largest = entry.startTime; });
    watch("layout-shift", (entry) => { seen.shift += entry.value; });
    const [first] = performance.getEntriesByName("first-contentful-paint");
    setTimeout(() => done({ ...seen, first: first.startTime }), 300);
})"""


@dataclass
class Line:
    """A relay to one server; `port` is where it listens once `start` has returned."""

    host: str
    target: int
    port: int = 0
    _free_at: float = 0.0  # when the line has sent all it was given
    _ready: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Listen, in a thread that ends with the process."""
        threading.Thread(target=lambda: asyncio.run(self._listen()), daemon=True).start()
        self._ready.wait()

    async def _listen(self) -> None:
        server = await asyncio.start_server(self._relay, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await server.serve_forever()

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        opened = time.monotonic()
        from_server, to_server = await asyncio.open_connection(self.host, self.target)
        on_the_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        await asyncio.gather(
            self._ask(reader, to_server, opened),
            self._send(from_server, on_the_way),
            _arrive(on_the_way, writer),
            return_exceptions=True,  # browsers close connections as they like
        )

    async def _ask(self, reader: asyncio.StreamReader, to_server: asyncio.StreamWriter, opened: float) -> None:
        """What the browser says, half a round trip late, the first after the handshake."""
        try:
            while data := await reader.read(65536):
                await _until(max(time.monotonic() + ROUND_TRIP_S / 2, opened + 1.5 * ROUND_TRIP_S))
                to_server.write(data)
        finally:
            to_server.close()

    async def _send(self, from_server: asyncio.StreamReader, on_the_way: asyncio.Queue[tuple[float, bytes]]) -> None:
        """Packets in their turn on the line, no more at once than the window, which doubles with each round trip."""
        window, sent, since = FIRST_WINDOW, 0, 0.0
        while data := await from_server.read(65536):
            for start in range(0, len(data), PACKET):
                packet = data[start : start + PACKET]
                if time.monotonic() - since > 1:
                    sent, since = 0, time.monotonic()
                if sent + len(packet) > window:
                    await _until(since + ROUND_TRIP_S)
                    window, sent, since = 2 * window, 0, time.monotonic()
                sent += len(packet)
                self._free_at = max(time.monotonic(), self._free_at) + len(packet) / BYTES_A_SECOND
                await _until(self._free_at)
                on_the_way.put_nowait((self._free_at + ROUND_TRIP_S / 2, packet))
        on_the_way.put_nowait((0.0, b""))


async def _arrive(on_the_way: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
    while (arrival := await on_the_way.get())[1]:
        await _until(arrival[0])
        writer.write(arrival[1])
    writer.close()


async def _until(moment: float) -> None:
    await asyncio.sleep(max(0.0, moment - time.monotonic()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--site", action="append", help="http://localhost:8000; may be given twice")
    parser.add_argument("--pages", nargs="+", default=PAGES)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--processor", type=int, default=4, help="how many times slower than this machine's")
    asked = parser.parse_args()
    sites = asked.site or ["http://localhost:8000"]
    lines = [Line(urlsplit(site).hostname or "localhost", urlsplit(site).port or 80) for site in sites]
    for line in lines:
        line.start()
    print(f"{'ms: middle (least)':34} {'first paint':>14} {'largest paint':>14} {'shift':>6}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        for path in asked.pages:
            addresses = [f"http://localhost:{line.port}{path}" for line in lines]
            runs = [[visit(browser, one, processor=asked.processor) for one in addresses] for _ in range(asked.runs)]
            for site, seen in zip(sites, zip(*runs, strict=True), strict=True):
                name = f"{path} {urlsplit(site).port}" if len(sites) > 1 else path
                first, largest = (_told([one[key] for one in seen]) for key in ("first", "largest"))
                print(f"{name:34} {first:>14} {largest:>14} {max(one['shift'] for one in seen):6.3f}", flush=True)
        browser.close()


def visit(browser: Browser, address: str, *, processor: int) -> dict[str, Any]:
    """One first visit: nothing is cached."""
    context = browser.new_context(**PHONE)
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": processor})
    page.goto(address, wait_until="load")
    page.wait_for_timeout(1200)  # fonts come late, and may move things
    seen: dict[str, Any] = page.evaluate(_MEASURE)
    context.close()
    return seen


def _told(times: list[float]) -> str:
    return f"{statistics.median(times):.0f} ({min(times):.0f})"


if __name__ == "__main__":
    main()
