"""A shop of real processes in a folder of its own: PostgreSQL, broker, two web servers behind nginx, workers, beat."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bench.drill.cluster import Cluster
from bench.faults import surroundings

if TYPE_CHECKING:
    from tests.support.rabbitmq import Server

PROJECT = Path(__file__).resolve().parent.parent.parent
PATIENCE_S = 300.0
# So that the log of changes does not fill it.
_ON_A_SMALL_VOLUME = {"max_wal_size": "160MB", "min_wal_size": "80MB"}
MONEY, CONVERSIONS = "default,money,mail,nightly", "conversion,conversion-large"


class Failed(Exception):
    """Something that has to hold does not."""


def wait_until(what: str, ready: Callable[[], bool], patience_s: float = PATIENCE_S) -> float:
    """Wait for something; return after how many seconds it was so. Raises Failed."""
    began = time.monotonic()
    while not ready():
        if time.monotonic() - began > patience_s:
            raise Failed(f"not within {patience_s:.0f} s: {what}")
        time.sleep(0.1)
    return time.monotonic() - began


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def children_of(pid: int) -> list[int]:
    """Return the processes that this one started."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(child) for child in found.split()]


def descendants_of(pid: int) -> list[int]:
    """Return the processes that this one started, and those that they started."""
    with suppress(FileNotFoundError, ProcessLookupError):
        children = children_of(pid)
        return children + [below for child in children for below in descendants_of(child)]
    return []


