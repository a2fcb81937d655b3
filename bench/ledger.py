"""Measure how many sales per second the ledger takes, with all its rules, compared with django-hordak.

    python -m bench.ledger
    python -m bench.ledger --entries 4000 --rounds 5

A sale has six postings: the balance at the provider, tax, platform fee, card fee, two contributors. Each client is a
process with its own connection to one PostgreSQL (tests.support.postgres), with only durability switched off, for both
ledgers alike. "uniform" has 400 contributors; "hot" has two, who are credited by every sale. uv installs the peer into
a temporary folder (bench/ledger_peers.txt); "saved" writes its legs one by one, as its documentation does, "bulk" all
at once. Figures are medians of alternating rounds. Exits with 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg

from tests.support.postgres import server

PROJECT = Path(__file__).resolve().parent.parent
_REQUIREMENTS = PROJECT / "bench" / "ledger_peers.txt"
_MANY, _HOT = 400, 2


@dataclass(frozen=True)
class Case:
    """One case. `share` is the part of the requested entries to write: slow cases need fewer for a steady figure."""

    name: str
    kind: str
    clients: int
    contributors: int
    share: float = 1.0


CASES = (
    Case("octavo, 1 client, uniform", "octavo", 1, _MANY),
    Case("octavo, 8 clients, uniform", "octavo", 8, _MANY, 2),
    Case("octavo, 8 clients, hot", "octavo", 8, _HOT, 2),
    Case("octavo, batches of 1000, 1 client", "octavo-batches", 1, _MANY, 10),
    Case("octavo, batches of 1000, 2 clients", "octavo-batches", 2, _MANY, 20),
    Case("hordak saved, 1 client, uniform", "hordak", 1, _MANY, 0.5),
    Case("hordak bulk, 1 client, uniform", "hordak-bulk", 1, _MANY, 0.5),
    Case("hordak bulk, 8 clients, uniform", "hordak-bulk", 8, _MANY, 1),
)


@dataclass(frozen=True)
class Peer:
    """The peer's Python, and its environment."""

    python: str
    environment: Mapping[str, str]


def install_peer(folder: Path) -> str:
    """Install django-hordak into the folder; return the path of its Python."""
    uv = shutil.which("uv", path=f"{PROJECT / '.tools' / 'bin'}{os.pathsep}{os.environ['PATH']}")
    if uv is None:
        raise SystemExit("uv is needed to install the peer: script/bootstrap brings it.")
    python = folder / "bin" / "python"
    subprocess.run([uv, "venv", "-q", "--python", sys.executable, str(folder)], check=True)
    subprocess.run([uv, "pip", "install", "-q", "--python", str(python), "-r", str(_REQUIREMENTS)], check=True)
    return str(python)


def measure(case: Case, entries: int, peer: Peer, ours: Mapping[str, str]) -> float:
    """Return the sales per second of all clients together, from the first start to the last end."""
    each = max(int(entries * case.share) // case.clients, 1)
    python, environment = (peer.python, peer.environment) if "hordak" in case.kind else (sys.executable, ours)
    clients = [
        subprocess.Popen(
            [python, "-m", "bench.ledger_clients", case.kind, str(number), str(each), str(case.contributors)],
            cwd=PROJECT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(case.clients)
    ]
    for client in clients:
        if client.stdout.readline().strip() != "ready":
            raise SystemExit(f"{case.name}: a client did not start")
    for client in clients:
        client.stdin.write("go\n")
        client.stdin.flush()
    spans = [tuple(map(float, client.communicate()[0].split())) for client in clients]
    return each * case.clients / (max(end for _, end in spans) - min(begin for begin, _ in spans))


def prepare(address: str, folder: Path) -> tuple[Peer, Mapping[str, str]]:
    """Create both ledgers with their tables and accounts, each in its own database."""
    host = parse_qs(urlsplit(address).query)["host"][0]
    with psycopg.connect(host=host, user="octavo", dbname="postgres", autocommit=True) as connection:
        for name in ("octavo", "hordak"):
            connection.execute(f"CREATE DATABASE {name}")
    ours = {**os.environ, "DATABASE_URL": address.replace("/postgres?", "/octavo?"), "LOG_LEVEL": "ERROR"}
    peer = Peer(install_peer(folder), {**os.environ, "BENCH_HOST": host})
    for python, environment, kind in (
        (sys.executable, ours, "prepare-octavo"),
        (peer.python, peer.environment, "prepare-hordak"),
    ):
        command = [python, "-m", "bench.ledger_clients", kind, "0", "0", str(_MANY)]
        subprocess.run(command, cwd=PROJECT, env=environment, check=True)
    return peer, ours


def verdicts(rates: Mapping[str, float]) -> list[tuple[str, float, float]]:
    """Return each goal with the measured value and the required minimum."""
    saved = rates["hordak saved, 1 client, uniform"]
    return [
        ("times hordak saved, 1 client", rates["octavo, 1 client, uniform"] / saved, 2),
        ("hot of uniform", rates["octavo, 8 clients, hot"] / rates["octavo, 8 clients, uniform"], 0.4),
        ("sales per second in batches, 2 clients", rates["octavo, batches of 1000, 2 clients"], 15_000),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--entries", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--only", default="", help="only cases whose name contains this; goals are judged only over all cases"
    )
    options = parser.parse_args()
    cases = [case for case in CASES if options.only in case.name]
    found: dict[str, list[float]] = {case.name: [] for case in cases}
    with server() as address, tempfile.TemporaryDirectory(prefix="octavo-peer-") as folder:
        peer, ours = prepare(address, Path(folder))
        for _ in range(options.rounds):
            for case in cases:
                found[case.name].append(measure(case, options.entries, peer, ours))
    rates = {name: statistics.median(each) for name, each in found.items()}
    for name, each in found.items():
        print(f"{name:34}{rates[name]:10,.0f} sales/s   ({min(each):,.0f} to {max(each):,.0f})")
    goals = verdicts(rates) if len(cases) == len(CASES) else []
    for what, much, least in goals:
        print(f"{'ok' if much >= least else 'MISSED':8}{much:10,.2f} {what} (at least {least:,})")
    return 0 if all(much >= least for _, much, least in goals) else 1


if __name__ == "__main__":
    sys.exit(main())
