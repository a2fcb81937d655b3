"""Formats that pandoc reads for us: LaTeX, Org and others, converted to HTML before the child opens them.

Pandoc is an optional extra (`pandoc` in pyproject.toml), a separate program, and not involved in the formats that we
read ourselves. It runs in a sandbox of its own (`pandoc_child.py`): the child's sandbox with one exception, the program
itself. Its output, pictures included, is as untrusted as any upload and goes to the child and its gate as an HTML
manuscript.
"""

from __future__ import annotations

import contextlib
import dataclasses
import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ..book import clean
from ..contract import ConversionRequest, ConversionResult
from ..errors import AuthorFixable, PlatformFault, Stopped
from ..findings.model import Finding, Severity
from ..gate.admission import MAX_TEXT_BYTES, is_rtf
from . import child_user
from . import sandbox as walls
from .resource_use import Watch
from .sandbox import SandboxPolicy

LAUNCHER = "conversion.engine.process.pandoc_child"
EXIT_BINARY, EXIT_NO_WALLS, EXIT_FAULT = 171, 172, 173  # of the launcher; pandoc's own go up to 99, plus 251
_HEAP_EXHAUSTED = 251
_LIMITS = {-signal.SIGXCPU: "time", _HEAP_EXHAUSTED: "memory"}
_TICK_S = 0.05
_ASKED_EVERY_S = 0.5
_HEAD_BYTES = 4096
_LOG_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class Kind:
    """A format: our name for it (`ConversionResult.source_format`), pandoc's name, and the name in sentences."""

    name: str
    reader: str
    label: str


