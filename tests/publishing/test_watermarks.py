"""The author's choice to have copies marked, and the page that says what the marks are."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from common import storage
from common.errors import NotAllowed, NotFound
from publishing import selectors, services
from publishing.models import Work
from tests.conversion.watermark.stamped import novel
from tests.factories.publishing import make_contributor, make_published_edition, make_work

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(owner):
    return make_published_edition(owner=owner)


class TestSetWatermark:
    def test_is_off_until_the_owner_chooses_it(self, owner, edition, monkeypatch):
        heard = []
        monkeypatch.setattr("publishing.hooks._listed", [heard.append])
        assert not edition.work.is_watermarked
        for _time in range(2):
            services.set_watermark(actor=owner, work=edition.work, is_watermarked=True)
        assert Work.objects.get().is_watermarked
        assert [entry.facts for entry in AuditEntry.objects.filter(verb="watermark.changed")] == [
            {"watermarked": "yes"}
        ]
        assert heard == [edition]
        services.set_watermark(actor=owner, work=edition.work, is_watermarked=False)
        assert not Work.objects.get().is_watermarked

    def test_belongs_to_the_owner(self, stranger):
        work = make_work()
        with pytest.raises(NotFound):
            services.set_watermark(actor=stranger, work=work, is_watermarked=True)
        make_contributor(work, user=stranger)
        with pytest.raises(NotAllowed):
            services.set_watermark(actor=stranger, work=work, is_watermarked=True)


class TestPage:
    @pytest.fixture
    def page(self, client, owner, edition):
        client.force_login(owner)
        return reverse("work-watermark", args=[edition.work.public_id])

    def test_saves_the_choice_and_leads_there_from_the_book(self, client, page, edition):
        assert page in client.get(reverse("work", args=[edition.work.public_id])).content.decode()
        assert "What they cannot do" in client.get(page).content.decode()
        assert client.post(page, {"is_watermarked": "on"}).status_code == 302
        assert Work.objects.get().is_watermarked
        client.post(page, {})
        assert not Work.objects.get().is_watermarked

    @pytest.mark.parametrize(
        ("dashes", "words"), [(12, "<strong>That is too few</strong>"), (503, "That is enough"), (36, "That is enough")]
    )
    def test_says_whether_a_book_has_enough_dashes(self, client, page, monkeypatch, dashes, words):
        room = selectors.MarkRoom(dashes)
        monkeypatch.setattr("publishing.views.watermark.selectors.mark_room", lambda _edition: room)
        html = client.get(page).content.decode()
        assert f"{dashes} dashes" in html
        assert words in html


class TestMarkRoom:
    def test_counts_the_dashes_of_the_epub(self, edition):
        epub = edition.job.artifacts.get(kind="epub")
        storage.private().delete(epub.file)
        storage.private().save(epub.file, io.BytesIO(novel()))
        assert selectors.mark_room(edition).dashes > 100

    def test_is_unknown_without_a_file(self, edition):
        assert selectors.mark_room(edition) is None, "it is no archive"
        edition.job.artifacts.all().delete()
        assert selectors.mark_room(edition) is None
