"""The process that opens the manuscript: `python -m conversion.engine.process.child`, or a fork of a process that has
loaded it (`launch.py`).

Reads one order as JSON from standard input, sets up the sandbox (`sandbox.py`), converts, and writes JSON lines: any
number of `progress`, then one `result` or `error`. Nothing else can get onto that channel: what libraries print goes to
standard error.
"""

from __future__ import annotations

import gc
import json
import mimetypes
import os
import sys
import tempfile
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any, TextIO

from .. import pipeline, readers
from ..contract import ConversionRequest, ConversionResult, Report
from ..errors import ConversionError, PlatformFault, limit_error
from ..gate.admission import SourceFormat
from ..support.cache import engine_digest
from . import launch, sandbox, sandbox_linux, serialise


def main() -> None:
    """Carry out one order. The exit status means nothing; the last line on the channel is the outcome."""
    channel = _take_standard_output()
    order = json.load(sys.stdin)
    gc.set_threshold(50_000, 20, 50)  # a Book is many small objects that all live until the end
    if sys.platform == "linux":
        sandbox_linux.die_with_parent()
        _let_forks_die_with_parent()
    mimetypes.knownfiles.clear()  # otherwise artifacts would depend on the host's list
    try:
        _send(channel, "result", _serve(order, channel))
    except ConversionError as error:
        _send(channel, "error", serialise.error_to_json(error))
    except Exception:
        _send(channel, "error", serialise.error_to_json(_fault()))


def _serve(order: dict[str, Any], channel: TextIO) -> ConversionResult:
    request = serialise.request_from_json(order["request"])
    policy = sandbox.SandboxPolicy(**order["policy"])
    folder = Path(order["folder"])
    _settle(folder)
    _load(request)
    os.umask(0o077)  # not earlier: children of another user must be able to read the bytecode written while loading
    missing = sandbox.confine(folder, policy, request.source.stat().st_size, request.cache)
    if missing:
        _send(channel, "missing", list(missing))
    return convert_safely(
        request,
        lambda progress: _send(channel, "progress", progress),
        lambda result: _send(channel, "draft", result),
    )


def _load(request: ConversionRequest) -> None:
    """Load the modules that the conversion will need: only modules loaded before the sandbox is set up can leave their
    bytecode for the next run. Which reader is needed is known once the manuscript is opened; its name is a good guess.
    """
    suffix = Path(request.name).suffix.lower().removeprefix(".")
    if suffix in tuple(SourceFormat):
        readers.load(SourceFormat(suffix))
    if "pdf" in request.formats:
        import_module("conversion.engine.pdf")
    if request.cache is not None:
        engine_digest()  # inside the sandbox not all of them are visible


def _settle(folder: Path) -> None:
    """Make the folder the process's home: forks of a warm process start elsewhere."""
    os.chdir(folder)
    os.environ["HOME"] = os.environ["TMPDIR"] = str(folder / "tmp")
    tempfile.tempdir = None


def convert_safely(
    request: ConversionRequest, report: Report, draft: pipeline.Draft = lambda result: None
) -> ConversionResult:
    """Convert, and turn every failure into one of the two error families."""
    try:
        return pipeline.convert(request, report, draft)
    except ConversionError:
        raise
    except Exception as error:
        if (limit := limit_error(error)) is not None:
            raise limit from None
        raise _fault() from error


def _fault() -> PlatformFault:
    """Return a platform fault and write its traceback to standard error, which the parent keeps for our log."""
    traceback.print_exc()
    return PlatformFault("engine.failed")


def _let_forks_die_with_parent() -> None:
    """Have every fork end with its parent, including forks whose parent was killed before they could ask for it: they
    would keep the channel open for ever."""
    forking: list[int] = []  # pid of the forking process, for its child

    def before() -> None:
        forking[:] = [os.getpid()]

    def after_in_child() -> None:
        launch.die_with_parent(forking[0])

    os.register_at_fork(before=before, after_in_child=after_in_child)


def _take_standard_output() -> TextIO:
    """Reserve standard output for the channel and redirect file descriptor 1 to standard error."""
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    return channel


def _send(channel: TextIO, kind: str, value: object) -> None:
    channel.write(json.dumps({kind: serialise.to_json(value)}) + "\n")
    channel.flush()


if __name__ == "__main__":
    main()