LATEX = Kind("latex", "latex", "LaTeX")
DOCBOOK = Kind("docbook", "docbook", "DocBook")
KINDS: dict[str, Kind] = {
    "tex": LATEX,
    "latex": LATEX,
    "ltx": LATEX,
    "org": Kind("org", "org", "Org mode"),
    "rst": Kind("rst", "rst", "reStructuredText"),
    "textile": Kind("textile", "textile", "Textile"),
    "mediawiki": Kind("mediawiki", "mediawiki", "MediaWiki"),
    "wiki": Kind("mediawiki", "mediawiki", "MediaWiki"),
    "fb2": Kind("fb2", "fb2", "FictionBook"),
    "dbk": DOCBOOK,
    "docbook": DOCBOOK,
    "ipynb": Kind("ipynb", "ipynb", "Jupyter notebook"),
    "typ": Kind("typst", "typst", "Typst"),
}
_OFTEN_TEX = frozenset({"", "txt", "text"})
_TEX = re.compile(rb"\\documentclass|\\begin\{document\}")
_DOCBOOK = re.compile(rb"http://docbook\.org/ns/docbook|-//OASIS//DTD DocBook")
_INCLUDE = re.compile(r"\[WARNING\] Could not load include file (.{1,200}?) at ")
_SKIPPED = re.compile(r"\[INFO\] Skipped '(\\[^']{1,200})")
# Commands that pandoc skips without loss: layout, indexes, and environments whose content it keeps.
_HARMLESS = re.compile(
    r"\\(begin\{(?!tikzpicture|picture|pspicture|forest|axis)|end\{|maketitle|tableofcontents|listof|index\b|[vh]s(pace|kip)"
    r"|[vh]fill|noindent|newpage|clear|pagestyle|thispagestyle|setcounter|setlength|addtolength|addtocounter|selectlanguage"
    r"|bibliographystyle|frontmatter|mainmatter|backmatter|appendix|centering|raggedright|small|large|Large|LARGE|huge"
    r"|Huge|footnotesize|normalsize|parskip|parindent|baselineskip|linespread|pagenumbering|phantomsection"
    r"|addcontentsline|makeindex|printindex|geometry|hypersetup|sloppy|par\b|write18|input|include\b)"
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """The request for the child, and additions to its result. `kind` is None for formats that we read ourselves."""

    request: ConversionRequest
    kind: Kind | None = None
    findings: tuple[Finding, ...] = ()

    def complete(self, result: ConversionResult) -> ConversionResult:
        """Return the result under the name of the format that was uploaded."""
        if self.kind is None:
            return result
        findings = (*self.findings, *result.findings)
        return dataclasses.replace(result, source_format=self.kind.name, findings=findings)


def recognise(source: Path, name: str) -> Kind | None:
    """Return the kind of a file that pandoc reads, by its first bytes and its uploaded name; None for others."""
    with source.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    extension = PurePosixPath(name.replace("\\", "/")).suffix.lower().lstrip(".")
    if head.startswith(b"PK\x03\x04") or is_rtf(head):
        return None  # ours, whatever the name
    if extension in _OFTEN_TEX and _TEX.search(head):
        return LATEX
    if extension == "xml" and _DOCBOOK.search(head):
        return DOCBOOK
    return KINDS.get(extension)


def program() -> Path | None:
    """Return the pandoc of the extra, or None where it is not installed. A system's own pandoc cannot be sandboxed as
    tightly."""
    found = importlib.util.find_spec("pypandoc")
    if found is None or found.origin is None:
        return None
    path = Path(found.origin).parent / "files" / "pandoc"
    return path if path.is_file() else None


def prepare(
    request: ConversionRequest,
    folder: Path,
    policy: SandboxPolicy,
    should_stop: Callable[[], bool] = lambda: False,
) -> Prepared:
    """Have pandoc read the source if it is one of its formats, in a new folder inside `folder`.

    Raises AuthorFixable "source.needs-pandoc" where pandoc is not installed, "source.pandoc-failed" for a file it
    cannot read, "source.too-demanding" at a limit; PlatformFault when the sandbox cannot be set up; Stopped.
    """
    kind = recognise(request.source, request.name)
    if kind is None:
        return Prepared(request)
    pandoc = program()
    if pandoc is None:
        raise AuthorFixable("source.needs-pandoc", kind=kind.label)
    size_bytes = request.source.stat().st_size
    if size_bytes > MAX_TEXT_BYTES:
        raise AuthorFixable("source.too-large", size_mb=size_bytes >> 20, limit_mb=MAX_TEXT_BYTES >> 20)
    box = folder / "pandoc"
    box.mkdir(mode=0o700)
    shutil.copyfile(request.source, box / "source")
    if policy.user != child_user.SAME:
        folder.chmod(0o711)  # so that other users can pass through
        child_user.hand_over(box, policy.user)
    _run(kind, box, pandoc, policy, should_stop)
    name = f"{PurePosixPath(request.name).stem[:100] or 'book'}.html"
    return Prepared(dataclasses.replace(request, source=box / "book.html", name=name), kind, _findings(_log(box)))


def _run(kind: Kind, box: Path, pandoc: Path, policy: SandboxPolicy, should_stop: Callable[[], bool]) -> None:
    """Wait for pandoc in its sandbox. Raises as `prepare`."""
    size_bytes = (box / "source").stat().st_size
    budget_s = policy.cpu_seconds(size_bytes)
    child = _start(kind, box, pandoc, policy)
    watch = Watch(
        group=child.pid,
        memory_bytes=policy.memory_bytes,
        processes=policy.processes,
        cpu_s=budget_s,
        folder=box,
        file_bytes=policy.file_bytes,
        written_bytes=policy.all_written_bytes(size_bytes),
        files=policy.files,
    )
    deadline, asked_at = time.monotonic() + policy.wall_seconds(budget_s), 0.0
    try:
        while child.poll() is None:
            now = time.monotonic()
            if now > deadline:
                raise AuthorFixable("source.too-demanding", limit="time")
            if now - asked_at >= _ASKED_EVERY_S:
                asked_at = now
                if should_stop():
                    raise Stopped
                if limit := watch.exceeded():
                    raise AuthorFixable("source.too-demanding", limit=limit)
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(timeout=_TICK_S)
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    book = box / "book.html"
    if child.returncode != 0 or book.is_symlink() or not book.is_file():
        raise _failure(child.returncode, kind, box)


def _start(kind: Kind, box: Path, pandoc: Path, policy: SandboxPolicy) -> subprocess.Popen[bytes]:
    order = {
        "folder": str(box),
        "program": str(pandoc),
        "reader": kind.reader,
        "policy": dataclasses.asdict(policy),
    }
    (box / "order.json").write_text(json.dumps(order), encoding="utf-8")
    environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": str(box), "PYTHONPATH": str(walls.PROJECT)}
    command = [sys.executable, "-P", "-s", "-m", LAUNCHER]
    if sys.platform == "darwin" and policy.enabled and Path(walls.SANDBOX_EXEC).exists():
        command = walls.macos_command(box, command, program=pandoc)
        environment[walls.UNDER_SANDBOX_EXEC] = "1"
    with (box / "order.json").open("rb") as order_file, (box / "log").open("wb") as log:
        return subprocess.Popen(
            command,
            stdin=order_file,
            stdout=subprocess.DEVNULL,
            stderr=log,
            cwd=box,
            env=environment,
            start_new_session=True,
        )


def _failure(status: int, kind: Kind, box: Path) -> AuthorFixable | PlatformFault:
    """Return the error that says why there is no result."""
    if status == EXIT_BINARY:
        return AuthorFixable("source.binary")
    if status == EXIT_NO_WALLS:
        return PlatformFault("sandbox.unavailable", missing=_log(box).strip()[-100:])
    if status in _LIMITS:
        return AuthorFixable("source.too-demanding", limit=_LIMITS[status])
    if status == -signal.SIGKILL:
        return PlatformFault("child.killed")
    if status == EXIT_FAULT or status < 0:
        fault = PlatformFault("child.crashed", signal=max(0, -status))
        fault.add_note(_log(box)[-4_000:])
        return fault
    return AuthorFixable("source.pandoc-failed", kind=kind.label)


def _log(box: Path) -> str:
    with (box / "log").open("rb") as stream:
        return stream.read(_LOG_BYTES).decode("utf-8", "replace")


def _findings(log: str) -> tuple[Finding, ...]:
    """Return findings for what pandoc says it could not read."""
    found = []
    included = _INCLUDE.findall(log)
    if included:
        facts: dict[str, str | int] = {"count": len(included), "name": clean.title(PurePosixPath(included[0]).name, 80)}
        found.append(Finding("source.include-missing", Severity.PROBLEM, facts=facts))
    skipped = [command for command in dict.fromkeys(_SKIPPED.findall(log)) if not _HARMLESS.match(command)]
    if skipped:
        quote = clean.quote(skipped[0])
        found.append(Finding("source.commands-skipped", Severity.ADVICE, quote=quote, facts={"count": len(skipped)}))
    return tuple(found)
