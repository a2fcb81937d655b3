"""Our side of `bench.speed`: conversions as whole processes, and on a warm server.

    python -m bench.speed_ours '{"source": "book.docx", "formats": ["epub"], "times": 5}'

Runs conversions as a worker does, in its own process, and prints the cost of each as JSON. The CPU seconds of a
conversion are those of the worker's side and of the server with the child it forked.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.speed_measure import Cost, Failed, Sampler, cpu_s_of, run

PROJECT = Path(__file__).resolve().parent.parent
EVERYTHING = ("epub", "pdf", "web", "sample", "cover")


# ---------------------------------------------------------------- whole processes


def by_process(source: Path, out: Path, formats: Sequence[str], *options: str | Path) -> Cost:
    """Run `manage.py convert` from start to end. Raises Failed."""
    shutil.rmtree(out, ignore_errors=True)
    command = [sys.executable, PROJECT / "manage.py", "convert", source, "--out", out, "--formats", ",".join(formats)]
    return run([*command, *options])


# ---------------------------------------------------------------- a warm server


def by_server(
    source: Path, formats: Sequence[str], times: int, *, cache: Path | None = None, then: Path | None = None
) -> dict[str, Any]:
    """Convert `times` times after one uncounted conversion; with `then`, the counted ones convert that file instead.

    Return `costs`, one for each conversion, and `web_s`, the seconds until the web chapters were available. Raises
    Failed.
    """
    asked = {"source": str(source), "formats": formats, "times": times}
    asked |= {"cache": str(cache) if cache else "", "then": str(then or source)}
    command = [sys.executable, "-m", "bench.speed_ours", json.dumps(asked)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(done.stderr[-600:])
    told: dict[str, Any] = json.loads(done.stdout)
    return {"costs": [Cost(**cost) for cost in told["costs"]], "web_s": told["web_s"]}


def _serve(source: Path, then: Path, formats: tuple[str, ...], times: int, cache: Path | None) -> dict[str, Any]:
    from conversion.engine.process.warm_server import WarmServer

    server = WarmServer()
    costs, web_s = [], []
    try:
        _convert(server, source, formats, cache)
        for _ in range(times):
            before = time.process_time() + cpu_s_of(server.pid)
            started = time.perf_counter()
            first = _convert(server, then, formats, cache)
            wall_s = time.perf_counter() - started
            cpu_s = time.process_time() + cpu_s_of(server.pid) - before
            costs.append(Cost(cpu_s, wall_s, 0))
            web_s.append(first)
        with Sampler(os.getpid()) as sampler:  # in a separate run, because sampling costs time
            _convert(server, then, formats, cache)
    finally:
        server.close()
    return {"costs": [asdict(Cost(one.cpu_s, one.wall_s, sampler.peak_mb)) for one in costs], "web_s": web_s}


def _convert(server: Any, source: Path, formats: tuple[str, ...], cache: Path | None) -> float:
    """Run one conversion; return the seconds until the web chapters were available, or 0 without any."""
    from conversion.engine.contract import ArtifactKind, ConversionRequest, Progress
    from conversion.engine.process import runner

    started, first = time.perf_counter(), [0.0]

    def note(progress: Progress) -> None:
        if progress.artifact is not None and progress.artifact.kind is ArtifactKind.WEB:
            first[0] = time.perf_counter() - started

    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "out").mkdir()
        request = ConversionRequest(source, source.name, Path(name) / "out", formats=formats, cache=cache)
        runner.run(request, note, launch=server)
    return first[0]


# ---------------------------------------------------------------- an edited manuscript


def edit(source: Path, out: Path) -> None:
    """Copy a DOCX and add one sentence to a long paragraph in the middle."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == "word/document.xml":
                data = _with_a_sentence(data)
            new.writestr(entry, data)


def _with_a_sentence(document: bytes) -> bytes:
    middle = len(document) // 2
    long = re.compile(rb"(<w:t(?: [^>]*)?>[^<]{200,})(</w:t>)")
    found = long.search(document, middle)
    if found is None:
        raise Failed("no long paragraph to edit")
    return document[: found.end(1)] + b" It rained all the same." + document[found.end(1) :]


def main() -> None:
    asked = json.loads(sys.argv[1])
    cache = Path(asked["cache"]) if asked["cache"] else None
    source, then = Path(asked["source"]), Path(asked["then"])
    json.dump(_serve(source, then, tuple(asked["formats"]), asked["times"], cache), sys.stdout)


if __name__ == "__main__":
    main()
