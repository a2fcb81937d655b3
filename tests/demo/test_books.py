"""The sample books: the manuscripts are there, the catalogue hangs together, the printed programs run."""

from __future__ import annotations

import random
import re
import zipfile
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest

from accounts.countries import country_choices
from conversion.engine.readers import read_source
from demo.content.loader import BOOKS, Book, load
from publishing import thema

CATALOGUE = load()
AUTHORS = {person.key for person in CATALOGUE.authors}
READERS = {person.key for person in CATALOGUE.readers}
SLUGS = {book.slug for book in CATALOGUE.books}
MAX_BINARY_BYTES = 400_000
each_book = pytest.mark.parametrize("book", CATALOGUE.books, ids=lambda book: book.slug)


@each_book
class TestBook:
    def test_has_its_manuscript(self, book: Book):
        assert book.source.is_file()
        assert book.source.stat().st_size < MAX_BINARY_BYTES

    def test_splits_add_up_to_the_whole(self, book: Book):
        assert sum(credit.split_bps for credit in book.contributors) == 10_000
        assert all(credit.split_bps > 0 for credit in book.contributors)

    def test_contributors_are_authors_of_the_catalogue_with_known_roles(self, book: Book):
        assert {credit.author for credit in book.contributors} <= AUTHORS
        assert {credit.role for credit in book.contributors} <= {"aut", "trl", "ill", "edt"}
        assert book.contributors[0].role == "aut"

    def test_subjects_are_of_the_list(self, book: Book):
        assert book.subjects
        assert set(book.subjects) <= thema.SUBJECTS.keys()

    def test_has_a_price_in_each_currency_and_is_free_in_all_or_none(self, book: Book):
        assert set(book.prices_minor) == {"USD", "EUR", "GBP"}
        assert all(isinstance(price, int) and price >= 0 for price in book.prices_minor.values())
        assert len({price == 0 for price in book.prices_minor.values()}) == 1
        assert set(book.suggested_minor) in (set(), set(book.prices_minor))
        assert all(price >= book.prices_minor[currency] for currency, price in book.suggested_minor.items())

    def test_the_description_has_the_length_of_jacket_copy(self, book: Book):
        assert 70 <= len(book.description.split()) <= 120

    def test_the_sample_is_a_part_of_the_book(self, book: Book):
        assert 0 < book.sample_share_bps <= 5000


class TestCatalogue:
    def test_lists_every_manuscript_once(self):
        listed = [book.source.name for book in CATALOGUE.books]
        assert sorted(listed) == sorted(path.name for path in BOOKS.iterdir() if not path.name.startswith("."))
        assert len(SLUGS) == len(CATALOGUE.books)

    def test_people_have_keys_and_addresses_of_their_own(self):
        people = CATALOGUE.authors + CATALOGUE.readers
        assert len({person.key for person in people}) == len(people)
        assert len({person.email for person in people}) == len(people)
        assert all(re.fullmatch(r"[a-z.-]+@example\.org", person.email) for person in people)
        assert {person.country for person in people} <= {code for code, _ in country_choices()}

    def test_every_author_has_a_biography_and_a_book(self):
        assert all(person.bio for person in CATALOGUE.authors)
        assert {credit.author for book in CATALOGUE.books for credit in book.contributors} == AUTHORS

    def test_a_free_book_a_dear_one_and_one_with_an_open_price_are_there(self):
        prices = {book.prices_minor["USD"] for book in CATALOGUE.books}
        assert {0, 1499} <= prices
        assert any(book.suggested_minor for book in CATALOGUE.books)

    def test_some_books_are_shared_and_some_are_german(self):
        assert sum(len(book.contributors) > 1 for book in CATALOGUE.books) >= 3
        assert sum(book.language.startswith("de") for book in CATALOGUE.books) >= 2


class TestReviews:
    def test_are_of_known_books_by_known_readers(self):
        assert len(CATALOGUE.reviews) >= 40
        assert {review.book for review in CATALOGUE.reviews} == SLUGS
        assert {review.reader for review in CATALOGUE.reviews} == READERS

    def test_come_once_from_each_reader_of_a_book(self):
        pairs = Counter((review.book, review.reader) for review in CATALOGUE.reviews)
        assert [pair for pair, count in pairs.items() if count > 1] == []

    def test_have_stars_from_one_to_five_and_some_are_critical(self):
        assert {review.stars for review in CATALOGUE.reviews} == {1, 2, 3, 4, 5}

    def test_say_something_and_each_something_else(self):
        assert all(review.title.strip() and len(review.body.split()) >= 5 for review in CATALOGUE.reviews)
        assert len({review.body for review in CATALOGUE.reviews}) == len(CATALOGUE.reviews)


