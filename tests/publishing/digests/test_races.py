"""Two workers at once: an email is sent by one of them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.core import mail
from django.db import connection

from common import clock
from publishing.digests import selectors
from publishing.digests.models import Digest
from publishing.digests.services import mails
from tests.factories.collaboration import make_collaborator
from tests.factories.comments import make_thread
from tests.factories.editing import make_text

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL"),
]


def at_once(call: Callable[[], Any]) -> list[Any]:
    """What two calls return, each on a connection of its own."""

    def run(_number: int) -> Any:
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(run, range(2)))


def both_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let both workers read what is new before either sends, as far as a lock lets them."""
    barrier, news_for = Barrier(2), selectors.news_for

    def slow(*args: Any) -> Any:
        found = news_for(*args)
        with suppress(BrokenBarrierError):  # the lock held the other one back
            barrier.wait(timeout=2)
        return found

    monkeypatch.setattr(selectors, "news_for", slow)


@pytest.fixture
def digest(monkeypatch: pytest.MonkeyPatch) -> Digest:
    monkeypatch.setattr("common.jobs.enqueue", lambda name, **ids: None)
    text = make_text()
    make_thread(text, make_collaborator(text.work, "proofreader").person)
    mail.outbox.clear()
    return Digest.objects.get(user=text.work.owner)


def test_two_workers_send_one_email(digest: Digest, monkeypatch: pytest.MonkeyPatch) -> None:
    both_look(monkeypatch)
    at = clock.now() + timedelta(hours=1)
    assert sorted(at_once(lambda: mails.mail(digest_id=digest.pk, at=at))) == [False, True]
    assert len(mail.outbox) == 1


def test_without_the_lock_both_would(digest: Digest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.db.models.query.QuerySet.select_for_update", lambda self, **_how: self.all())
    both_look(monkeypatch)
    at = clock.now() + timedelta(hours=1)
    assert at_once(lambda: mails.mail(digest_id=digest.pk, at=at)) == [True, True]
    assert len(mail.outbox) == 2
