"""Pictures of samples: in which sizes they were drawn, and what stands in the way of one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from common.errors import NotFound
from conversion import selectors as conversion_selectors
from conversion.engine.api import ArtifactKind
from conversion.messages import Message
from conversion.models import Artifact, ConversionJob, JobState
from hiring.offers.models import Offer, OfferSample

# Shapes of the grid: width over height in percent, as in the style sheet.
SHAPES = (35, 45, 55, 65, 75, 85, 100, 120, 135, 150, 175, 200)
_FORMATS = ("avif", "webp", "jpeg")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was drawn: public file names and its size in pixels."""

    sample: OfferSample
    full: str
    width: int
    height: int
    small: str  # as JPEG, 320 pixels wide
    sources: tuple[tuple[str, str], ...]  # media type and `srcset` of the sizes for the grid

    @property
    def shape(self) -> int:
        """The shape of the grid that is nearest to the picture's own."""
        own = 100 * self.width / self.height
        return min(SHAPES, key=lambda shape: abs(shape - own))

    @property
    def small_height(self) -> int:
        return max(1, round(320 * self.height / self.width))


@dataclass(frozen=True, slots=True)
class PicturePage:
    """One picture of an offer at full size, between the others."""

    picture: Picture
    pictures: tuple[Picture, ...]
    previous: Picture | None
    following: Picture | None


@dataclass(frozen=True, slots=True)
class OwnSample:
    """A sample as its provider sees it: a picture may still be drawn, or may have failed."""

    sample: OfferSample
    picture: Picture | None
    is_drawn_now: bool
    failure: Message | None


def pictures_of(samples: Iterable[OfferSample]) -> dict[int, Picture]:
    """Return the pictures that can be shown, by the key of their sample, with one query."""
    by_job = {one.job_id: one for one in samples if one.job_id is not None}
    drawn: dict[int, dict[str, Artifact]] = defaultdict(dict)
    kinds = [ArtifactKind.COVER, ArtifactKind.THUMBNAIL]
    for file in Artifact.objects.filter(job__in=by_job, job__state=JobState.DONE, kind__in=kinds):
        drawn[file.job_id][file.target] = file
    return {by_job[job].pk: _picture(by_job[job], files) for job, files in drawn.items() if _is_whole(files)}


def picture_page(offer: Offer, sample_id: str) -> PicturePage:
    """Return a picture of an offer with its neighbours. Raises NotFound."""
    found = tuple(pictures_of(offer.samples.exclude(job=None)).values())
    ordered = tuple(sorted(found, key=lambda one: one.sample.pk))
    place = next((number for number, one in enumerate(ordered) if one.sample.public_id == sample_id), None)
    if place is None:
        raise NotFound
    return PicturePage(
        picture=ordered[place],
        pictures=ordered,
        previous=ordered[place - 1] if place else None,
        following=ordered[place + 1] if place + 1 < len(ordered) else None,
    )


def own_samples(offer: Offer) -> list[OwnSample]:
    """Return the samples of an offer with what became of their pictures."""
    rows = list(offer.samples.select_related("work", "job"))
    drawn = pictures_of(rows)
    return [
        OwnSample(
            sample=one,
            picture=drawn.get(one.pk),
            is_drawn_now=one.job is not None and not one.job.is_finished,
            failure=conversion_selectors.failure_of(one.job) if one.job is not None else None,
        )
        for one in rows
    ]


def page_of_job(job: ConversionJob) -> str | None:
    """Return the page where a provider sees what became of a picture."""
    found = OfferSample.objects.filter(job=job).select_related("offer").first()
    return reverse("offers:edit", args=[found.offer.public_id]) + "#samples" if found is not None else None


def _is_whole(files: dict[str, Artifact]) -> bool:
    """Return whether the full size, which has no target, and the sizes of the grid were made."""
    return "" in files and all(f"{width}-{form}" in files for width in (320, 640) for form in _FORMATS)


def _picture(sample: OfferSample, files: dict[str, Artifact]) -> Picture:
    return Picture(
        sample=sample,
        full=files[""].file,
        width=files[""].width,
        height=files[""].height,
        small=files["320-jpeg"].file,
        sources=tuple(
            (
                f"image/{form}",
                f"/public/{files[f'320-{form}'].file} 320w, /public/{files[f'640-{form}'].file} 640w",
            )
            for form in _FORMATS
        ),
    )
