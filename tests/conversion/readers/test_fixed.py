"""The pages of fixed-layout EPUBs whose markup is not in order."""

from __future__ import annotations

from conversion.engine.gate.admission import admit
from conversion.engine.readers.epub import read
from tests.conversion.readers import fixed_sources


def _pages(folder, *bodies):
    path = folder / "a.epub"
    path.write_bytes(fixed_sources.fixed_epub(bodies))
    with admit(path, "a.epub") as manuscript:
        return read(manuscript).book.pages


def test_keeps_a_drawing_that_is_not_well_formed(tmp_path):
    drawing = '<svg viewBox="0 0 9 9"><rect fil"l="red" width="9" height="9"/><text>Moon</text></svg>'
    pages = _pages(tmp_path, f"{drawing}<p>The sun</p>", "<p>Night & day</p>")
    assert [" ".join(line.text for line in page.lines) for page in pages] == ["The sun Moon", "Night & day"]
