"""Prints of texts: the only writer of `PrintedText` and `PassagePrint`.

A work keeps the date of each of its prints from edition to edition: whoever had a passage first stays first when they
publish a new edition.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from common import storage
from conversion.engine.api import passages
from publishing.models import Edition, EditionState
from publishing.passages.errors import TooFewWords
from publishing.passages.models import PassagePrint, PrintedText
from publishing.passages.selectors import prints

_BATCH = 500


def begin(edition: Edition, at: datetime) -> PrintedText:
    """Return the row of an edition's text, with one more attempt counted. A new text begins anew."""
    text, _is_new = PrintedText.objects.get_or_create(edition=edition, defaults={"printed_at": at})
    if text.job_id != edition.job_id:
        text.job_id, text.attempts, text.printed_at = edition.job_id, 0, at
    text.attempts += 1
    text.save(update_fields=["job", "attempts", "printed_at"])
    return text


@transaction.atomic
def record_prints(text: PrintedText, body: passages.Body) -> None:
    """Make these the prints of the text, in place of what it had. Prints that its work has keep their date."""
    text = PrintedText.objects.select_for_update(of=("self",)).select_related("edition").get(pk=text.pk)
    wanted = passages.prints_of(body.words)
    known = prints.dates_in_work(text)
    mine = set(text.prints.values_list("hash", flat=True))
    for gone in prints.chunks(sorted(mine - wanted)):
        text.prints.filter(hash__in=gone).delete()
    rows = [PassagePrint(hash=one, text=text, since=known.get(one, text.printed_at)) for one in sorted(wanted - mine)]
    PassagePrint.objects.bulk_create(rows, batch_size=_BATCH)
    PrintedText.objects.filter(pk=text.pk).update(words=len(body.words))


def end(text: PrintedText) -> None:
    """Note that the text has been compared with the others."""
    PrintedText.objects.filter(pk=text.pk, job=text.job_id).update(version=passages.VERSION, attempts=0)


def drop_superseded(edition: Edition) -> None:
    """Forget the prints of editions that this one has replaced, once it has prints of its own."""
    if PrintedText.objects.filter(edition=edition, version=passages.VERSION).exists():
        older = Edition.objects.filter(work=edition.work_id, state=EditionState.SUPERSEDED)
        PrintedText.objects.filter(edition__in=older).delete()


@transaction.atomic
def add_reference(*, title: str, source: str, content: str, at: datetime) -> tuple[PrintedText, bool]:
    """Add a text that belongs to nobody; return it, and whether it is new. Raises TooFewWords."""
    body = passages.body_of_text(content, title)
    if not passages.prints_of(body.words):
        raise TooFewWords(title=title, words=len(body.words))
    stored = storage.store_private("reference-texts", io.BytesIO(zlib.compress(content.encode(), 9)), "text.zz")
    given: Mapping[str, object] = {"title": title[:300], "source": source[:300], "printed_at": at}
    text, is_new = PrintedText.objects.get_or_create(file=stored.file, defaults=given)
    record_prints(text, body)
    PrintedText.objects.filter(pk=text.pk).update(version=passages.VERSION, title=title[:300], source=source[:300])
    return text, is_new
