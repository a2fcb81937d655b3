"""The author's form over the manuscript's details, made safe for everything downstream."""

from __future__ import annotations

from pathlib import Path

import pytest

from conversion.engine.book import names
from conversion.engine.book.model import Book, Chapter, Contributor, Metadata
from conversion.engine.contract import AuthorDetails, ConversionRequest
from conversion.engine.findings.model import Finding, Severity
from conversion.engine.steps import author_details


def _complete(about: Metadata, name: str = "my_book.docx", **given) -> tuple[Metadata, list[str]]:
    book = Book(about, [Chapter("a", "A", [])])
    request = ConversionRequest(Path("source"), name, Path("out"), overrides=AuthorDetails(**given))
    findings = author_details.complete(book, request, lambda: "urn:uuid:made")
    return book.metadata, [finding.code for finding in findings]


COMPLETE = Metadata(title="Own", language="en", contributors=[Contributor("Ann")], identifier="urn:isbn:1")


class TestComplete:
    def test_the_form_wins_and_the_manuscript_fills(self) -> None:
        about, codes = _complete(COMPLETE, title="Given", contributors=(Contributor("Bo", "edt"), Contributor("Cy")))
        assert (about.title, about.language, about.identifier) == ("Given", "en", "urn:isbn:1")
        assert [person.name for person in about.contributors] == ["Bo", "Cy"]
        assert codes == []

    def test_a_translation_names_what_it_is_translated_from(self) -> None:
        own = Metadata(title="T", language="de", contributors=[Contributor("Ann")], source="a file")
        assert _complete(own)[0].source == "a file"
        assert _complete(own, source="urn:isbn:9783161484100")[0].source == "urn:isbn:9783161484100"

    def test_subjects_of_the_form_go_before_those_of_the_manuscript(self) -> None:
        own = Metadata(title="T", language="en", contributors=[Contributor("Ann")], subjects=["Poetry", "Birds", " "])
        about, _ = _complete(own, subjects=("Fiction", "Birds"))
        assert about.subjects == ["Fiction", "Birds", "Poetry"]

    @pytest.mark.parametrize(
        ("own", "modified", "published"),
        [
            ("", "2026-11-24T12:00:00+01:00", "2026-11-24"),
            ("1851", "2026-11-24T12:00:00+01:00", "1851"),
            ("", "", ""),
        ],
    )
    def test_an_undated_book_is_of_the_day_it_was_made(self, own: str, modified: str, published: str) -> None:
        book = Book(Metadata(published=own), [])
        request = ConversionRequest(Path("source"), "a.md", Path("out"), modified=modified)
        author_details.complete(book, request, lambda: "urn:uuid:made")
        assert book.metadata.published == published

    def test_what_is_missing_is_told_and_made_up_for(self) -> None:
        about, codes = _complete(Metadata(), name="C:\\docs\\my_book.docx")
        assert (about.title, about.identifier) == ("my book", "urn:uuid:made")
        assert codes == ["metadata.title-missing", "metadata.language-missing", "metadata.author-missing"]

    def test_a_title_of_ten_thousand_characters_is_cut_and_told(self) -> None:
        about, codes = _complete(Metadata(title="long " * 2000, language="en", contributors=[Contributor("Ann")]))
        assert len(about.title) <= author_details.TITLE_CHARACTERS
        assert codes == ["metadata.title-long"]

    @pytest.mark.parametrize("language", ["../etc", "en\n", "english language", "<b>"])
    def test_a_language_that_is_no_tag_is_none(self, language: str) -> None:
        about, codes = _complete(Metadata(title="T", language=language, contributors=[Contributor("Ann")]))
        assert about.language == ""
        assert codes == ["metadata.language-wrong"]


class TestUnanswered:
    def test_the_form_answers_for_the_language(self) -> None:
        findings = [Finding("language.contradicted", Severity.ADVICE), Finding("source.empty", Severity.ADVICE)]
        request = ConversionRequest(Path("source"), "n", Path("out"))
        assert author_details.open_findings(findings, request) == findings
        asked = ConversionRequest(Path("source"), "n", Path("out"), overrides=AuthorDetails(language="en"))
        assert author_details.open_findings(findings, asked) == findings[1:]


class TestOneLine:
    def test_takes_out_controls_and_overrides_and_keeps_joiners(self) -> None:
        assert names.one_line("a\u202eb\x00c\nd \u2066e\u2069") == "a b c d e"
        assert names.one_line("می\u200cخواهم 👩\u200d🚀") == "می\u200cخواهم 👩\u200d🚀"


class TestAuthorLine:
    def test_joins_authors_only(self) -> None:
        people = [Contributor("Ann"), Contributor("Ed", "edt"), Contributor("Bo")]
        assert names.author_line(Book(Metadata(contributors=people), [])) == "Ann & Bo"
