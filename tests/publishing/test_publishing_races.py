"""Planned releases while something else happens: each edition goes on sale once, and its author is told once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection

from common import clock
from common.errors import DomainError
from publishing import services
from publishing.models import Edition, EditionState, PlannedRelease, Work
from publishing.services import editions, emails, publishing_as, works
from publishing.services.publishing_as import Publication
from tests.factories.accounts import make_author
from tests.factories.publishing import make_edition, make_published_edition

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("racing_db")]


@pytest.fixture
def plan(monkeypatch: pytest.MonkeyPatch) -> PlannedRelease:
    monkeypatch.setattr("common.jobs.enqueue", lambda name, **ids: None)
    draft = make_edition(work=make_published_edition().work)
    due_at = clock.now() + timedelta(days=3)
    services.publish_as(
        actor=draft.work.owner,
        work=draft.work,
        publication=Publication(is_revision=False, due_at=due_at),
        at=clock.now(),
    )
    return PlannedRelease.objects.get(edition=draft)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What the calls return, or refuse, each on a connection of its own."""

    def run(call: Callable[[], Any]) -> Any:
        try:
            return call()
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(calls)) as pool:
        return list(pool.map(run, calls))


def test_a_form_sent_twice_at_once_makes_one_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("common.jobs.enqueue", lambda name, **ids: None)
    author, token = make_author(), uuid4()
    met(monkeypatch, works.quotas, "require_draft")

    def send() -> Any:
        return services.begin_work(actor=author, title="Salt", language="en", form_token=token, at=clock.now())

    assert len(set(at_once(send, send))) == Work.objects.filter(owner=author).count() == 1


def met(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    """Let two calls of a function meet before either goes on, as far as a lock lets them."""
    barrier, original = Barrier(2), getattr(module, name)

    def slow(*args: Any, **kwargs: Any) -> Any:
        with suppress(BrokenBarrierError):  # the lock held the other one back
            barrier.wait(timeout=2)
        return original(*args, **kwargs)

    monkeypatch.setattr(module, name, slow)


def test_two_workers_release_once(plan: PlannedRelease, monkeypatch: pytest.MonkeyPatch) -> None:
    met(monkeypatch, editions, "publish_edition")
    at = plan.due_at
    release = lambda: publishing_as.release_planned(plan_id=plan.pk, at=at)  # noqa: E731
    assert sorted(at_once(release, release)) == [False, True]
    assert not PlannedRelease.objects.exists()
    on_sale = Edition.objects.filter(work=plan.edition.work, state=EditionState.PUBLISHED)
    assert [one.label for one in on_sale] == ["2"]


def test_an_author_who_publishes_meanwhile_and_the_worker_do_not_wait_for_each_other(
    plan: PlannedRelease, monkeypatch: pytest.MonkeyPatch
) -> None:
    work, at = plan.edition.work, plan.due_at
    met(monkeypatch, editions, "lock_work")
    publish_now = Publication(is_revision=False)
    found = at_once(
        lambda: publishing_as.release_planned(plan_id=plan.pk, at=at),
        lambda: services.publish_as(actor=work.owner, work=work, publication=publish_now, at=at),
    )
    assert not [one for one in found if isinstance(one, Exception) and not isinstance(one, DomainError)]
    assert not PlannedRelease.objects.exists()
    assert [one.label for one in Edition.objects.filter(work=work, state=EditionState.PUBLISHED)] == ["2"]


@pytest.mark.parametrize("days", [2, 4], ids=["a day before", "after its time"])
def test_two_workers_tell_its_author_once(plan: PlannedRelease, monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    type(plan.edition.work).objects.update(title="")
    mail.outbox.clear()
    met(monkeypatch, emails, "send")
    with clock.frozen(clock.now() + timedelta(days=days)):
        tell = lambda: emails.mail_plan(plan_id=plan.pk)  # noqa: E731
        assert sorted(at_once(tell, tell)) == [False, True]
    assert len(mail.outbox) == 1
