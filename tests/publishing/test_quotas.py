"""Quotas of one account: what is refused, what the page says, and that nobody else is touched."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from conversion.errors import TooManyOpenJobs
from conversion.models import ConversionJob, JobState
from publishing import services
from publishing.errors import DraftsTooLarge, EmailUnconfirmed, TooManyDrafts, UploadLimitReached
from publishing.models import Manuscript, Work
from tests.factories.accounts import make_author
from tests.factories.publishing import make_edition, make_manuscript, make_published_edition, make_work

pytestmark = [pytest.mark.django_db, pytest.mark.both]
MB = 1024 * 1024


def bring(actor: User, at: datetime, name: str = "harbour.md", content: bytes = b"# The Harbour\n\nRain.\n") -> Work:
    return services.create_work(actor=actor, content=io.BytesIO(content), name=name, at=at)


class TestOpenJobs:
    def test_an_account_has_twenty_under_way_or_waiting(self, owner: User, noon: datetime) -> None:
        for number in range(20):
            bring(owner, noon, content=f"# Chapter {number}\n\nRain.\n".encode())
        with pytest.raises(TooManyOpenJobs) as refused:
            bring(owner, noon)
        assert "You already have 20 conversions" in refused.value.text
        assert Work.objects.filter(owner=owner).count() == 20, "nothing is left of the one that was refused"

    def test_others_are_not_held_up_by_it(
        self, owner: User, stranger: User, noon: datetime, settings: Settings
    ) -> None:
        settings.MAX_OPEN_JOBS = 1
        bring(owner, noon)
        assert bring(stranger, noon).owner == stranger

    def test_what_has_ended_does_not_count(self, owner: User, noon: datetime, settings: Settings) -> None:
        settings.MAX_OPEN_JOBS = 1
        bring(owner, noon)
        ConversionJob.objects.update(state=JobState.DONE)
        bring(owner, noon, content=b"# Another\n\nRain.\n")

    def test_a_change_of_the_book_that_waits_is_taken(self, owner: User, noon: datetime, settings: Settings) -> None:
        """Its job takes the place of the one before."""
        settings.MAX_OPEN_JOBS = 1
        work = bring(owner, noon)
        services.choose_design(actor=owner, work=work, design="modern", keep_design=False, embed_fonts=False, at=noon)

    def test_typed_details_are_not_lost(self, client: Client, owner: User, settings: Settings) -> None:
        edition = make_edition(work=make_work(owner=owner, title="Old"))
        settings.MAX_OPEN_JOBS = 0
        client.force_login(owner)
        path = f"/desk/works/{edition.work.public_id}/details/"
        form = client.get(path).context["form"]
        known = {name: form[name].value() for name in form.fields if form[name].value()}
        response = client.post(path, known | {"title": "A new title"})
        assert (response.status_code, response["Retry-After"]) == (429, "60")
        assert 'name="title" value="A new title"' in response.content.decode()


class TestDrafts:
    def test_an_account_has_so_many_works_that_were_never_on_sale(
        self, owner: User, noon: datetime, settings: Settings
    ) -> None:
        settings.MAX_DRAFTS = 2
        make_published_edition(work=make_work(owner=owner))
        make_edition(work=make_work(owner=owner))
        bring(owner, noon)
        with pytest.raises(TooManyDrafts):
            bring(owner, noon, content=b"# Another\n\nRain.\n")

    def test_the_page_says_what_to_do(self, client: Client, owner: User, settings: Settings) -> None:
        settings.MAX_DRAFTS = 0
        client.force_login(owner)
        response = client.post("/desk/works/new/", {"manuscript": SimpleUploadedFile("a.md", b"# A\n\nRain.\n")})
        assert response.status_code == 422
        assert "Publish a draft or delete one" in response.content.decode()


class TestBytes:
    def test_of_a_day(self, owner: User, noon: datetime, settings: Settings) -> None:
        settings.MAX_UPLOAD_BYTES_PER_DAY = 100
        work = bring(owner, noon, content=b"# A\n\n" + b"x" * 80)
        new = io.BytesIO(b"# B\n\n" + b"x" * 80)
        with pytest.raises(UploadLimitReached):
            services.upload_manuscript(actor=owner, work=work, content=new, name="b.md", at=noon)
        tomorrow = noon + timedelta(days=1, minutes=1)
        services.upload_manuscript(actor=owner, work=work, content=new, name="b.md", at=tomorrow)

    def test_in_drafts(self, owner: User, noon: datetime, settings: Settings) -> None:
        settings.MAX_DRAFT_BYTES = 100
        make_manuscript(make_work(owner=owner), content=b"y" * 90)
        with pytest.raises(DraftsTooLarge):
            bring(owner, noon)
        assert Manuscript.objects.filter(work__owner=owner).count() == 1

    def test_of_what_is_on_sale_do_not_count(self, owner: User, noon: datetime, settings: Settings) -> None:
        settings.MAX_DRAFT_BYTES = 100
        published = make_published_edition(work=make_work(owner=owner))
        Manuscript.objects.filter(pk=published.manuscript_id).update(size_bytes=50 * MB)
        bring(owner, noon)

    def test_of_corrections_of_a_book_on_sale_that_were_replaced_do_not_count(
        self, owner: User, noon: datetime, settings: Settings
    ) -> None:
        """Nobody could delete them."""
        settings.MAX_DRAFT_BYTES = 100
        published = make_published_edition(work=make_work(owner=owner))
        for _number in range(3):
            make_manuscript(published.work, content=b"y" * 90)
        bring(owner, noon)

    def test_of_a_correction_being_made_count(self, owner: User, noon: datetime, settings: Settings) -> None:
        settings.MAX_DRAFT_BYTES = 100
        published = make_published_edition(work=make_work(owner=owner))
        make_edition(work=published.work, manuscript=make_manuscript(published.work, content=b"y" * 90), number=2)
        with pytest.raises(DraftsTooLarge):
            bring(owner, noon)


class TestAddress:
    def test_has_to_be_confirmed(self, owner: User, noon: datetime) -> None:
        owner.emailaddress_set.update(verified=False)
        with pytest.raises(EmailUnconfirmed):
            bring(owner, noon)

    def test_of_a_co_author_too(self, owner: User, noon: datetime) -> None:
        work = bring(owner, noon)
        owner.emailaddress_set.all().delete()
        with pytest.raises(EmailUnconfirmed):
            services.upload_manuscript(
                actor=owner, work=work, content=io.BytesIO(b"# B\n\nRain.\n"), name="b.md", at=noon
            )


def test_one_account_cannot_do_what_the_attack_did(noon: datetime) -> None:
    """Forty works within two seconds, then forty more, were taken once."""
    attacker, taken = make_author(), 0
    for number in range(80):
        try:
            bring(attacker, noon, content=f"# {number}\n\nRain.\n".encode())
        except TooManyOpenJobs:
            break
        taken += 1
    assert taken == 20
