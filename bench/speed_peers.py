"""Peer programs, run as their users run them: pandoc, calibre, Chromium and WeasyPrint.

pandoc and WeasyPrint come with the development packages; calibre (with Xvfb) and Chromium are those of the system.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from bench.speed_measure import Cost, Failed, run

# Page sizes of the four targets in millimetres, copied from `conversion/engine/targets.py` to keep the bench's process
# small.
PAGES = {"phone": (90, 160), "ereader": (90, 122), "tablet": (148, 197), "print": (148, 210)}
_MARGIN_MM = 10
# When run as root, Chromium and QtWebEngine need an option to work without a sandbox.
_AS_ROOT = {"QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox", "QTWEBENGINE_DISABLE_SANDBOX": "1"}
_CALIBRE = {**os.environ, **_AS_ROOT, "QT_QPA_PLATFORM": "offscreen"}


def pandoc() -> str | None:
    """Return pandoc from the development packages, or else the system's."""
    try:
        import pypandoc

        return str(pypandoc.get_pandoc_path())
    except (ImportError, OSError):
        return shutil.which("pandoc")


def chromium() -> str | None:
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def calibre() -> str | None:
    return shutil.which("ebook-convert")


def versions() -> dict[str, str]:
    """Return the installed peers with their reported versions."""
    weasyprint = [sys.executable, "-m", "weasyprint"]
    programs = {"pandoc": [pandoc()], "calibre": [calibre()], "chromium": [chromium()], "weasyprint": weasyprint}
    return {
        name: _first_line([*filter(None, program), "--version"]) for name, program in programs.items() if program[0]
    }


def _first_line(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return next(iter(done.stdout.splitlines()), "")


# ---------------------------------------------------------------- EPUB


def epub_by(name: str, source: Path, folder: Path) -> Cost:
    """Make an EPUB from a DOCX with pandoc or calibre. Raises Failed."""
    out = folder / f"{name}.epub"
    programs = {"pandoc": (pandoc(), ["-o"]), "calibre": (calibre(), [])}
    program, option = programs[name]
    return run([str(program), source, *option, out], env=_CALIBRE)


# ---------------------------------------------------------------- four PDFs


def pdfs_by(name: str, source: Path, folder: Path) -> Cost:
    """Make the four PDFs one after another, each in its own process. Raises Failed.

    The HTML that some peers need is made beforehand and not counted.
    """
    makers = {"calibre": _calibre_pdf, "chromium": _chromium_pdf, "weasyprint": _weasyprint_pdf}
    total = Cost(0, 0, 0)
    for target, size in PAGES.items():
        document = source if name == "calibre" else html_of(source, folder, target, size)
        total += makers[name](document, folder / f"{name}-{target}.pdf", size)
    return total


def html_of(source: Path, folder: Path, target: str, size: tuple[int, int]) -> Path:
    """Make one HTML file of the whole book, with pages of this size, using pandoc."""
    out = folder / f"{target}.html"
    if not out.exists():
        style = folder / f"{target}.css"
        style.write_text(
            f"@page {{ size: {size[0]}mm {size[1]}mm; margin: {_MARGIN_MM}mm }}\n"
            "html { font: 10pt serif; text-align: justify; hyphens: auto } h1 { break-before: page }\n"
            "body { max-width: none; margin: 0; padding: 0 } p { margin: 0; text-indent: 1.2em }\n"
        )
        options = ["--standalone", "--embed-resources", "--metadata", "title=Book", "--metadata", "lang=en"]
        run([str(pandoc()), source, *options, "--css", style, "-o", out])
    return out


def _calibre_pdf(source: Path, out: Path, size: tuple[int, int]) -> Cost:
    margins = [f"--pdf-page-margin-{side}={_MARGIN_MM * 72 // 25}" for side in ("left", "right", "top", "bottom")]
    options = [f"--custom-size={size[0]}x{size[1]}", "--unit=millimeter", "--pdf-page-numbers", *margins]
    return _made(run([str(calibre()), source, out, *options], env=_CALIBRE), out)


def _chromium_pdf(source: Path, out: Path, size: tuple[int, int]) -> Cost:
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--print-to-pdf={out}"]
    profile = f"--user-data-dir={out.with_suffix('.profile')}"
    return _made(run([str(chromium()), *options, profile, source.as_uri()]), out)


def _weasyprint_pdf(source: Path, out: Path, size: tuple[int, int]) -> Cost:
    environment: Mapping[str, str] = {**os.environ, "PYTHONPATH": ""}
    return _made(run([sys.executable, "-m", "weasyprint", "--quiet", source, out], env=environment), out)


def _made(cost: Cost, out: Path) -> Cost:
    if not out.exists() or not out.stat().st_size:
        raise Failed(f"{out.name} was not made")
    return cost
