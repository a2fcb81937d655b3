"""A progress bar on the terminal. Written to standard error and cleared at the end."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field

from ..contract import ArtifactKind, ConversionRequest, Progress, Stage

_BAR_CELLS = 24
_NARROWEST = 40
# Progress at each stage, in per cent. Pages fill the range between their own mark and the next.
_REACHED = {
    Stage.GATE: 2,
    Stage.READ: 12,
    Stage.WEB: 16,
    Stage.COVER: 22,
    Stage.EPUB: 30,
    Stage.PDF: 34,
    Stage.PROOF: 84,
    Stage.CHECK: 96,
    Stage.DONE: 100,
}
_WORDS = {
    Stage.GATE: "checking the file",
    Stage.READ: "reading",
    Stage.WEB: "web chapters",
    Stage.COVER: "cover",
    Stage.EPUB: "EPUB",
    Stage.PDF: "pages",
    Stage.PROOF: "checking the pages",
    Stage.CHECK: "comparing",
    Stage.DONE: "done",
}


@dataclass(slots=True)
class Bar:
    """Shows every progress report. Serves as the `Report` of `runner.run`."""

    request: ConversionRequest
    columns: int = 80
    _pages_made: list[str] = field(default_factory=list)
    _reached: int = 0

    def __call__(self, progress: Progress) -> None:
        artifact = progress.artifact
        if artifact is not None and artifact.kind is ArtifactKind.PDF:
            self._pages_made.append(artifact.target)
        self._reached = max(self._reached, self._per_cent(progress))
        self._show(f"{_WORDS[progress.stage]}{self._detail(progress)}")

    def clear(self) -> None:
        """Leave an empty line."""
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()

    def _per_cent(self, progress: Progress) -> int:
        """Return the percentage. Pages fill the range between their own mark and the next: by batches laid out, or by
        PDFs made."""
        start = _REACHED[progress.stage]
        if progress.stage is not Stage.PDF:
            return start
        done, count = len(self._pages_made), len(self.request.targets)
        if "of" in progress.facts:
            done, count = int(progress.facts["pieces"]), int(progress.facts["of"])
        return round(start + done / max(1, count) * (_REACHED[Stage.PROOF] - start))

    def _detail(self, progress: Progress) -> str:
        facts = progress.facts
        if progress.stage is Stage.READ:
            counts = (f"{facts[name]} {name}" for name in ("pages", "chapters", "words", "pictures") if facts.get(name))
            return ", " + ", ".join(counts)
        if progress.stage is Stage.PDF and self._pages_made:
            return f", {self._pages_made[-1]} ({len(self._pages_made)} of {len(self.request.targets)})"
        return ""

    def _show(self, text: str) -> None:
        full = round(_BAR_CELLS * self._reached / 100)
        line = f"{'█' * full}{'░' * (_BAR_CELLS - full)} {self._reached:3} %  {text}"
        sys.stderr.write(f"\r\x1b[K{line[: max(_NARROWEST, self.columns) - 1]}")
        sys.stderr.flush()


def for_terminal(request: ConversionRequest, *, is_quiet: bool) -> Bar | None:
    """Return a bar where standard error is a terminal; None with `is_quiet`, and for pipes and files."""
    if is_quiet or not sys.stderr.isatty():
        return None
    try:
        columns = os.get_terminal_size(sys.stderr.fileno()).columns
    except OSError:
        columns = 80
    return Bar(request, columns)
