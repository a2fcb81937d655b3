"""The blurb: what its signs become, what never reaches a page, and how it is previewed."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from common import clock
from publishing import services
from publishing.models import Work
from publishing.record import blurb
from publishing.selectors import wanted_options
from publishing.services import Details
from storefront.catalogue.models import Listing
from tests.factories.publishing import make_edition, make_published_edition, make_work
from tests.storefront.catalogue.onix_valid import onix_faults

pytestmark = pytest.mark.django_db

FORMATTED = "**A storm.** And *one* letter.\n\n- salt\n- light\n\n> Best of the year.\n\n#### For whom\n\nFor you."
PLAIN = "A storm. And one letter.\n\n• salt\n• light\n\nBest of the year.\n\nFor whom\n\nFor you."
HOSTILE = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<p onclick=alert(1)>hi</p>", "<svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>", "[x](javascript:alert(1))", "<style>*{display:none}</style>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>", "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", "<p style='position:fixed'>x</p>",
    "<!--><img src=x onerror=alert(1)>-->", "<h4 id=main class=x>x</h4>", "**<img src=x onerror=alert(1)>**",
)  # fmt: skip


class TestShown:
    def test_signs_become_elements(self) -> None:
        assert re.sub(r"\s*\n\s*", "", blurb.shown(FORMATTED)) == (
            "<p><strong>A storm.</strong> And <em>one</em> letter.</p><ul><li>salt</li><li>light</li></ul>"
            "<blockquote><p>Best of the year.</p></blockquote><h4>For whom</h4><p>For you.</p>"
        )

    def test_html_of_other_shops_becomes_the_same(self) -> None:
        shown = blurb.shown("<h2>Big</h2><p><b>Bold</b> &amp; <i>slanted</i><br>next</p>")
        assert shown == "<h4>Big</h4><p><strong>Bold</strong> &amp; <em>slanted</em><br>next</p>"

    @pytest.mark.parametrize("text", HOSTILE)
    def test_nothing_hostile_passes(self, text: str) -> None:
        for shown in (blurb.shown(text), blurb.shown(f"before\n\n{text}\n\nafter")):
            elements = re.findall(r"<[^>]*>", shown)
            assert set(elements) <= {f"{start}{tag}>" for tag in blurb.TAGS for start in ("<", "</")}

    @pytest.mark.parametrize(
        "text", ["1984. A novel", "2 * 3 * 4", "snake_case_word", "– dash\n– dash", "Title\n====="]
    )
    def test_other_text_is_no_sign(self, text: str) -> None:
        assert not blurb.has_markup(text)
        assert blurb.plain(text) == text

    @pytest.mark.parametrize("text", ["", "One line.", "A  B\n\n\nC", "A < B"])
    def test_plain_text_stays_as_it_is(self, text: str) -> None:
        assert blurb.plain(text) == text


class TestPlaces:
    @pytest.fixture
    def work(self, owner) -> Work:
        work = make_work(owner=owner, slug="salt", description=FORMATTED)
        make_published_edition(work=work)
        return work

    def test_lists_and_files_have_the_words_alone(self, work: Work) -> None:
        assert Listing.objects.get().description == PLAIN
        assert wanted_options(work.editions.get()).overrides.description == PLAIN

    def test_the_page_and_the_feed_have_it_formatted(self, client, work) -> None:
        page = client.get("/books/salt/").text
        assert "<strong>A storm.</strong>" in page
        head = page.partition("</head>")[0]
        assert "A storm. And one letter." in head
        assert "**" not in page
        feed = client.get("/books/salt/onix.xml").getvalue()
        assert onix_faults(feed) == []
        assert b'<Text textformat="05"><p><strong>A storm.</strong>' in feed
        assert b'<Text textformat="06">A storm. And one letter.' in feed

    @pytest.mark.parametrize("text", HOSTILE)
    def test_hostile_text_leaves_page_and_feed_whole(self, client, owner, work, text) -> None:
        details = Details("Salt", "", "en", f"**Bold**\n\n{text}", "FB", "", 1000)
        services.update_details(actor=owner, work=work, details=details, at=clock.now())
        assert onix_faults(client.get("/books/salt/onix.xml").getvalue()) == []
        page = client.get("/books/salt/").text
        shown = page.partition("book-description")[2].partition("</div>")[0]
        assert "onerror" not in shown
        assert "<strong>Bold</strong>" in shown


class TestForm:
    @pytest.fixture
    def page(self, client, owner) -> str:
        client.force_login(owner)
        return reverse("work-details", args=[make_edition(work=make_work(owner=owner)).work.public_id])

    def given(self, **changed: str) -> dict[str, str]:
        return {"title": "Salt", "language": "en", "subject": "FB", "sample_bps": "1000", **changed}

    def test_previews_without_saving(self, client, page) -> None:
        response = client.post(page, self.given(description="**Bold** <script>x</script>", act="preview"))
        assert response.status_code == 200
        assert "<strong>Bold</strong>" in response.text
        assert "<script>x" not in response.text
        assert "**Bold**" in response.context["form"]["description"].value()
        assert Work.objects.get().description.startswith("A keeper")

    def test_counts_what_readers_see(self, client, page) -> None:
        assert client.post(page, self.given(description=f"**{'x' * 4000}**")).status_code == 302
        response = client.post(page, self.given(description=f"**{'x' * 4001}**"))
        assert response.status_code == 422
        assert "Readers would see 4001 characters" in response.text
