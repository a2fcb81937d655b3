"""An author with a draft and a book on sale, and a short way through a bulk edit."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accounts.models import User
from common import clock
from publishing.bulk.models import Aim, BulkEdit
from publishing.bulk.services import editing, stepping
from publishing.models import Work
from tests.factories.publishing import make_edition, make_published_edition, make_work

type Check = Callable[..., BulkEdit]


@pytest.fixture
def draft(owner: User) -> Work:
    return make_edition(work=make_work(owner=owner, title="Draft")).work


@pytest.fixture
def on_sale(owner: User) -> Work:
    return make_published_edition(owner=owner, title="On sale").work


def through(edit: BulkEdit) -> BulkEdit:
    """Take the step that the bulk edit is in to its end."""
    for _round in range(50):
        stepping.go_on(edit_id=edit.pk)
        edit.refresh_from_db()
        if not edit.is_working:
            return edit
    raise AssertionError("does not end")


@pytest.fixture
def checked(owner: User) -> Check:
    def check(works: list[Work], *wanted: Aim, actor: User = owner) -> BulkEdit:
        edit = editing.begin(actor=actor, works=works, at=clock.now())
        return through(editing.check(actor=actor, edit=edit, aims=wanted, at=clock.now()))

    return check


@pytest.fixture
def applied(owner: User, checked: Check) -> Check:
    def apply(works: list[Work], *wanted: Aim, actor: User = owner, with_on_sale: bool = True) -> BulkEdit:
        edit = checked(works, *wanted, actor=actor)
        return through(editing.apply(actor=actor, edit=edit, with_on_sale=with_on_sale, at=clock.now()))

    return apply


def states(edit: BulkEdit) -> list[str]:
    return list(edit.rows.values_list("state", flat=True))
