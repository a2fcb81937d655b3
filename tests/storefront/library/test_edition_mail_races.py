"""Two workers at once: a reader gets the email about an edition once, and a name sends one a day."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.core import mail
from django.db import connection

from common import clock
from storefront.library.models import EditionMailing, EditionNotice
from storefront.library.services import edition_mails
from tests.factories.accounts import make_reader
from tests.factories.buying import add_edition, buy, make_book

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("racing_db", "postman")]


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What the calls return, each on a connection of its own."""

    def run(call: Callable[[], Any]) -> Any:
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(calls)) as pool:
        return list(pool.map(run, calls))


def met(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Let two calls of a function of the module meet before either goes on, as far as a lock lets them."""
    barrier, original = Barrier(2), getattr(edition_mails, name)

    def slow(*args: Any, **kwargs: Any) -> Any:
        with suppress(BrokenBarrierError):  # the lock held the other one back
            barrier.wait(timeout=2)
        return original(*args, **kwargs)

    monkeypatch.setattr(edition_mails, name, slow)


@pytest.fixture(autouse=True)
def _messages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("common.jobs.enqueue", lambda name, **ids: None)


def later_edition(*, owner: Any = None) -> Any:
    edition = make_book(owner=owner) if owner is not None else make_book()
    buy(make_reader(), edition)
    mail.outbox.clear()
    later = add_edition(edition.work)
    later.wants_mail = True
    later.save()
    return later


def test_two_workers_mail_a_reader_once(monkeypatch: pytest.MonkeyPatch) -> None:
    edition_mails.edition_listed(later_edition())
    mailing = EditionMailing.objects.get()
    start = lambda: edition_mails.start(mailing_id=mailing.pk, at=clock.now())  # noqa: E731
    met(monkeypatch, "_note")
    at_once(start, start)
    notice = EditionNotice.objects.get()
    met(monkeypatch, "readers_to_mail")
    send = lambda: edition_mails.mail(notice_id=notice.pk)  # noqa: E731
    assert sorted(at_once(send, send)) == [False, True]
    assert len(mail.outbox) == 1


def test_without_the_lock_both_would(monkeypatch: pytest.MonkeyPatch) -> None:
    edition_mails.edition_listed(later_edition())
    edition_mails.start(mailing_id=EditionMailing.objects.get().pk, at=clock.now())
    notice = EditionNotice.objects.get()
    monkeypatch.setattr("django.db.models.query.QuerySet.select_for_update", lambda self, **_how: self.all())
    monkeypatch.setattr(EditionNotice, "save", lambda self, **_fields: None)
    met(monkeypatch, "readers_to_mail")
    send = lambda: edition_mails.mail(notice_id=notice.pk)  # noqa: E731
    assert at_once(send, send) == [True, True]


def test_two_editions_of_a_name_get_two_days(monkeypatch: pytest.MonkeyPatch) -> None:
    first = later_edition()
    second = later_edition(owner=first.work.owner)
    met(monkeypatch, "first_free_day")
    at_once(lambda: edition_mails.edition_listed(first), lambda: edition_mails.edition_listed(second))
    assert len(set(EditionMailing.objects.values_list("day", flat=True))) == 2