class TestManuscripts:
    @pytest.mark.parametrize("path", sorted(BOOKS.glob("*.docx")), ids=lambda path: path.stem)
    def test_novellas_carry_word_styles_and_notes(self, path):
        with zipfile.ZipFile(path) as archive:
            document = archive.read("word/document.xml").decode()
            notes = archive.read("word/footnotes.xml").decode()
        used = set(re.findall(r'<w:pStyle w:val="([^"]+)"', document))
        assert {"Title", "Subtitle", "Heading1", "Quote"} <= used
        assert set(re.findall(r'<w:footnoteReference w:id="(\d+)"', document)) <= set(
            re.findall(r'<w:footnote w:id="(\d+)"', notes)
        )

    def test_pictures_of_the_picture_book_are_described(self):
        with zipfile.ZipFile(BOOKS / "the-last-bus-home.epub") as archive:
            pages = [archive.read(name).decode() for name in archive.namelist() if name.endswith(".xhtml")]
        pictures = [tag for page in pages for tag in re.findall(r"<img [^>]*>", page)]
        assert len(pictures) == 11
        assert all(re.search(r'alt="[^"]{20,}"', tag) for tag in pictures)

    def test_text_manuscripts_keep_one_paragraph_to_a_line(self):
        """Two lines of prose in a row would be a paragraph broken by hand."""
        text = (BOOKS / "the-understudies.txt").read_text(encoding="utf-8").split("\n")
        assert [line for line, after in pairwise(text[3:]) if line and after] == []

    def test_text_manuscripts_use_typographic_quotes(self):
        for name in ("the-understudies.txt", "inventory-of-a-borrowed-house.md", "wege-ohne-aussicht.md"):
            body = (BOOKS / name).read_text(encoding="utf-8")
            assert set("\"'") & set(body) == set(), name


@pytest.fixture(scope="module")
def programs() -> dict[str, Any]:
    text = (BOOKS / "counting-without-remembering.md").read_text(encoding="utf-8")
    names: dict[str, Any] = {}
    exec("\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL)), names)  # noqa: S102 - our own booklet
    return names


class TestPrintedPrograms:
    """The booklet promises that its programs run as printed, and how wrong they are."""

    def test_a_reservoir_gives_everyone_the_same_chance(self, programs):
        rng = random.Random(7)
        drawn = Counter(n for _ in range(2000) for n in programs["reservoir"](map(str, range(20)), 5, rng))
        assert all(400 < drawn[str(n)] < 600 for n in range(20))

    def test_a_bloom_filter_forgets_nobody_and_is_seldom_mistaken(self, programs):
        seen = programs["BloomFilter"](10_000, 7)
        for n in range(1000):
            seen.add(f"came {n}")
        assert all(f"came {n}" in seen for n in range(1000))
        assert sum(f"stayed away {n}" in seen for n in range(2000)) < 40

    def test_a_count_min_sketch_never_says_too_little(self, programs):
        sketch = programs["CountMin"](200, 5)
        for n in range(500):
            sketch.add(str(n), n)
        assert all(sketch.count(str(n)) >= n for n in range(500))

    def test_hyperloglog_is_right_to_a_few_per_cent_and_ignores_repeats(self, programs):
        counter = programs["HyperLogLog"]()
        for n in range(20_000):
            counter.add(str(n % 10_000))
        assert counter.count() == pytest.approx(10_000, rel=0.1)

    def test_minimum_hashes_tell_how_alike_two_crowds_are(self, programs):
        one = programs["signature"](str(n) for n in range(60))
        other = programs["signature"](str(n) for n in range(30, 90))
        assert programs["likeness"](one, other) == pytest.approx(1 / 3, abs=0.12)


class TestReading:
    """Our own readers find in each manuscript what its author put there: body chapters, notes, pictures."""

    @pytest.mark.parametrize(
        ("name", "chapters", "notes", "pictures"),
        [
            ("the-tide-clerk.docx", 14, 3, 0),
            ("the-last-bus-home.epub", 10, 0, 11),
            ("inventory-of-a-borrowed-house.md", 6, 0, 0),
            ("how-long-is-a-piece-of-string.md", 8, 5, 3),
            ("was-liegen-bleibt.docx", 7, 2, 0),
            ("wege-ohne-aussicht.md", 8, 0, 0),
            ("a-pot-a-pan-a-loaf.html", 8, 0, 0),
            ("the-understudies.txt", 5, 0, 0),
            ("counting-without-remembering.md", 7, 0, 0),
        ],
    )
    def test_finds_chapters_notes_and_pictures_and_nothing_to_complain_of(self, name, chapters, notes, pictures):
        _, reading = read_source(BOOKS / name, name)
        book = reading.book
        assert (len(list(book.body())), len(book.notes), len(book.assets)) == (chapters, notes, pictures)
        assert reading.findings == []

    def test_finds_the_pages_of_the_book_of_fixed_layout(self):
        _, reading = read_source(BOOKS / "nine-windows.epub", "nine-windows.epub")
        pages = reading.book.pages
        assert [page.spread for page in pages[:3]] == ["center", "left", "right"]
        assert (len(pages), len(reading.book.assets)) == (13, 13)
        assert all(page.alt and page.lines and not page.rest for page in pages)
        assert reading.findings == []

    @each_book
    def test_agrees_with_the_catalogue_on_title_and_language(self, book: Book):
        _, reading = read_source(book.source, book.source.name)
        assert reading.book.metadata.title == book.title
        assert book.language.startswith(reading.book.metadata.language.split("-")[0])
