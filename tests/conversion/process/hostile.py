"""Runs the converter over a set of hostile files, with each of its two defences alone and with both.

    python -m tests.conversion.process.hostile --tool TOOL                  both defences
    python -m tests.conversion.process.hostile --tool TOOL --without-walls  rebuilding alone
    python -m tests.conversion.process.hostile --tool TOOL --raw            the sandbox alone; no rebuilding
    python -m tests.conversion.process.hostile --tool TOOL --formats epub --only '*.epub'

The tool feeds each file to a command, listens for requests that must not come and looks into the product. With both
defences and with rebuilding alone every file must be GOOD. With `--raw`, a reader made for this test hands markup
to the PDF engine as it is: books are not good then, but no request may arrive and nothing of the machine may leak.
"""

from __future__ import annotations

import argparse
import csv
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(PROJECT))

from conversion.engine.cli import command as cli  # noqa: E402
from conversion.engine.contract import ConversionRequest  # noqa: E402
from conversion.engine.errors import ConversionError  # noqa: E402
from conversion.engine.process import runner  # noqa: E402
from conversion.engine.process.launch import Spawn  # noqa: E402
from conversion.engine.process.sandbox import SandboxPolicy  # noqa: E402

RAW_CHILD = "tests.conversion.process.children.raw"
MARKUP = ("*.html", "*.xhtml", "*.htm", "*.svg", "*.epub", "*.md")
# What no file may do, however badly its book turns out.
ESCAPES = ("ssrf", "leak", "write-outside")


def convert_one(arguments: argparse.Namespace) -> int:
    """One file, as the tool's command. Returns an exit status."""
    source, out = Path(arguments.one[0]), Path(arguments.one[1])
    if not arguments.raw:
        policy = SandboxPolicy(enabled=not arguments.without_walls)
        return cli.main([str(source), "--out", str(out), "--formats", arguments.formats], sandbox=policy)
    try:
        request = ConversionRequest(source, source.name, out, formats=("pdf",), targets=())
        runner.run(request, lambda progress: None, sandbox=SandboxPolicy(require=True), launch=Spawn(RAW_CHILD))
    except ConversionError as error:
        print(error.code)
        return 1
    return 0


def run_tool(arguments: argparse.Namespace, pattern: str) -> tuple[list[dict[str, str]], int]:
    """The tool over the files that match; returns its rows and its exit status."""
    mode = ["--raw"] if arguments.raw else ["--without-walls"] if arguments.without_walls else []
    command = [sys.executable, str(Path(__file__).resolve()), *mode, "--formats", arguments.formats, "--one"]
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "rows.tsv"
        line = [
            sys.executable,
            str(arguments.tool),
            "--cmd",
            f"{shlex.join(command)} {{in}} {{out}}",
            "--only",
            pattern,
        ]
        line += ["--jobs", str(arguments.jobs), "--out", str(table), "--cpu", "120", "--wall", "400"]
        status = subprocess.run(line, cwd=PROJECT, check=False).returncode
        with table.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file, delimiter="\t")), status


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tool", type=Path)
    parser.add_argument("--without-walls", action="store_true")
    parser.add_argument("--raw", action="store_true")
    parser.add_argument("--formats", default="epub,pdf")
    parser.add_argument("--only", default="*")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--one", nargs=2, metavar=("IN", "OUT"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        return convert_one(arguments)
    if not arguments.raw:
        return run_tool(arguments, arguments.only)[1]
    rows = [row for pattern in MARKUP for row in run_tool(arguments, pattern)[0]]
    escaped = [row for row in rows if any(escape in row["breach"] for escape in ESCAPES) or int(row["hits"])]
    print(f"{len(rows)} files as raw markup within the walls: {len(escaped)} reached out or leaked")
    for row in escaped:
        print(f"  {row['file']}: {row['breach']}")
    return 1 if escaped or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
