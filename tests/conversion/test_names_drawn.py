"""Names in ten scripts on what conversion draws: the letters on the picture, whatever the text below it says."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from conversion.engine import pipeline
from conversion.engine.book.model import Contributor
from conversion.engine.contract import AuthorDetails, ConversionRequest
from conversion.engine.covers import designs, lettering, social_image
from tests.conversion.manuscripts import docx
from tests.support import drawn

LINE = "The lighthouse stood where the road ended, and the road ended where the salt began. "
FACES = {
    name: face
    for module in (designs, social_image)
    for name, face in vars(module).items()
    if isinstance(face, lettering.Face)
}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.nightly] if number % 3 else []) for number, name in enumerate(FACES)]
)
def test_on_covers_and_pictures_of_links(name: str) -> None:
    face = FACES[name]
    packages = [wish.replace(":", "-") for wish in face.wishes if ":" in wish]
    for script, text in drawn.NAMES.items():
        setting = lettering.fit(text, face, width=1500, height=400, largest=96)
        canvas = Image.new("L", (1600, 400), 255)
        lettering.draw(ImageDraw.Draw(canvas), setting, (40, 120), "#000000")
        drawn.assert_drawn(canvas, script, *packages)


def test_in_printed_books_and_on_their_covers(tmp_path: Path) -> None:
    out, source = tmp_path / "out", tmp_path / "names.docx"
    out.mkdir()
    source.write_bytes(docx([("Names", drawn.NAMES.values()), *((f"Chapter {n}", [LINE * 6]) for n in (1, 2))]))
    about = AuthorDetails(
        title="Salt", language="en", contributors=(Contributor("Ann Lee"),), description="\n".join(drawn.NAMES.values())
    )
    request = ConversionRequest(source, "names.docx", out, ("pdf", "print-cover"), ("print",), about)
    made = pipeline.convert(request, lambda progress: None)
    for path in (artifact.path for artifact in made.artifacts if artifact.path.endswith(".pdf")):
        for script, name in drawn.NAMES.items():
            drawn.assert_drawn(drawn.in_pdf((out / path).read_bytes(), name), script, "literata-400")
