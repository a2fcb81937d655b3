"""A child without any rebuilding: the source goes to the PDF engine as it is, with that engine's own fetcher.

What still holds then is the sandbox alone.
"""

from __future__ import annotations

import hashlib

import weasyprint

from conversion.engine import child, pipeline
from conversion.engine.contract import ArtifactFile, ArtifactKind, ConversionRequest, ConversionResult, Progress, Stage


def _convert(request: ConversionRequest, report) -> ConversionResult:
    path = request.out / "book.pdf"
    html = request.source.read_text(encoding="utf-8", errors="replace")
    weasyprint.HTML(string=html, base_url=str(request.source)).write_pdf(path, uncompressed_pdf=True)
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    artifact = ArtifactFile(ArtifactKind.PDF, "", path.name, "application/pdf", digest, len(data))
    report(Progress(Stage.PDF, {}, artifact))
    return ConversionResult("1", "html", "T", "", "en", (), "", (), 3, (artifact,), ())


def main() -> None:
    pipeline.convert = _convert
    child.main()


if __name__ == "__main__":
    main()
