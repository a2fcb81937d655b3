"""Parts, chapters and sections by their headings."""

from __future__ import annotations

from pathlib import Path

from tests.conversion.readers.build import HEADINGS, docx, p, read


class TestParts:
    _TEXT = "It was a dark night, and the rain fell over the roofs of the town. " * 30

    def _story(self, title: str, sections: str = "") -> str:
        parts = "".join(p(section, "Heading2") + p(self._TEXT) for section in sections.split())
        return p(title, "Heading1") + (parts or p(self._TEXT))

    def test_a_story_with_sections_among_stories_is_no_part(self, tmp_path: Path) -> None:
        body = self._story("A Scandal", "I II III") + "".join(self._story(f"The {name}") for name in ("League", "Case"))
        book = read(docx(tmp_path / "a.docx", body, styles=HEADINGS)).book
        assert [(c.title, c.role) for c in book.chapters] == [
            ("A Scandal", "chapter"),
            ("The League", "chapter"),
            ("The Case", "chapter"),
        ]
        assert [entry.title for entry in book.toc[0].children] == ["I", "II", "III"]

    def test_parts_beside_an_interlude_stay_parts(self, tmp_path: Path) -> None:
        body = self._story("Spring", "I II") + self._story("Interlude") + self._story("Autumn", "I II")
        book = read(docx(tmp_path / "a.docx", body, styles=HEADINGS)).book
        assert [c.role for c in book.chapters] == [
            "part",
            "chapter",
            "chapter",
            "chapter",
            "part",
            "chapter",
            "chapter",
        ]
