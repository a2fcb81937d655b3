"""Pictures as samples: taken in at the gate, redrawn in the sandbox, shown in a grid and at full size."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from PIL import Image

from accounts.models import Deletion
from common import clock, storage
from common.errors import NotFound
from conversion import services as conversion_services
from conversion.models import Artifact, ConversionJob, JobState
from hiring.offers import selectors
from hiring.offers.errors import OfferTakenDown, PictureStrip, PictureTooSmall, TooManySamples
from hiring.offers.models import OfferSample
from hiring.offers.selectors.pictures import SHAPES
from hiring.offers.services import account_deletion, offers, samples
from publishing.errors import CoverNotPicture, CoverTooLarge, EmailUnconfirmed
from tests.factories.accounts import make_member, make_moderator
from tests.factories.hiring import draw, make_offer, make_provider
from tests.factories.pictures import picture

pytestmark = pytest.mark.django_db


def add(offer, *, actor=None, content: bytes | None = None, title="Fog", alt="A lighthouse in fog", name="fog.png"):
    return samples.add_picture(
        actor=actor or offer.provider,
        offer=offer,
        title=title,
        alt=alt,
        content=io.BytesIO(picture(1200, 900) if content is None else content),
        name=name,
        at=clock.now(),
    )


def form(content: bytes | None = None, **changes):
    upload = SimpleUploadedFile("fog.png", picture(1200, 900) if content is None else content, "image/png")
    return {"picture": upload, "title": "Fog", "alt": "A lighthouse in fog", "genre": "", **changes}


def page(client, name, *args) -> str:
    return client.get(reverse(name, args=args)).content.decode()


@pytest.fixture
def offer(db):
    return make_offer(kind="illustration", title="Drawings in ink")


class TestAdding:
    def test_asks_for_a_conversion_of_the_picture_alone(self, offer):
        job = add(offer).job
        assert job.options.is_picture
        with storage.private().open(job.cover_file) as stored:
            assert stored.read() == picture(1200, 900)

    @pytest.mark.parametrize(
        ("content", "error"),
        [
            (b"", CoverNotPicture),
            (b"<script>alert(1)</script>", CoverNotPicture),
            (b"%PDF-1.7", CoverNotPicture),
            (picture(639, 900), PictureTooSmall),
            (picture(2001, 1000), PictureStrip),
            (picture(640, 1921), PictureStrip),
        ],
        ids=["empty", "script", "pdf", "small", "wide", "tall"],
    )
    def test_refuses_what_cannot_be_shown_well(self, offer, content, error):
        with pytest.raises(error):
            add(offer, content=content)
        assert not OfferSample.objects.exists()
        assert not ConversionJob.objects.exists()

    def test_refuses_what_is_too_large(self, offer, settings):
        settings.MAX_COVER_BYTES = 100
        with pytest.raises(CoverTooLarge):
            add(offer)

    def test_refuses_strangers_and_those_without_an_address(self, offer):
        with pytest.raises(NotFound):
            add(offer, actor=make_member())
        offer.provider.emailaddress_set.update(verified=False)
        with pytest.raises(EmailUnconfirmed):
            add(offer)

    def test_refuses_one_too_many_and_one_for_an_offer_taken_down(self, offer):
        for number in range(samples.MAX_SAMPLES):
            samples.add_text(actor=offer.provider, offer=offer, title=f"{number}", text="a", at=clock.now())
        with pytest.raises(TooManySamples):
            add(offer)
        down = make_offer(state="taken_down", held_by="mod_1")
        with pytest.raises(OfferTakenDown):
            add(down)

    @pytest.mark.parametrize("wrong", [{"alt": ""}, {"text": "words"}, {"before": "words"}])
    def test_the_database_wants_a_picture_described_and_nothing_else(self, offer, wrong):
        job = add(offer).job
        values = {"title": "A", "alt": "A boat", "job": job, "added_at": clock.now(), **wrong}
        with pytest.raises(IntegrityError), transaction.atomic():
            OfferSample.objects.create(offer=offer, **values)


class TestRemoving:
    def test_takes_the_files_along(self, offer, django_capture_on_commit_callbacks):
        one, other = add(offer), add(offer, content=picture(1000, 1000))
        draw(one)
        draw(other)
        gone = [one.job.cover_file, *one.job.artifacts.values_list("file", flat=True)]
        with django_capture_on_commit_callbacks(execute=True):
            samples.remove(actor=offer.provider, offer=offer, sample_id=one.public_id)
        assert not any(storage.public().exists(name) or storage.private().exists(name) for name in gone)
        assert storage.private().exists(other.job.cover_file)
        assert storage.private().exists(other.job.source_file)
        assert all(storage.public().exists(row.file) for row in Artifact.objects.all())

    def test_keeps_a_picture_that_another_sample_shows(self, offer, django_capture_on_commit_callbacks):
        one, other = add(offer), add(offer)
        with django_capture_on_commit_callbacks(execute=True):
            samples.remove(actor=offer.provider, offer=offer, sample_id=one.public_id)
        assert storage.private().exists(other.job.cover_file)

    def test_keeps_the_book_that_conversions_of_pictures_share(self, offer, django_capture_on_commit_callbacks):
        one = add(offer)
        with django_capture_on_commit_callbacks(execute=True):
            samples.remove(actor=offer.provider, offer=offer, sample_id=one.public_id)
        assert storage.private().exists(one.job.source_file)

    def test_goes_with_the_offer_and_with_the_account(self, offer):
        add(offer)
        offers.delete_offer(actor=offer.provider, offer=offer)
        assert not ConversionJob.objects.exists()
        mine = make_offer()
        add(mine)
        now = clock.now()
        account_deletion.erase(Deletion.objects.create(user=mine.provider, asked_at=now, due_at=now), now)
        assert not ConversionJob.objects.exists()


class TestPages:
    def test_shows_nothing_before_it_is_drawn(self, client, offer):
        sample = add(offer)
        assert "A lighthouse in fog" not in page(client, "offers:offer", offer.public_id)
        address = reverse("offers:picture", args=[offer.public_id, sample.public_id])
        assert client.get(address).status_code == 404
        client.force_login(offer.provider)
        assert "We are preparing its sizes" in page(client, "offers:edit", offer.public_id)

    def test_shows_the_grid_on_the_offer_and_on_the_person(self, client, offer):
        sample = add(offer)
        draw(sample)
        for shown in (
            page(client, "offers:offer", offer.public_id),
            page(client, "offers:person", offer.provider.public_id),
        ):
            assert 'alt="A lighthouse in fog"' in shown
            assert "shape-135" in shown
            assert "640w" in shown
            assert reverse("offers:picture", args=[offer.public_id, sample.public_id]) in shown
        assert "offers-gallery" in client.get(reverse("offers:search"), {"kind": "illustration"}).content.decode()

    def test_leads_from_one_picture_to_the_next(self, client, offer):
        first, second = add(offer, title="Fog"), add(offer, title="Storm")
        draw(first)
        draw(second)
        shown = page(client, "offers:picture", offer.public_id, first.public_id)
        assert reverse("offers:picture", args=[offer.public_id, second.public_id]) in shown
        assert 'rel="next"' in shown
        assert 'rel="prev"' not in shown
        assert 'rel="prev"' in page(client, "offers:picture", offer.public_id, second.public_id)

    @pytest.mark.parametrize("state", ["draft", "paused", "taken_down"])
    def test_a_picture_is_for_its_provider_alone_until_the_offer_is_public(self, client, state):
        offer = make_offer()
        sample = add(offer)
        draw(sample)
        type(offer).objects.filter(pk=offer.pk).update(state=state, held_by="mod_1" if state == "taken_down" else "")
        address = reverse("offers:picture", args=[offer.public_id, sample.public_id])
        assert client.get(address).status_code == 404
        client.force_login(make_moderator())
        assert client.get(address).status_code == 404
        client.force_login(offer.provider)
        assert client.get(address).status_code == 200

    def test_a_picture_is_found_by_its_own_offer_alone(self, client, offer):
        sample = add(offer)
        draw(sample)
        other = make_offer()
        text = samples.add_text(actor=offer.provider, offer=offer, title="A", text="a", at=clock.now())
        for offer_id, sample_id in ((other.public_id, sample.public_id), (offer.public_id, text.public_id)):
            assert client.get(reverse("offers:picture", args=[offer_id, sample_id])).status_code == 404

    def test_what_failed_is_told_with_what_to_do(self, client, offer):
        sample = add(offer)
        ConversionJob.objects.filter(pk=sample.job_id).update(
            state=JobState.FAILED, failure_code="cover.unusable", failure_facts={"name": "fog.png"}
        )
        client.force_login(offer.provider)
        assert "This picture cannot be shown." in page(client, "offers:edit", offer.public_id)

    def test_lists_read_pictures_in_a_fixed_number_of_queries(self, client, django_assert_max_num_queries):
        person = make_provider()
        for number in range(6):
            draw(add(make_offer(provider=person, title=f"{number}", kind="illustration"), title=f"{number}"))
        with django_assert_max_num_queries(13):
            client.get(reverse("offers:search"))

    @pytest.mark.parametrize("size", [(1200, 900), (900, 1200), (1600, 2560), (640, 1920), (2000, 1000)])
    def test_every_shape_is_near_the_picture(self, offer, size):
        sample = add(offer)
        draw(sample, width=size[0], height=size[1])
        shape = selectors.own_samples(offer)[0].picture.shape
        assert shape in SHAPES
        assert abs(shape / (100 * size[0] / size[1]) - 1) < 0.13


class TestForm:
    def test_adds_and_says_what_happens_next(self, client, offer):
        client.force_login(offer.provider)
        answer = client.post(reverse("offers:add-picture", args=[offer.public_id]), form(), follow=True)
        assert "Picture added." in answer.content.decode()
        assert OfferSample.objects.get().alt == "A lighthouse in fog"

    @pytest.mark.parametrize(
        "wrong", [{"alt": ""}, {"title": ""}, {"picture": ""}, {"genre": "nothing"}, {"alt": "a" * 301}], ids=str
    )
    def test_loses_nothing_of_what_was_typed(self, client, offer, wrong):
        client.force_login(offer.provider)
        answer = client.post(reverse("offers:add-picture", args=[offer.public_id]), form(**wrong))
        assert answer.status_code == 422
        assert ("Fog" in answer.content.decode()) or wrong.get("title") == ""
        assert not OfferSample.objects.exists()

    def test_says_what_is_wrong_with_a_picture(self, client, offer):
        client.force_login(offer.provider)
        answer = client.post(reverse("offers:add-picture", args=[offer.public_id]), form(picture(600, 600)))
        assert answer.status_code == 422
        assert "600 pixels wide" in answer.content.decode()
        assert "A lighthouse in fog" in answer.content.decode()

    def test_turns_strangers_away_before_their_bytes_are_read(self, client, offer, settings):
        settings.MAX_BODY_BYTES = 1000
        address = reverse("offers:add-picture", args=[offer.public_id])
        assert client.post(address, form()).status_code == 302
        client.force_login(make_member())
        assert client.post(address, form()).status_code == 404
        assert not OfferSample.objects.exists()


def test_a_provider_is_told_of_a_picture_that_failed(offer, mailoutbox):
    sample = add(offer)
    ConversionJob.objects.filter(pk=sample.job_id).update(
        state=JobState.FAILED, failure_code="cover.unusable", failure_facts={"name": "fog.png"}
    )
    assert conversion_services.mail_failure(job_id=sample.job_id)
    assert not conversion_services.mail_failure(job_id=sample.job_id)
    (sent,) = mailoutbox
    assert sent.subject == "Your picture could not be used"
    assert f"/desk/services/{offer.public_id}/#samples" in sent.body
    assert "manuscript" not in sent.body


@pytest.mark.django_db(transaction=True)
def test_the_child_in_the_sandbox_redraws_a_picture(client):
    """By the real engine: what is shown has nothing of the file that was uploaded but its pixels."""
    offer = make_offer(kind="illustration")
    photograph = Image.effect_noise((900, 700), 40).convert("RGB")
    out = io.BytesIO()
    photograph.save(out, "JPEG", comment=b"taken at home")
    sample = add(offer, content=out.getvalue(), name="photograph.jpg")
    conversion_services.run_conversion(job_id=sample.job_id)
    (own,) = selectors.own_samples(offer)
    assert own.picture is not None
    assert (own.picture.width, own.picture.height) == (900, 700)
    with storage.public().open(own.picture.full) as full, Image.open(full) as drawn:
        assert drawn.format == "JPEG"
        assert "comment" not in drawn.info
    assert 'alt="A lighthouse in fog"' in page(client, "offers:offer", offer.public_id)