@dataclass
class Shop:
    """The running processes, by name."""

    folder: Path
    cluster: Cluster
    environment: dict[str, str] = field(default_factory=dict)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    web_ports: tuple[int, int] = field(default_factory=lambda: (free_port(), free_port()))
    site_port: int = 0
    proxy_id: int = 0
    processes_of_a_worker: str = "1"  # "": as many as script/run says
    bucket_port: int = 0
    mail_port: int = 0
    replica_folder: Path = Path()
    rabbitmq: Server | None = None

    @property
    def mails(self) -> Path:
        """The folder of what the mail server has taken."""
        return self.folder / "mails"

    def start(self, name: str, *command: str, **variables: str) -> subprocess.Popen[bytes]:
        """Start a process in a group of its own. It writes to a log of its name."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                command,
                cwd=PROJECT,
                env=self.environment | variables,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self.running[name]

    def start_broker(self) -> None:
        from common.broker import server_command

        if self.rabbitmq is not None:
            self.rabbitmq.start()
            self.running["names of brokers"], self.running["broker"] = self.rabbitmq.processes
            wait_until("the broker listens", self.rabbitmq.is_ready)
            return

        path = self.folder / "broker.sock"
        path.unlink(missing_ok=True)
        data = self.folder / "broker"
        data.mkdir(exist_ok=True)
        self.start("broker", *server_command(path, data))
        wait_until("the broker listens", path.exists)

    def start_bucket(self) -> None:
        self.start("bucket", ".venv/bin/moto_server", "-H", "127.0.0.1", "-p", str(self.bucket_port))
        wait_until("the bucket is there", lambda: surroundings.make_bucket(self.bucket_port))

    def start_mail(self) -> None:
        self.start("mail", sys.executable, "-m", "bench.faults.mail_server", str(self.mail_port), str(self.mails))

    def start_web(self, number: int) -> None:
        self.start(f"web-{number}", "script/run", "web", WEB_PORT=str(self.web_ports[number]))

    def start_worker(self, name: str, queues: str) -> None:
        self.start(name, "script/run", "worker", queues, WORKER_PROCESSES=self.processes_of_a_worker)

    def start_beat(self) -> None:
        self.start("beat", "script/run", "beat")

    def start_health(self) -> None:
        port = int(self.environment["HEALTH_PORT"])
        urls = ",".join(f"http://127.0.0.1:{web_port}" for web_port in self.web_ports)
        self.start("health", "script/run", "health", WEB_URLS=urls)
        wait_until("health answers", lambda: _answers(port))

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL, *, is_group: bool = True) -> None:
        """Send a signal to a process with everything it started; one that ends is waited for."""
        process = self.running[name]
        if is_group:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        if number in {signal.SIGKILL, signal.SIGTERM}:
            process.wait(PATIENCE_S)

    @contextmanager
    def frozen(self, name: str) -> Iterator[None]:
        """Stop a process inside the block, as a network that swallows everything does."""
        self.kill(name, signal.SIGSTOP)
        try:
            yield
        finally:
            self.kill(name, signal.SIGCONT)

    def stop(self) -> None:
        for process in reversed(self.running.values()):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGCONT)
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(PATIENCE_S)

    def is_web_up(self) -> bool:
        """Whether both web servers answer."""
        return all(_answers(port) for port in self.web_ports)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/healthz", timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


# As `octavo.target` has them, but for what two processes can do.
WORKERS = {"worker": MONEY, "convert": CONVERSIONS}
_DEVELOPMENT = {"DJANGO_SETTINGS_MODULE": "config.settings.dev", "RATE_LIMITS": "no", "DEBUG": "no"}


@contextmanager
def open_shop(
    folder: Path,
    *,
    settings: Mapping[str, str] = _DEVELOPMENT,
    workers: Mapping[str, str] = WORKERS,
    at_once: int = 1000,
    processes: str = "1",
    certificates: Path | None = None,
) -> Iterator[Shop]:
    """Set up a shop and run it inside the block: with TLS where there is a certificate."""
    cluster = Cluster(folder / "postgresql", archive_timeout_s=3600)
    shop = Shop(folder, cluster, processes_of_a_worker=processes)
    with opened(shop, settings=settings, workers=workers, at_once=at_once, certificates=certificates):
        yield shop


@contextmanager
def open_shop_with_surroundings(folder: Path, *, is_rabbitmq: bool) -> Iterator[Shop]:
    """Set up a shop with a bucket, a mail server, a database on a volume of its own, and a place for its replica."""
    from tests.support.rabbitmq import Server

    with surroundings.volume(folder / "volume") as volume:
        cluster = Cluster(volume / "postgresql", archive_timeout_s=3600, settings=_ON_A_SMALL_VOLUME)
        shop = Shop(folder, cluster, replica_folder=folder / "replica")
        if is_rabbitmq:
            (folder / "rabbitmq").mkdir()
            shop.rabbitmq = Server(folder / "rabbitmq" / "server")
        shop.bucket_port, shop.mail_port = free_port(), free_port()
        places = f"{cluster.folder},{shop.replica_folder}"
        settings = {
            **_DEVELOPMENT,
            **surroundings.bucket_settings(shop.bucket_port),
            **surroundings.mail_settings(shop.mail_port),
            "DATABASE_URL": f"postgres://octavo@/postgres?host={places}&target_session_attrs=read-write",
            **({"BROKER_URL": shop.rabbitmq.address} if shop.rabbitmq else {}),
        }
        with opened(shop, settings=settings, workers=WORKERS):
            yield shop


@contextmanager
def opened(
    shop: Shop,
    *,
    settings: Mapping[str, str],
    workers: Mapping[str, str],
    at_once: int = 1000,
    certificates: Path | None = None,
) -> Iterator[None]:
    """Run the shop inside the block."""
    folder, ports = shop.folder, shop.web_ports
    os.environ |= {
        "VAR_DIR": str(folder / "var"),
        "DATABASE_URL": shop.cluster.address,
        "BROKER_URL": f"redis+socket://{folder}/broker.sock",
        "LOG_LEVEL": "WARNING",
        **settings,
    }
    shop.environment = dict(os.environ)
    shop.cluster.start()
    try:
        if shop.bucket_port:
            shop.start_bucket()
            shop.start_mail()
        _migrate()
        from tests.deploy.test_nginx import started

        with started(folder, ports[0], beside=ports[1], at_once=at_once, certificates=certificates) as proxy:
            shop.site_port, shop.proxy_id = proxy.port, proxy.process_id
            os.environ["SITE_URL"] = f"{'https' if certificates else 'http'}://localhost:{proxy.port}"
            shop.environment = dict(os.environ)
            shop.start_broker()
            for number in (0, 1):
                shop.start_web(number)
            for name, queues in workers.items():
                shop.start_worker(name, queues)
            shop.start_beat()
            wait_until("the shop answers", shop.is_web_up)
            yield
    finally:
        shop.stop()
        shop.cluster.kill()


def _migrate() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    import config  # noqa: F401 # the Celery app

    call_command("migrate", verbosity=0)
