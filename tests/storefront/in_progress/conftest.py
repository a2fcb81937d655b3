"""A draft of an author with three chapters, and ways to show and change it."""

from __future__ import annotations

import pytest

from common import clock
from publishing.models import Edition
from storefront.in_progress.models import Showing
from storefront.in_progress.services import showings
from storefront.in_progress.services.showings import ShowingInput
from tests.factories.accounts import make_author
from tests.factories.conversion import make_artifact, web_zip
from tests.factories.publishing import make_edition, make_work


def make_draft(**work) -> Edition:
    return make_edition(work=make_work(title="The Swarm", **work))


def write(edition: Edition, chapters: tuple[str, ...] = ("The Harbour", "The Lamp", "The Letter"), **bodies) -> None:
    """Make the files of the draft again from another text."""
    edition.job.artifacts.filter(kind="web").delete()
    make_artifact(edition.job, kind="web", content=web_zip(chapters, **bodies))


def show(edition: Edition, *, actor=None, latest: int | None = None, chapters=(), **given) -> Showing:
    told = ShowingInput(latest=latest, chapters=chapters, **given)
    return showings.show(actor=actor or edition.work.owner, work=edition.work, told=told, at=clock.now())


@pytest.fixture
def author(db):
    return make_author(display_name="Ada Quill")


@pytest.fixture
def draft(author) -> Edition:
    return make_draft(owner=author)
