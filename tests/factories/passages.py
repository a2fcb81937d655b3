"""Texts that were compared with the others, without running the engine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from html import escape
from typing import Any

from accounts.models import User
from common import clock
from publishing.models import Edition, EditionState
from publishing.passages.models import Match
from publishing.passages.services import comparing
from tests.conversion.passages.texts import as_text, drawn_words
from tests.factories.accounts import make_author
from tests.factories.conversion import make_artifact, make_job, web_zip
from tests.factories.publishing import make_contributor, make_edition, make_work


def make_text(
    words: Sequence[str],
    *,
    owner: User | None = None,
    is_on_sale: bool = True,
    at: datetime | None = None,
    compares: bool = True,
    **work_fields: Any,
) -> Edition:
    """An edition with this text, uploaded and compared at a time; on sale unless told otherwise."""
    at = at or clock.now()
    work = work_fields.pop("work", None) or make_work(owner=owner, **work_fields)
    state = {"state": EditionState.PUBLISHED, "published_at": at} if is_on_sale else {}
    edition = make_edition(work=work, job=make_text_job(words, work.owner), **state)
    if compares:
        comparing.compare_edition(edition_id=edition.pk, at=at)
    return edition


def make_text_job(words: Sequence[str], owner: User) -> Any:
    """A finished job whose web book has one chapter with these words."""
    job = make_job(requested_by=owner, state="done", finished_at=clock.now())
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in as_text(list(words)).splitlines())
    make_artifact(job, kind="web", content=web_zip(("The Harbour",), c1=paragraphs))
    return job


def make_match(
    *, later: User | None = None, earlier: User | None = None, is_on_sale: bool = True, seed: int = 71
) -> Match:
    """600 words of one book in another that was uploaded a day later. Another seed makes other books."""
    shared, at = drawn_words(3000, seed), clock.now()
    make_text(shared, owner=earlier, title="The First Lamp", at=at - timedelta(days=1))
    mine = [*drawn_words(2000, seed + 1), *shared[1000:1600]]
    edition = make_text(mine, owner=later or make_author(), title="The Second Lamp", is_on_sale=is_on_sale)
    make_contributor(edition.work, name="Ina Second")
    return Match.objects.get(text__edition=edition)
