"""A child without any rebuilding: the source goes to the PDF engine as it is, with that engine's own fetcher.

What still holds then is the sandbox alone.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import weasyprint

from conversion.engine import pipeline
from conversion.engine.contract import ArtifactFile, ArtifactKind, ConversionRequest, ConversionResult, Progress, Stage
from conversion.engine.process import child


def _convert(request: ConversionRequest, report, draft) -> ConversionResult:
    path = request.out / "book.pdf"
    html = _markup(request.source.read_bytes())
    weasyprint.HTML(string=html, base_url=str(request.source)).write_pdf(path, uncompressed_pdf=True)
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    artifact = ArtifactFile(ArtifactKind.PDF, "", path.name, "application/pdf", digest, len(data))
    report(Progress(Stage.PDF, {}, artifact))
    return ConversionResult("1", "html", "T", "", "en", (), "", (), 3, (artifact,), ())


def _markup(source: bytes) -> str:
    """The source as it is; of a container every page, drawing and style sheet, one after the other."""
    if not source.startswith(b"PK"):
        return source.decode("utf-8", errors="replace")
    parts = []
    with zipfile.ZipFile(io.BytesIO(source)) as archive:
        for entry in archive.infolist():
            suffix = Path(entry.filename).suffix.lower()
            if suffix in (".xhtml", ".html", ".svg", ".css") and entry.file_size < 2_000_000:
                text = archive.read(entry).decode("utf-8", errors="replace")
                parts.append(f"<style>{text}</style>" if suffix == ".css" else text)
    return "\n".join(parts)


def main() -> None:
    pipeline.convert = _convert
    child.main()


if __name__ == "__main__":
    main()
