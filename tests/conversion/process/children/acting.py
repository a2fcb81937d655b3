"""A child whose pipeline does what the source's name says: hold on, grow, fork, die, lie."""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import itertools
import mmap
import os
import signal
import socket
import sys
import time
from dataclasses import replace
from pathlib import Path

from conversion.engine import pipeline
from conversion.engine.contract import ArtifactFile, ArtifactKind, ConversionRequest, ConversionResult, Progress, Stage
from conversion.engine.findings import not_made
from conversion.engine.process import child
from conversion.engine.support.workers import WorkerPool


def _wait(request: ConversionRequest, report) -> None:
    report(Progress(Stage.READ, {"chapters": 1}))
    time.sleep(60)


def _be_killed(request: ConversionRequest, report) -> None:
    report(Progress(Stage.READ, {"chapters": 1}))
    os.kill(os.getpid(), signal.SIGKILL)


def _spin(request: ConversionRequest, report) -> None:
    while True:
        hashlib.sha256(b"x" * 10_000).digest()


def _spin_after_reading(request: ConversionRequest, report) -> None:
    report(Progress(Stage.READ, {"words": 3}))
    _spin(request, report)


def _spin_in_helper(request: ConversionRequest, report) -> None:
    with WorkerPool(lambda task: _spin(request, report), 2) as pool:
        pool.submit("page")
        list(pool.results())


def _grow(request: ConversionRequest, report) -> None:
    held = []
    while True:
        held.append(bytearray(b"x" * 20_000_000))


def _grow_together(request: ConversionRequest, report) -> None:
    for _ in range(3):
        if os.fork() == 0:
            _held = bytearray(b"x") * 60_000_000
            time.sleep(60)
    time.sleep(60)


def _grow_in_helper(request: ConversionRequest, report) -> ConversionResult:
    """In two, so that both together have too much before either has."""

    def grow(task: str) -> None:
        if task == "grow":
            _grow_beside(request)

    limit = ""
    with WorkerPool(grow, 2) as pool:
        pool.submit("grow")
        for _, outcome in pool.outcomes():
            limit = outcome.facts["limit"]
    return replace(_result(_report_file(request, report)), title=limit)


def _grow_beside(request: ConversionRequest) -> None:
    """Two thirds of what is allowed, while the parent has the rest."""
    held = []
    while True:
        held.append(bytearray(b"x" * 10_000_000))
        time.sleep(0.01)


def _fork(request: ConversionRequest, report) -> None:
    for _ in range(40):
        if os.fork() == 0:
            time.sleep(60)
    time.sleep(60)


def _leave_orphan(request: ConversionRequest, report) -> None:
    if os.fork() == 0:
        time.sleep(60)
    _report_file(request, report)
    os.kill(os.getpid(), signal.SIGSEGV)


def _flee(request: ConversionRequest, report) -> None:
    os.setsid()


def _fill_disk(request: ConversionRequest, report) -> None:
    with (request.out / "big").open("wb") as stream:
        while True:
            stream.write(b"\0" * 1_000_000)


def _fill_folder(request: ConversionRequest, report) -> None:
    """Many files, none of them large."""
    for number in itertools.count():
        (request.out / f"part-{number}").write_bytes(b"x" * 5_000_000)


def _fill_names(request: ConversionRequest, report) -> None:
    """Many files with nothing in them."""
    for number in itertools.count():
        (request.out / f"part-{number}").touch()


def _fill_nameless(request: ConversionRequest, report) -> None:
    """Files that are in no folder any more."""
    held = []
    for number in itertools.count():
        path = request.out / f"part-{number}"
        held.append(path.open("wb"))
        path.unlink()
        held[-1].write(b"x" * 5_000_000)


