"""Texts of works: bases, and corrections of them."""

from __future__ import annotations

import copy
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from accounts.models import User
from common import clock
from conversion import rules
from conversion.engine import fixes
from conversion.engine.book.model import Book
from conversion.engine.patches import Base as EngineBase
from conversion.engine.patches import Fit as EngineFit
from conversion.engine.patches import Patch, Piece, base_of, words_patches
from conversion.models import ConversionJob, JobCorrections, JobState
from publishing.editing.models import Base, Correction, Decision, Origin, PageDescription, Picture, WorkText
from publishing.editing.services import builds
from publishing.editing.services.texts import digest
from publishing.models import Edition, Work
from tests.conversion.patches.other_readings import messy
from tests.conversion.patches.samples import LINES, book_of
from tests.factories.conversion import make_artifact
from tests.factories.publishing import make_edition


def harbour(*more: str, lines: tuple[str, ...] = LINES) -> Book:
    """A book of two chapters."""
    return book_of([*lines[:3], *more], lines[3:], titles=("The Harbour", "The Lamp"))


def finish(
    job: ConversionJob, book: Book, fits: tuple[EngineFit, ...] = (), *, proposed: Sequence[Patch] = ()
) -> EngineBase:
    """End a job as if it had read this book: its base is stored, how its corrections fit, and what fixes propose."""
    base = base_of(book)
    job.artifacts.filter(kind="base").delete()
    make_artifact(job, kind="base", content=base.to_bytes())
    job.state, job.result = JobState.DONE, replace(job.result, base=base.identity)
    job.finished_at = clock.now()
    job.save()
    JobCorrections.objects.filter(job=job).update(fits=fits, proposed=tuple(proposed))
    return base


def make_text(*, work: Work | None = None, book: Book | None = None, edition: Edition | None = None) -> WorkText:
    """The text of a work whose files are made, without corrections."""
    edition = edition or make_edition(**({} if work is None else {"work": work}))
    finish(edition.job, book or harbour())
    builds.adopt_base(job_id=edition.job_id, at=clock.now())
    return WorkText.objects.select_related("base", "work__owner").get(work=edition.work)


def untidy(*, seed: int = 1) -> Book:
    """The book of two chapters, typed without care: most fixes have something to do in it."""
    lines = tuple(line.replace(", ", " ,  ").replace(" the ", "  the ") for line in LINES)
    book = harbour("In  the morning ,  nobody came...", "* * *", "-- No , said  the girl.", lines=lines)
    book.metadata.language = "en"
    messy(book, random.Random(seed))
    return book


def make_untidy_text(*, work: Work | None = None, book: Book | None = None, edition: Edition | None = None) -> WorkText:
    """The text of a work with what the fixes would correct in it, place by place."""
    edition = edition or make_edition(**({} if work is None else {"work": work}))
    read = book or untidy()
    JobCorrections.objects.create(job=edition.job, proposals=rules.fixable_by_place())
    finish(edition.job, read, proposed=fixes.propose_fixes(copy.deepcopy(read), rules.fixable_by_place()))
    builds.adopt_base(job_id=edition.job_id, at=clock.now())
    return WorkText.objects.select_related("base", "work__owner").get(work=edition.work)


def patch_of(text: WorkText, old: str, new: str, *, book: Book | None = None) -> Patch:
    """The patch that puts `new` in place of `old`, which stands in one block of the text's base."""
    base = base_of(book or harbour())
    assert text.base is not None
    assert base.identity == text.base.identity
    (block,) = [number for number, one in enumerate(base.blocks) if old in one.text]
    (patch,) = words_patches(base, block, [Piece(base.blocks[block].text.replace(old, new))])
    return patch


def make_correction(
    text: WorkText, patch: Patch, *, author: User | None = None, at: datetime | None = None, **overrides: Any
) -> Correction:
    """A correction, accepted unless told otherwise; the text knows of it."""
    moment = at or clock.now()
    author = author or text.work.owner
    is_accepted = overrides.get("decision", Decision.ACCEPTED) == Decision.ACCEPTED
    if is_accepted:
        text.revision += 1
    values = {
        "identity": patch.identity,
        "op": str(patch.op),
        "decision": Decision.ACCEPTED,
        "origin": Origin.AUTHOR,
        "author": author,
        "decided_by": author if is_accepted else None,
        "decided_at": moment if is_accepted else None,
        "made_at": moment,
        "counts_from": text.revision if is_accepted else None,
        **overrides,
    }
    correction = Correction.objects.create(work=text.work, base=base_row(text), patch=patch, **values)

    text.digest = digest(text.work)
    text.save()
    return correction


def make_page_description(work: Work, **overrides: Any) -> PageDescription:
    """What an author says that a drawn page shows."""
    values = {"asset": "a" * 64, "alt": "A boat.", "written_by": work.owner, "written_at": clock.now()}
    return PageDescription.objects.create(work=work, **(values | overrides))


def make_picture(text: WorkText, **overrides: Any) -> Picture:
    """A picture that was put into a text."""
    values = {
        "sha256": "a" * 64,
        "file": f"pictures/aa/{'a' * 64}.png",
        "name": "lamp.png",
        "size_bytes": 100,
        "uploaded_by": text.work.owner,
        "uploaded_at": clock.now(),
    }
    return Picture.objects.create(work=text.work, **(values | overrides))


def base_row(text: WorkText) -> Base:
    assert text.base is not None
    return text.base
