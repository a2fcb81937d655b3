"""Deletion of texts and their pictures with their works, and of bases in which nothing counts any more."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef

from common import storage
from conversion.models import Artifact
from publishing.editing.models import Base, Correction, Decision, Fit, Origin, PageDescription, Picture, WorkText
from publishing.models import Work

_REPLACED_KEPT = timedelta(days=7)


def delete_text(work: Work) -> None:
    """Delete the text of a work that is about to be deleted; files once the transaction is committed."""
    files = set(Base.objects.filter(work=work).values_list("file", flat=True))
    files |= set(Picture.objects.filter(work=work).values_list("file", flat=True))
    WorkText.objects.filter(work=work).delete()
    Correction.objects.filter(work=work).delete()
    Base.objects.filter(work=work).delete()
    Picture.objects.filter(work=work).delete()
    PageDescription.objects.filter(work=work).delete()
    transaction.on_commit(partial(_delete_files, files))


@transaction.atomic
def delete_unused_bases(at: datetime) -> None:
    """Delete bases that are not current and in which no correction was made."""
    counted = Correction.objects.filter(base=OuterRef("pk"))
    current = WorkText.objects.filter(base=OuterRef("pk"))
    unused = Base.objects.exclude(Exists(counted) | Exists(current)).filter(created_at__lt=at)
    files = set(unused.values_list("file", flat=True))
    Fit.objects.filter(base__in=unused).delete()
    Base.objects.filter(pk__in=list(unused.values_list("pk", flat=True))).delete()
    transaction.on_commit(partial(_delete_files, files))


def delete_replaced_suggestions(at: datetime) -> None:
    """Delete suggestions that their authors typed over, once no window of theirs shows them any more."""
    replaced = Correction.objects.filter(decision=Decision.REVISED, origin=Origin.SUGGESTION, counts_from=None)
    replaced.filter(decided_at__lt=at - _REPLACED_KEPT).delete()


def _delete_files(names: set[str]) -> None:
    for name in names:
        if not any(model.objects.filter(file=name).exists() for model in (Artifact, Base, Picture)):
            storage.private().delete(name)