def _map_first_page(handle: int) -> int:
    """Python's own `mmap` would keep the file open."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mmap.restype = ctypes.c_void_p
    size, offset = ctypes.c_size_t(mmap.PAGESIZE), ctypes.c_long(0)
    return int(libc.mmap(None, size, mmap.PROT_READ, mmap.MAP_SHARED, handle, offset))


def _fill_mapped(request: ConversionRequest, report) -> None:
    """The same, not even open, and mapped for a page only."""
    held = []
    for number in itertools.count():
        path = request.out / f"part-{number}"
        with path.open("w+b") as stream:
            stream.write(b"x" * 5_000_000)
            stream.flush()
            held.append(_map_first_page(stream.fileno()))
        path.unlink()


def _hand_over_again(request: ConversionRequest, report) -> None:
    """One file, again and again: its copies could each have another name."""
    path = request.out / "book.epub"
    path.write_bytes(b"x" * 5_000_000)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    artifact = ArtifactFile(ArtifactKind.EPUB, "", path.name, "application/epub+zip", digest, 5_000_000)
    for _ in range(100):
        report(Progress(Stage.EPUB, {}, artifact))
    time.sleep(60)


def _who(request: ConversionRequest, report) -> ConversionResult:
    """Whose user this is, and what it may still become."""
    with contextlib.suppress(OSError):
        os.setuid(0)
    about = [*os.getresuid(), *os.getresgid(), *os.getgroups(), Path("source").stat().st_uid]
    return replace(_result(_report_file(request, report)), title=" ".join(map(str, about)))


def _lie_and_spin(request: ConversionRequest, report) -> None:
    report(Progress(Stage.READ, {"words": 10**12, "pages": 10**12, "formulas": 10**12}))
    _spin(request, report)


def _lie_and_wait(request: ConversionRequest, report) -> None:
    """Having read the book anew for ever."""
    for _ in range(300):
        report(Progress(Stage.READ, {"words": 3, "formulas": 10**12}))
        time.sleep(0.1)


def _deepen(request: ConversionRequest, report) -> None:
    _deepen(request, report)


def _read_passwd(request: ConversionRequest, report) -> None:
    report(Progress(Stage.READ, {"read": Path("/etc/passwd").read_text()}))


def _connect(request: ConversionRequest, report) -> None:
    port = int(request.source.read_text())
    socket.create_connection(("127.0.0.1", port), timeout=2).close()


def _print(request: ConversionRequest, report) -> ConversionResult:
    sys.stdout.write('{"result": "forged by a library that prints"}\n')
    os.write(1, b"not JSON\n")
    return _result(_report_file(request, report))


_DATA = b"an artifact"


def _artifact(request: ConversionRequest, *, written: str = "book.epub", **changes: object) -> ArtifactFile:
    """A file that is written, and what is said of it. Paths that are lies are not written to: one leads out of here."""
    if not (request.out / written).exists():  # after a draft it may be copied at this moment
        (request.out / written).write_bytes(_DATA)
    values = {"kind": ArtifactKind.EPUB, "target": "", "path": "book.epub", "media_type": "application/epub+zip"}
    values |= {"sha256": hashlib.sha256(_DATA).hexdigest(), "size_bytes": len(_DATA)}
    return ArtifactFile(**{**values, **changes})


def _report_file(request: ConversionRequest, report, **changes: object) -> ArtifactFile:
    artifact = _artifact(request, **changes)
    report(Progress(Stage.EPUB, {}, artifact))
    return artifact


def _wrong_hash(request: ConversionRequest, report) -> None:
    _report_file(request, report)
    _report_file(request, report, sha256="0" * 64)


def _outside(request: ConversionRequest, report) -> None:
    _report_file(request, report, path="../source")


def _symlink(request: ConversionRequest, report) -> None:
    (request.out / "book.pdf").symlink_to("/etc/passwd")
    report(Progress(Stage.PDF, {}, _artifact(request, path="book.pdf")))


def _unreported(request: ConversionRequest, report) -> ConversionResult:
    return _result(_artifact(request))


def _honest(request: ConversionRequest, report) -> ConversionResult:
    return _result(_report_file(request, report))


def _result(artifact: ArtifactFile) -> ConversionResult:
    return ConversionResult("1", "txt", "T", "", "en", (), "", (), 3, (artifact,), ())


_ACTIONS = {
    "wait": _wait,
    "be-killed": _be_killed,
    "spin": _spin,
    "spin-after-reading": _spin_after_reading,
    "spin-in-helper": _spin_in_helper,
    "grow": _grow,
    "grow-together": _grow_together,
    "grow-in-helper": _grow_in_helper,
    "fork": _fork,
    "leave-orphan": _leave_orphan,
    "flee": _flee,
    "fill-disk": _fill_disk,
    "fill-folder": _fill_folder,
    "fill-names": _fill_names,
    "fill-nameless": _fill_nameless,
    "fill-mapped": _fill_mapped,
    "hand-over-again": _hand_over_again,
    "who": _who,
    "lie-and-spin": _lie_and_spin,
    "lie-and-wait": _lie_and_wait,
    "deepen": _deepen,
    "read-passwd": _read_passwd,
    "connect": _connect,
    "print": _print,
    "wrong-hash": _wrong_hash,
    "outside": _outside,
    "symlink": _symlink,
    "unreported": _unreported,
    "honest": _honest,
}


def _convert(request: ConversionRequest, report, draft) -> ConversionResult:
    name = request.name.removesuffix("-after-draft")
    if name != request.name:
        artifact = _report_file(request, report)
        missing = tuple(not_made.pdf(target) for target in ("phone", "print"))
        draft(replace(_result(artifact), findings=missing))
        path = "book-phone.pdf"
        phone = _artifact(request, written=path, path=path, kind=ArtifactKind.PDF, target="phone")
        report(Progress(Stage.PDF, {}, phone))
    return _ACTIONS[name](request, report)


def main() -> None:
    pipeline.convert = _convert
    child.main()


if __name__ == "__main__":
    main()
