"""What a broken-into child could use up, and what it could say of itself: the limits that the parent holds."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from conversion.engine.contract import ConversionRequest
from conversion.engine.errors import ConversionError
from conversion.engine.process import runner
from conversion.engine.process.launch import Spawn
from conversion.engine.process.sandbox import SandboxPolicy

_USUAL = SandboxPolicy()
_ACTING = "tests.conversion.process.children.acting"


@dataclass(frozen=True, slots=True)
class Case:
    """What the child does, by its name in `tests/conversion/process/children/acting.py`; "" limit: it may not work."""

    what: str
    action: str
    limit: str
    policy: SandboxPolicy = _USUAL


_CASES = (
    Case("2 GB over many files", "fill-folder", "storage"),
    Case("files in no folder", "fill-nameless", "storage"),
    Case("files that are mapped only", "fill-mapped", "storage"),
    Case("files without end, all empty", "fill-names", "files"),
    Case("one file larger than it may be", "fill-disk", "size"),
    Case(
        "handing the same file over without end", "hand-over-again", "storage", SandboxPolicy(written_bytes=90_000_000)
    ),
    Case("forking without end", "fork", "processes"),
    Case("memory, in one process", "grow", "memory"),
    Case("memory, in several", "grow-together", "memory", SandboxPolicy(memory_bytes=150_000_000)),
    Case("saying that it has 10^12 formulas to draw", "lie-and-spin", "time", SandboxPolicy(cpu_s=3)),
    Case("leaving its process group", "flee", ""),
)


def show() -> bool:
    """Print what came of each case; whether all were held."""
    print("\n## Limits, by a child of our own user or of its own\n")
    print("| tried | ended by | after | left behind |\n|---|---|---|---|")
    found = [_show(case) for case in _CASES]  # all of them, whatever comes of the first
    return all(found)


def _show(case: Case) -> bool:
    with tempfile.TemporaryDirectory(prefix="octavo-walls-") as name:
        place = Path(name)
        place.chmod(0o711)
        (place / "source").write_text("words")
        (place / "out").mkdir()
        request = ConversionRequest(source=place / "source", name=case.action, out=place / "out")
        started = time.monotonic()
        try:
            runner.run(request, lambda progress: None, sandbox=case.policy.of_user(""), launch=Spawn(_ACTING))
            ended = "nothing"
        except ConversionError as error:
            ended = str(error.facts.get("limit", error.code))
        left = sorted(path.name for path in place.iterdir())
    is_held = ended == (case.limit or "engine.failed") and left == ["out", "source"]
    print(
        f"| {case.what} | {ended} | {time.monotonic() - started:.1f} s | {'nothing' if is_held else left} |", flush=True
    )
    return is_held
