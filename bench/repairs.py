"""Breaks books in every way there is a repair for, repairs them, and holds each against EPUBCheck.

    python bench/repairs.py                 all kinds of damage
    python bench/repairs.py cut             those with this word in their name

Prints a Markdown table and leaves with 1 if a repaired book has an error or a warning, or a change was not told.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from bench.epubcheck_all import Outcome, hold  # noqa: E402
from conversion.engine.contract import ConversionRequest  # noqa: E402
from conversion.engine.pipeline import convert  # noqa: E402
from conversion.engine.repair import rebuild  # noqa: E402
from tests.conversion.repair import kinds  # noqa: E402


def repaired(extension: str, damage: kinds.Damage) -> tuple[Outcome, list[str]]:
    """Break one book, repair it; return what EPUBCheck says and the codes of the changes."""
    outcome = Outcome(f"{extension}: {damage.name}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / f"book.{extension}"
        source.write_bytes(kinds.broken(damage, extension))
        request = ConversionRequest(source, source.name, folder, formats=("epub",), repair=damage.is_container)
        result = convert(request, lambda progress: None)
        hold(folder / "book.epub", outcome)
    return outcome, [finding.code for finding in rebuild.changes(result.findings)]


def main() -> int:
    print("| damage | errors | warnings | changes told |\n|---|---|---|---|")
    bad = total = 0
    for extension, damage in kinds.all_damages():
        if not all(word in damage.name for word in sys.argv[1:]):
            continue
        outcome, told = repaired(extension, damage)
        total += 1
        bad += not outcome.is_good or not set(damage.codes) <= set(told)
        codes = ", ".join(told)
        print(
            f"| {outcome.name} | {outcome.errors} | {outcome.warnings} | {codes} |",
            *outcome.messages,
            sep="\n",
            flush=True,
        )
    print(f"\n{total} kinds of damage, {bad} with remarks or untold")
    return 1 if bad or not total else 0


if __name__ == "__main__":
    sys.exit(main())
