"""Books of several editions with their texts, and what readers leave in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from accounts.models import User
from common import clock
from publishing.models import Edition, EditionState, Work
from storefront.catalogue.selectors.edition_texts import text_of
from storefront.checkout.models import Entitlement
from storefront.reading.models import Device, LastPlace, Note, NoteKind
from tests.factories.conversion import make_artifact, make_done_job, web_zip
from tests.factories.publishing import make_published_edition

STORY = (
    ("The Harbour", "Rain fell on the water all night.", "In the morning the boats came in, one after the other."),
    ("The Lamp", "She held the lamp to the window and counted the boats.", "The last of them was not among them."),
    ("The Letter", "He wrote that he would not return before the spring.", "She read it twice and put it away."),
)


def publish_text(
    chapters: Sequence[Sequence[str]] = STORY, *, work: Work | None = None, announce: bool = True, **more: Any
) -> Edition:
    """An edition of these chapters, each a heading and paragraphs, after which the one before is superseded."""
    if work is not None:
        work.editions.filter(state=EditionState.PUBLISHED).update(state=EditionState.SUPERSEDED)
    job = make_done_job()
    job.artifacts.filter(kind__in=["web", "sample-web"]).delete()
    bodies = {
        f"c{number}": f"<h1>{heading}</h1>" + "".join(f"<p>{text}</p>" for text in texts)
        for number, (heading, *texts) in enumerate(chapters, 1)
    }
    titles = tuple(chapter[0] for chapter in chapters)
    make_artifact(job, kind="web", content=web_zip(titles, **bodies))
    make_artifact(job, kind="sample-web", content=web_zip(titles[:1], c1=bodies["c1"]))
    number = work.editions.count() + 1 if work else 1
    whose = {"work": work} if work else {}
    return make_published_edition(job=job, number=number, announce=announce, **whose, **more)


def give(reader: User, edition: Edition) -> Entitlement:
    """The reader has bought the edition's work."""
    return Entitlement.objects.create(user=reader, work=edition.work, edition=edition, granted_at=clock.now())


def make_note(reader: User, edition: Edition, words: str = "the boats", **fields: Any) -> Note:
    """A highlight of the first place with these words, which may not run over blocks; none for other values."""
    text = text_of(edition)
    start = text.find(words, near_bps=0) if words else (0, 0)
    assert start is not None, words
    end = (start[0], start[1] + len(words))
    prefix, suffix = text.around(start, end)
    values = {
        "uid": uuid4(),
        "kind": NoteKind.HIGHLIGHT,
        "made_at": clock.now(),
        "changed_at": clock.now(),
        "start_block": start[0],
        "start_offset": start[1],
        "end_block": end[0],
        "end_offset": end[1],
        "exact": words,
        "prefix": prefix,
        "suffix": suffix,
        "cursor": Note.objects.filter(user=reader).count() + 1,
        **fields,
    }
    return Note.objects.create(user=reader, work=edition.work, edition=edition, **values)


def make_place(reader: User, edition: Edition | None, work: Work | None = None, **fields: Any) -> LastPlace:
    """Where a device of the reader was."""
    device = Device.objects.create(user=reader, key=str(uuid4()), kind="browser", seen_at=clock.now())
    values = {"share_bps": 5000, "at": clock.now(), **fields}
    work = edition.work if edition else work
    return LastPlace.objects.create(device=device, work=work, edition=edition, **values)
