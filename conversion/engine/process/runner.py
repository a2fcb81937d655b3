"""The parent's side of a conversion: start the child, read its messages, enforce limits, clean up, survive.

The child (`child.py`) works in a folder of its own with copies of source and cover. Its messages are only trusted in
form (`serialise.py`); artifacts are copied out under names and hashes that are verified.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import logging
import os
import selectors
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from ..contract import ArtifactFile, ConversionRequest, ConversionResult, Progress, Report, Stage
from ..errors import AuthorFixable, ConversionError, PlatformFault, Stopped, limit_error
from ..steps import missing_files
from ..support.cache import NEW
from ..typography import fonts
from . import cache_folder, child_user, pandoc, serialise
from .launch import LOG, ORDER, Child, Launch, Spawn
from .resource_use import Watch
from .sandbox import SandboxPolicy

TICK_S = 0.1
STOP_ASKED_EVERY_S = 0.5
# Measuring the memory of large processes takes the kernel a while: pause this many times as long between measurements.
_PAUSES, _MAX_PAUSE_S = 40, 2.0
_MAX_ENDED_HELPERS = 20
MAX_LINE_BYTES = 32_000_000
LOG_TAIL_BYTES = 4_000
_UNTRUSTED_CODES = frozenset({"engine.protocol", "engine.artifact-mismatch"})  # nothing of such a child is trusted

logger = logging.getLogger(__name__)


def run(
    request: ConversionRequest,
    report: Report,
    *,
    should_stop: Callable[[], bool] = lambda: False,
    sandbox: SandboxPolicy = SandboxPolicy(),  # noqa: B008 (frozen)
    launch: Launch = Spawn(),  # noqa: B008 (frozen)
) -> ConversionResult:
    """Convert in a child process; artifacts appear in `request.out` as they are reported.

    Raises AuthorFixable for what the author can fix (with the code "source.too-demanding" at a limit), PlatformFault
    for what we must fix ("platform.no-fonts" where the set-up was not finished), Stopped when `should_stop` returned
    True. In each of these cases nothing is left in `request.out`. `launch` is the way to start the child.
    """
    if not fonts.are_installed():
        raise PlatformFault("platform.no-fonts")
    # Beside `out`, whose owner also removes what a killed worker leaves behind.
    with tempfile.TemporaryDirectory(prefix=".box-", dir=request.out.parent, ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        policy = sandbox.settled([path.parent for path in (folder, request.cache) if path is not None])
        prepared = pandoc.prepare(request, folder, policy, should_stop)
        box = _WorkDir(folder, prepared.request, policy)
        box.fill()
        if request.cache is not None:
            cache_folder.grant_group_read(request.cache, policy.gid)
        child = launch.start(box.folder, policy, request.cache)
        try:
            result = prepared.complete(_ChildReader(child, box, report, should_stop, policy).outcome())
        except BaseException:
            box.withdraw()
            raise
        finally:
            child.end()
        if request.cache is not None:
            cache_folder.import_new_parts(folder / "out" / NEW, request.cache, policy.gid)
        return result


@dataclasses.dataclass(slots=True)
class _WorkDir:
    """The child's working folder, and the transfer from it to the request's `out`."""

    folder: Path
    request: ConversionRequest
    policy: SandboxPolicy
    delivered: dict[str, ArtifactFile] = dataclasses.field(default_factory=dict)
    delivered_bytes: int = 0

    def fill(self) -> None:
        """Put in what the child needs: its order, and its own copies of the files."""
        for name in ("out", "tmp"):
            (self.folder / name).mkdir()
        shutil.copyfile(self.request.source, self.folder / "source")
        if self.request.cover is not None:
            shutil.copyfile(self.request.cover, self.folder / "cover")
        inner = self.inner_request()
        for source, copy in zip(self._of_patches(self.request), self._of_patches(inner), strict=True):
            shutil.copyfile(source, copy)
        self._order()
        if self.policy.user != child_user.SAME:
            child_user.hand_over(self.folder, self.policy.user)

    def inner_request(self) -> ConversionRequest:
        """Return the request with the paths of the child's copies."""
        return dataclasses.replace(
            self.request,
            source=self.folder / "source",
            out=self.folder / "out",
            cover=self.folder / "cover" if self.request.cover is not None else None,
            bases=tuple(self.folder / f"base-{number}" for number, _ in enumerate(self.request.bases)),
            pictures=tuple(self.folder / f"picture-{number}" for number, _ in enumerate(self.request.pictures)),
        )

    @staticmethod
    def _of_patches(request: ConversionRequest) -> tuple[Path, ...]:
        return *request.bases, *request.pictures

    def _order(self) -> None:
        """Write the order for the child."""
        order = {
            "request": serialise.to_json(self.inner_request()),
            "folder": str(self.folder),
            "policy": dataclasses.asdict(self.policy),
        }
        (self.folder / ORDER).write_text(json.dumps(order), encoding="utf-8")

    def deliver(self, artifact: ArtifactFile) -> None:
        """Copy one artifact out. Raises PlatformFault when it is not the file that was reported or there is no space
        left, AuthorFixable when the total exceeds what may be written: the same file can be reported under many
        names."""
        self.delivered_bytes += artifact.size_bytes
        if self.delivered_bytes > self.policy.all_written_bytes(self.request.source.stat().st_size):
            raise AuthorFixable("source.too-demanding", limit="storage")
        copy = self.request.out / f".{artifact.path}"  # what is there already stays until this one is whole
        try:
            found = _copy(self.folder / "out" / artifact.path, copy)
            if found != (artifact.sha256, artifact.size_bytes):
                raise PlatformFault("engine.artifact-mismatch", artifact=artifact.path)
            copy.replace(self.request.out / artifact.path)
        except OSError as error:
            fault = limit_error(error) or PlatformFault("engine.artifact-mismatch", artifact=artifact.path)
            raise fault from error
        finally:
            copy.unlink(missing_ok=True)
        self.delivered[artifact.path] = artifact

    def withdraw(self) -> None:
        """Remove everything that was delivered."""
        for name in self.delivered:
            (self.request.out / name).unlink(missing_ok=True)


