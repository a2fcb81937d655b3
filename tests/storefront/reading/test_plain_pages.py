"""A book as plain pages: its blocks and their numbers, the saved place, look, contents and neighbours."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime

import pytest
from django.test import Client
from lxml import html

from accounts.models import User
from common import clock
from conversion.engine.api import edition_text
from publishing.models import Edition, EditionState
from storefront.checkout.models import Entitlement
from storefront.reading.models import EditionMap, LastPlace
from storefront.reading.services import edition_maps
from tests.factories.accounts import make_operator, make_reader
from tests.factories.conversion import make_artifact, make_done_job, web_zip
from tests.factories.publishing import make_published_edition
from tests.storefront.reading.test_views_reader import buyer_of

pytestmark = pytest.mark.django_db

LONG = "Rain fell on the water, and the lamp was lit. " * 30
CHAPTERS = {
    "c1": '<h1 id="one">One</h1><!-- a remark --><p>Rain\u00ad fell<a href="#n1" role="doc-noteref">1</a>.</p>'
    "<ul><li>First <p>inner</p></li><li> </li><li>Second</li></ul><table><tr><th>A</th><td>B</td></tr></table>"
    '<aside id="n1" class="note" role="doc-footnote"><p><a class="label" href="#r" role="doc-backlink">1</a> A note.'
    "</p></aside>",
    "c2": f"<h1>Two</h1>{f'<p>{LONG}</p>' * 4}\n<h2>Later</h2>\n<p>The end of two.</p>",
    "c3": "<p>Three &amp; done.</p>",
}


def archive(**bodies: str) -> bytes:
    return web_zip(**{**CHAPTERS, **bodies})


def published(content: bytes = b"", sample: bytes = b"", **values: object) -> Edition:
    job = make_done_job()
    job.artifacts.filter(kind__in=["web", "sample-web"]).delete()
    make_artifact(job, kind="web", content=content or archive())
    make_artifact(job, kind="sample-web", content=sample or web_zip(("One",), c1=CHAPTERS["c1"]))
    return make_published_edition(**{"slug": "lighthouse", "job": job, "public_id": "edn_lighthouse", **values})


def texts_of(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return edition_text.text_of_archive(opened).texts()


def blocks_on(page: str) -> dict[int, str]:
    """The blocks of a page by their number, as a reader sees them."""
    found = {}
    for element in html.document_fromstring(page).xpath('//article//*[starts-with(@id, "b-")]'):
        for gone in element.xpath('.//*[@role="doc-noteref" or @role="doc-backlink"]'):
            gone.drop_tree()
        found[int(element.get("id").removeprefix("b-"))] = edition_text.normalised(" ".join(element.itertext()))
    return found


@pytest.fixture
def reader(client: Client, noon: datetime) -> User:
    person = buyer_of(published(), noon)
    client.force_login(person)
    return person


def page_of(client: Client, path: str = "c1/", **query: str) -> str:
    response = client.get(f"/read/lighthouse/{path}", query)
    assert response.status_code == 200
    return response.content.decode()


class TestBlocks:
    def test_have_the_numbers_and_the_words_of_the_editions_text(self, client: Client, reader: User) -> None:
        found = {}
        for chapter in CHAPTERS:
            found |= blocks_on(page_of(client, f"{chapter}/"))
        wanted = texts_of(archive())
        assert list(found) == list(range(len(wanted)))
        assert [found[number].replace(" ", "") for number in found] == [text.replace(" ", "") for text in wanted]

    def test_links_of_the_book_still_lead_to_them(self, client: Client, reader: User) -> None:
        page = page_of(client)
        assert '<h1 id="b-0"><span id="bk-one"></span>One</h1>' in page
        assert 'id="bk-n1"' in page

    def test_those_of_a_sample_have_the_numbers_of_the_edition(self, client: Client) -> None:
        """The sample begins after the front matter; what is in no run has no number."""
        runs = '"sample_runs": [[0, 7, 2]]'
        blocks = '[[0, "One"], [0, "Rain fell."], [0, "Elsewhere."]]'
        buffer = io.BytesIO(web_zip(("One",), c1="<h1>One</h1><p>Rain fell.</p><p>Elsewhere.</p>"))
        with zipfile.ZipFile(buffer, "a") as opened:
            opened.writestr("text.json", f'{{"version": {edition_text.VERSION}, "blocks": {blocks}, {runs}}}')
        published(sample=buffer.getvalue())
        assert blocks_on(page_of(client, "sample/c1/")) == {7: "One", 8: "Rain fell."}

    def test_a_chapter_without_a_heading_gets_one(self, client: Client, reader: User) -> None:
        assert re.search(r'<h1 class="visually-hidden"[^>]*>The Letter</h1>', page_of(client, "c3/"))
        assert "visually-hidden" not in re.findall("<h1[^>]*>", page_of(client, "c1/"))[0]


class TestContents:
    def test_lead_to_every_chapter(self, client: Client, reader: User) -> None:
        page = page_of(client, "plain/")
        for chapter, title in zip(CHAPTERS, ("The Harbour", "The Lamp", "The Letter"), strict=True):
            assert f'<a href="/read/lighthouse/{chapter}/">{title}</a>' in page

    def test_of_the_sample_are_for_anybody(self, client: Client) -> None:
        published()
        response = client.get("/read/lighthouse/sample/plain/")
        assert b'<a href="/read/lighthouse/sample/c1/">One</a>' in response.content
        assert not response.cookies
        assert b"csrfmiddlewaretoken" not in response.content

    def test_of_the_whole_book_are_not(self, client: Client) -> None:
        published()
        assert client.get("/read/lighthouse/plain/").status_code == 302
        client.force_login(make_reader())
        assert client.get("/read/lighthouse/plain/")["Location"] == "/read/lighthouse/sample/"


class TestRemember:
    ADDRESS = "/read/lighthouse/plain/place/"

    def test_saves_the_place_and_offers_it_everywhere(self, client: Client, reader: User) -> None:
        block = next(number for number, text in blocks_on(page_of(client, "c2/")).items() if text == "Later")
        response = client.post(self.ADDRESS, {"block": block})
        assert response["Location"] == f"/read/lighthouse/c2/#b-{block}"
        for path in ("plain/", "c1/"):
            assert f'href="/read/lighthouse/c2/#b-{block}"' in page_of(client, path)
        assert "Your place is saved here." in page_of(client, "c2/")

    def test_is_the_place_of_the_scripted_reader(self, client: Client, reader: User) -> None:
        block = next(number for number, text in blocks_on(page_of(client, "c2/")).items() if text == "Later")
        client.post(self.ADDRESS, {"block": block})
        kept = LastPlace.objects.get(device__user=reader)
        assert (kept.device.kind, kept.block, kept.edition.public_id) == ("plain", block, "edn_lighthouse")
        assert 9000 < kept.share_bps < 10_000
        assert Entitlement.objects.get().furthest_bps >= kept.share_bps
        assert f'"block": {block}' in client.get("/read/lighthouse/").content.decode()

    def test_may_go_back(self, client: Client, reader: User) -> None:
        for block in (13, 2):
            client.post(self.ADDRESS, {"block": block})
        assert 'href="/read/lighthouse/c1/#b-2"' in page_of(client, "plain/")

    def test_is_found_again_in_a_new_edition(self, client: Client, reader: User) -> None:
        block = next(number for number, text in blocks_on(page_of(client, "c2/")).items() if text == "Later")
        client.post(self.ADDRESS, {"block": block})
        first = Edition.objects.get()
        work = first.work
        Edition.objects.update(state=EditionState.SUPERSEDED)
        published(archive(c1="<p>A foreword.</p>" + CHAPTERS["c1"]), work=work, public_id="edn_second", slug=work.slug)
        edition_maps.ask([first.pk], work.editions.get(public_id="edn_second").pk, at=clock.now())
        edition_maps.make(map_id=EditionMap.objects.get().pk)
        assert f'href="/read/lighthouse/c2/#b-{block + 1}"' in page_of(client, "plain/")

    @pytest.mark.parametrize("block", ["", "x", "-1", "999", "9" * 5000, "²"])
    def test_refuses_what_is_no_block(self, client: Client, reader: User, block: str) -> None:
        assert client.post(self.ADDRESS, {"block": block}).status_code == 404
        assert not LastPlace.objects.exists()

    def test_is_for_readers_of_the_book(self, client: Client) -> None:
        published()
        for person in (make_reader(), make_operator()):
            client.force_login(person)
            assert client.post(self.ADDRESS, {"block": "1"}).status_code in {302, 404}
        assert not LastPlace.objects.exists()

    def test_buttons_stand_at_headings_every_few_paragraphs_and_at_the_end(self, client: Client, reader: User) -> None:
        page = html.document_fromstring(page_of(client, "c2/"))
        values = [int(one.get("value")) for one in page.xpath('//button[@name="block"]')]
        texts = blocks_on(page_of(client, "c2/"))
        assert [texts[value][:8] for value in values] == ["Rain fel", "Later", "The end "]
        names = page.xpath('//article//button[@name="block"]/@aria-label')
        assert names[1] == "Remember this place: Later"
        assert len(set(names)) == len(names)

    def test_samples_have_none(self, client: Client) -> None:
        published()
        page = page_of(client, "sample/c1/")
        assert 'name="block"' not in page
        assert "csrfmiddlewaretoken" not in page


class TestLook:
    def test_stays_with_the_reader(self, client: Client, reader: User) -> None:
        page_of(client, "c1/", theme="sepia", size="150")
        page = page_of(client, "c2/")
        assert 'data-reader-theme="sepia"' in page
        assert "plain-size-150" in page
        assert "theme=sepia" not in page

    def test_can_be_set_back(self, client: Client, reader: User) -> None:
        page_of(client, "c1/", theme="sepia", size="150")
        page_of(client, "c1/", theme="", size="100")
        page = page_of(client, "c2/")
        assert "data-reader-theme" not in page
        assert "plain-size-100" in page

    def test_of_a_sample_stands_in_its_links(self, client: Client) -> None:
        published(sample=web_zip(("One", "Two"), c1='<p><a href="c2.xhtml#x">On</a></p>'))
        response = client.get("/read/lighthouse/sample/c1/", {"theme": "contrast", "size": "200"})
        page = response.content.decode()
        assert not response.cookies
        assert 'rel="next" href="/read/lighthouse/sample/c2/?theme=contrast&amp;size=200"' in page
        assert 'href="/read/lighthouse/sample/c2/?theme=contrast&amp;size=200#bk-x"' in page

    @pytest.mark.parametrize("query", [{"theme": 'x"><b', "size": "9"}, {"size": "²"}, {"theme": "SEPIA"}])
    def test_that_does_not_exist_is_ignored(self, client: Client, reader: User, query: dict[str, str]) -> None:
        page = page_of(client, "c1/", **query)
        assert "data-reader-theme" not in page
        assert "plain-size-100" in page
