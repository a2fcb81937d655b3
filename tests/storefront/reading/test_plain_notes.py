"""A reader's own notes on plain pages: the words marked where they are, the notes below with a way back."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from lxml import etree

from accounts.models import User
from conversion.engine.api import edition_text
from publishing.models import Edition
from storefront.catalogue.selectors.chapters import chapter
from storefront.catalogue.selectors.marked_text import Mark, raw_ranges
from storefront.reading.services import edition_maps
from tests.factories.accounts import make_reader
from tests.factories.reading import STORY, give, make_note, publish_text

pytestmark = pytest.mark.django_db

PAGE = '<html xmlns="http://www.w3.org/1999/xhtml"><body>{}</body></html>'


def marked(body: str, *marks: tuple[int, int, int]) -> str:
    made = [Mark(block, start, end, f"m{number}") for number, (block, start, end) in enumerate(marks)]
    page = chapter(PAGE.format(body).encode(), link=str, asset=str, numbers=range(9), marks=made)
    return page.markup()


class TestMarks:
    @pytest.mark.parametrize(
        ("body", "start", "end", "words"),
        [
            ("<p>Rain fell on the water.</p>", 5, 9, ["fell"]),
            ("<p>Rain <i>fe<b>l</b>l</i> on</p>", 5, 9, ["fe", "l", "l"]),
            ("<p>  Rain\n\n fell </p>", 0, 9, ["Rain\n\n fell"]),
            ("<p>Ra\u00adin fell</p>", 0, 4, ["Ra\u00adin"]),
            ("<p>Cafe\u0301 noir</p>", 3, 4, ["e\u0301"]),
            ("<p>\U00020bb7野家 x</p>", 1, 3, ["野家"]),
            ('<p>a<a href="#n" role="doc-noteref">1</a> bc</p>', 0, 4, ["a", " bc"]),
            ("<ul><li>One <p>two</p> three</li></ul>", 4, 9, ["two", "t"]),
            ("<p>x<ruby>漢<rt>kan</rt></ruby>y</p>", 0, 3, ["x", "漢", "y"]),
            ("<p>short</p>", 2, 99, ["ort"]),
            ("<p>short</p>", 7, 9, []),
            ("<p>short</p>", 3, 3, []),
        ],
    )
    def test_stand_on_the_words_of_the_range(self, body: str, start: int, end: int, words: list[str]) -> None:
        made = marked(body, (0, start, end))
        found = [re.sub("<[^>]+>", "", one) for one in re.findall('<mark class="m0">(.*?)</mark>', made, re.DOTALL)]
        assert [edition_text.normalised(one) for one in found] == [edition_text.normalised(one) for one in words]
        plain, without = (re.sub("<[^>]+>", "", text) for text in (made, marked(body)))
        assert plain == without

    def test_that_overlap_share_no_words(self) -> None:
        made = marked("<p>Rain fell on the water.</p>", (0, 0, 9), (0, 5, 12), (0, 6, 8))
        assert '<mark class="m0">Rain fell</mark><mark class="m1"> on</mark> the' in made

    def test_of_the_book_are_none_of_ours(self) -> None:
        assert "<mark" not in marked("<p>Rain <mark class='own-mark'>fell</mark>.</p>")

    @pytest.mark.parametrize(
        "raw", ["", " ", "  a\n\tb  ", "\u00ad a\u200b\u2060 \u00a0b", "e\u0301\u0323 각x", "ﬁ \u0301x"]
    )
    def test_characters_are_found_again(self, raw: str) -> None:
        ranges, text = raw_ranges(raw), edition_text.normalised(raw)
        assert len(ranges) == len(text)
        for (start, end), letter in zip(ranges, text, strict=True):
            assert letter in edition_text.normalised(f"x{raw[start:end]}x")


def test_pieces_make_up_the_text_of_every_block() -> None:
    body = '<ul><li>One <p>two</p> <b>x<i>y</i></b>z<br/>3</li></ul><p><i/>a<a role="doc-noteref">1</a> b</p><p>c</p>'
    for block, text in edition_text.block_elements(etree.fromstring(PAGE.format(body))):
        pieces = "".join(piece for _, _, piece in edition_text.text_pieces(block))
        assert edition_text.normalised(pieces) == text


class TestPage:
    @pytest.fixture
    def edition(self) -> Edition:
        return publish_text(slug="lighthouse")

    @pytest.fixture
    def reader(self, client: Client, edition: Edition) -> User:
        reader = make_reader()
        give(reader, edition)
        client.force_login(reader)
        return reader

    def page(self, client: Client, chapter: str) -> str:
        return client.get(f"/read/lighthouse/{chapter}/").content.decode()

    def test_shows_a_highlight_in_its_colour(self, client: Client, edition: Edition, reader: User) -> None:
        make_note(reader, edition, "boats came in", colour="green")
        page = self.page(client, "c1")
        assert 'the <mark class="own-mark own-mark-green">boats came in</mark>, one' in page
        assert "own-notes" not in page
        assert "own-mark" not in self.page(client, "c2")

    def test_shows_a_note_below_with_a_way_there_and_back(self, client: Client, edition: Edition, reader: User) -> None:
        make_note(reader, edition, "the boats", body="Which <b>ones</b>?")
        page = self.page(client, "c1")
        link = '<a class="own-note-ref" id="own-note-ref-1" href="#own-note-1" aria-label="Your note 1">1</a>'
        assert f">the boats{link}</mark>" in page
        assert 'id="own-note-1"' in page
        assert 'href="#own-note-ref-1"' in page
        assert "Which &lt;b&gt;ones&lt;/b&gt;?" in page

    def test_over_several_blocks_it_is_one_note(self, client: Client, edition: Edition, reader: User) -> None:
        note = make_note(reader, edition, "all night", body="Rain.")
        note.end_block, note.end_offset = note.end_block + 1, 6
        note.save()
        page = self.page(client, "c1")
        marks = re.findall('<mark class="own-mark own-mark-yellow">(.*?)</mark>', page)
        assert [one.partition("<")[0] for one in marks] == ["all night.", "In the"]
        assert page.count('id="own-note-ref-1"') == 1

    def test_after_a_new_edition_it_is_on_the_same_words(self, client: Client, edition: Edition, reader: User) -> None:
        make_note(reader, edition, "counted the boats", body="How many?")
        second = publish_text((("Before", "A foreword."), *STORY), work=edition.work)
        for row in edition_maps.EditionMap.objects.filter(to_edition=second):
            edition_maps.make(map_id=row.pk)
        assert "own-mark" not in self.page(client, "c2")
        assert '<mark class="own-mark own-mark-yellow">counted the boats<a' in self.page(client, "c3")

    def test_nobody_elses_and_no_deleted_one(self, client: Client, edition: Edition, reader: User) -> None:
        other = make_reader()
        give(other, edition)
        make_note(other, edition, "the boats", body="Secret")
        note = make_note(reader, edition, "all night", body="Gone")
        note.deleted_at = note.made_at
        note.save()
        page = self.page(client, "c1")
        assert "own-mark" not in page
        assert "Secret" not in page
        assert "Gone" not in page