def _copy(made: Path, wanted: Path) -> tuple[str, int]:
    """Copy a plain file and return its sha256 and size in bytes. Never follow links or wait for pipes."""
    digest, size_bytes = hashlib.sha256(), 0
    source = os.open(made, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(source, "rb") as stream, wanted.open("wb") as copy:
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
            size_bytes += len(chunk)
            copy.write(chunk)
    return digest.hexdigest(), size_bytes


@dataclasses.dataclass(slots=True)
class _ChildReader:
    """Reads the child's lines until the outcome, and meanwhile checks time, memory and cancellation."""

    child: Child
    box: _WorkDir
    report: Report
    should_stop: Callable[[], bool]
    policy: SandboxPolicy
    asks_at: float = dataclasses.field(default_factory=lambda: time.monotonic() + STOP_ASKED_EVERY_S)
    watch: Watch = dataclasses.field(init=False)
    deadline: float = dataclasses.field(init=False)
    draft: ConversionResult | None = None
    ended_helpers: int = 0
    is_counted: bool = False

    def __post_init__(self) -> None:
        policy, source_bytes = self.policy, self.box.request.source.stat().st_size
        budget_s = policy.cpu_seconds(source_bytes)
        self.watch = Watch(
            group=self.child.pid,
            memory_bytes=policy.memory_bytes,
            processes=policy.processes,
            cpu_s=budget_s,
            folder=self.box.folder,
            file_bytes=policy.file_bytes,
            written_bytes=policy.all_written_bytes(source_bytes),
            files=policy.files,
        )
        self.deadline = time.monotonic() + policy.wall_seconds(budget_s)

    def outcome(self) -> ConversionResult:
        """Return the result. Where the child fails after the book itself was made, return the book with findings about
        what is missing. Raises as `run` does."""
        try:
            return self._answer()
        except Stopped:
            raise
        except ConversionError as error:
            if self.draft is None or error.code in _UNTRUSTED_CODES:
                raise
            result = missing_files.remaining_draft(self.draft, self.box.delivered.values(), error)
            self._alert(error.code)
            return result

    def _answer(self) -> ConversionResult:
        for line in self._lines():
            kind, value = _message(line)
            if kind == "result":
                result = self._complete(_read(serialise.result_from_json, value))
                if faults := missing_files.faults(result):
                    self._alert(*faults)
                return result
            if kind == "error":
                raise self._noted(_read(serialise.error_from_json, value))
            self._note(kind, value)
        raise self._noted(self._silent_end())

    def _note(self, kind: str, value: serialise.Json) -> None:
        if kind == "progress":
            progress: Progress = _read(serialise.progress_from_json, value)
            if progress.artifact is not None:
                self.box.deliver(progress.artifact)
            if progress.stage is Stage.READ:
                self._budget_for(progress.facts)
            self.report(progress)
        elif kind == "draft":
            self.draft = self._complete(_read(serialise.result_from_json, value))
        elif kind == "missing":
            logger.warning("sandbox.incomplete missing=%s", ", ".join(_read(serialise.names_from_json, value)))
        else:
            raise PlatformFault("engine.protocol")

    def _budget_for(self, facts: Mapping[str, str | int]) -> None:
        """Set the time budget from the book's actual content: a small file may hold a large book and a large file a
        small one.

        The content is reported by the child. So its report is accepted once, and can only reduce the time; but
        formulas, which take long for few bytes, add some: as many of them as the source is large enough to contain.
        """
        words, pages, formulas = (facts.get(name, 0) for name in ("words", "pages", "formulas"))
        if self.is_counted or "words" not in facts:
            return
        if not (isinstance(words, int) and isinstance(pages, int) and isinstance(formulas, int)):
            return
        self.is_counted = True
        request, policy = self.box.request, self.policy
        targets = len(request.targets) if "pdf" in request.formats else 0
        source_bytes = request.source.stat().st_size
        formulas = max(0, min(formulas, policy.most_formulas(source_bytes)))
        budget_s = policy.cpu_seconds_for_words(
            words, targets=targets, source_bytes=source_bytes, pages=pages, formulas=formulas
        )
        more_s = policy.cpu_seconds_for_formulas(formulas, targets=targets)
        self.watch.cpu_s = min(self.watch.cpu_s + more_s, budget_s)
        longest = self.deadline + policy.wall_seconds(more_s)
        self.deadline = min(longest, time.monotonic() + policy.wall_seconds(int(self.watch.cpu_s)))

    def _complete(self, result: ConversionResult) -> ConversionResult:
        if any(self.box.delivered.get(artifact.path) != artifact for artifact in result.artifacts):
            raise PlatformFault("engine.artifact-mismatch", artifact="")
        return result

    def _lines(self) -> Iterator[bytes]:
        """Yield complete lines as they arrive, until the child closes its end."""
        channel = self.child.channel
        os.set_blocking(channel, False)
        pending = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(channel, selectors.EVENT_READ)
            while True:
                if selector.select(TICK_S):
                    chunk = os.read(channel, 1 << 16)
                    if not chunk:
                        return
                    pending += chunk
                    *whole, rest = bytes(pending).split(b"\n")
                    pending = bytearray(rest)
                    yield from whole
                self._enforce(len(pending))

    def _enforce(self, pending_bytes: int) -> None:
        now = time.monotonic()
        if now > self.deadline:
            raise AuthorFixable("source.too-demanding", limit="time")
        if pending_bytes > MAX_LINE_BYTES:
            raise PlatformFault("engine.protocol")
        if now >= self.asks_at:
            if self.should_stop():
                raise Stopped
            limit = self.watch.exceeded()
            if limit and not (limit == "memory" and self._spares_child()):
                raise AuthorFixable("source.too-demanding", limit=limit)
            done = time.monotonic()
            self.asks_at = done + min(max(STOP_ASKED_EVERY_S, (done - now) * _PAUSES), _MAX_PAUSE_S)

    def _spares_child(self) -> bool:
        """Tell whether there is memory again because one helper was ended, which is done a few times only."""
        self.ended_helpers += 1
        return self.ended_helpers <= _MAX_ENDED_HELPERS and self.watch.end_greedy_helper()

    def _silent_end(self) -> ConversionError:
        """Return why a child ended without an outcome."""
        status = self.child.status(timeout_s=5)
        if status is None:
            return PlatformFault("engine.protocol")
        if status == -signal.SIGXCPU:
            return AuthorFixable("source.too-demanding", limit="time")
        if status == -signal.SIGKILL:
            # Not by us, who say which limit was exceeded: the kernel ran out of memory, perhaps another program's.
            return PlatformFault("child.killed")
        return PlatformFault("child.crashed", signal=max(0, -status))

    def _noted(self, error: ConversionError) -> ConversionError:
        """Add the end of the child's log to a platform fault, for our log."""
        if isinstance(error, PlatformFault):
            error.add_note(self._log_tail())
        return error

    def _alert(self, *codes: str) -> None:
        """Alert us about a book that was delivered without some of its files."""
        logger.error("conversion.incomplete", extra={"codes": codes, "log": self._log_tail()})

    def _log_tail(self) -> str:
        """Return the end of the child's log; "" where the child, which owns the folder, has removed it."""
        try:
            handle = os.open(self.box.folder / LOG, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            return ""
        with os.fdopen(handle, "rb") as log:
            log.seek(max(0, log.seek(0, os.SEEK_END) - LOG_TAIL_BYTES))
            return log.read().decode(errors="replace")


def _message(line: bytes) -> tuple[str, serialise.Json]:
    try:
        ((kind, value),) = json.loads(line).items()
    except (ValueError, AttributeError) as error:
        raise PlatformFault("engine.protocol") from error
    return kind, value


def _read[T](reader: Callable[[serialise.Json], T], value: serialise.Json) -> T:
    try:
        return reader(value)
    except serialise.Malformed as error:
        raise PlatformFault("engine.protocol") from error
