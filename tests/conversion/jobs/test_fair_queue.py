"""Turns: whose job a woken worker takes."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from accounts.models import User
from common import clock
from conversion import services
from conversion.models import ConversionJob, JobState
from conversion.options import ConversionOptions
from conversion.services import fair_queue, jobs
from tests.conftest import NOON
from tests.factories.accounts import make_author
from tests.factories.conversion import make_job, write_result

pytestmark = [pytest.mark.django_db, pytest.mark.both]

MB = 1024 * 1024


@pytest.fixture(autouse=True)
def _no_messages(monkeypatch, settings):
    monkeypatch.setattr("common.jobs.enqueue", lambda name, **ids: None)
    settings.MAX_OPEN_JOBS = 100  # turns are to hold without that quota


def ask(
    actor: User,
    *,
    seconds: float = 0,
    size_bytes: int = 20,
    file: str = "manuscripts/a.md",
    is_correction: bool = False,
) -> ConversionJob:
    """A job asked for so many seconds after noon."""
    return services.request_conversion(
        actor=actor,
        source_file=file,
        source_name="a.md",
        source_sha256="0" * 64,
        source_bytes=size_bytes,
        options=ConversionOptions(),
        is_correction=is_correction,
        at=NOON + timedelta(seconds=seconds),
    )


def start(*, seconds: float) -> ConversionJob | None:
    """What a worker takes that is woken so many seconds after noon."""
    with clock.frozen(NOON + timedelta(seconds=seconds)):
        claim = services.claim_next()
    return ConversionJob.objects.get(pk=claim.job_id) if claim else None


def end(job: ConversionJob) -> None:
    ConversionJob.objects.filter(pk=job.pk).update(state=JobState.DONE, lease_until=None)


def one_worker(*, from_s: float, count: int, takes_s: float = 5) -> list[ConversionJob]:
    """The jobs in the order in which a single worker makes them."""
    order = []
    for number in range(count):
        job = start(seconds=from_s + number * takes_s)
        assert job is not None
        end(job)
        order.append(job)
    return order


class TestRoundRobin:
    def test_one_job_does_not_wait_behind_eighty_of_another_account(self):
        crowd, honest = make_author(), make_author()
        for number in range(80):
            ask(crowd, seconds=number / 100)
        one_worker(from_s=10, count=2)
        ask(honest, seconds=21)
        owners = [job.requested_by for job in one_worker(from_s=25, count=2)]
        assert honest in owners

    def test_first_come_first_served_would_let_it_wait(self):
        """The negative control: the same jobs by age alone."""
        crowd, honest = make_author(), make_author()
        for number in range(80):
            ask(crowd, seconds=number / 100)
        end(start(seconds=20))
        mine = ask(honest, seconds=19)
        by_age = list(ConversionJob.objects.startable().order_by("created_at", "pk"))
        assert by_age.index(mine) == 79
        assert list(fair_queue.waiting()).index(mine) == 0

    def test_three_accounts_alternate(self):
        people = [make_author() for _number in range(3)]
        for number, person in enumerate(people):
            for _job in range(4):
                ask(person, seconds=number)
        owners = [people.index(job.requested_by) for job in one_worker(from_s=10, count=12)]
        assert owners == [0, 1, 2] * 4

    def test_nobody_comes_before_whoever_waits_by_being_new(self):
        waiting = make_author()
        first, second = ask(waiting), ask(waiting, seconds=1)
        end(start(seconds=10))
        for number in range(20):
            ask(make_author(), seconds=11 + number)
        assert first != second
        assert start(seconds=40) == second

    def test_an_account_has_one_job_running_however_many_workers_are_free(self):
        crowd, honest = make_author(), make_author()
        for _number in range(3):
            ask(crowd)
        assert start(seconds=1).requested_by == crowd
        assert start(seconds=2) is None
        mine = ask(honest, seconds=3)
        assert start(seconds=3) == mine

    def test_a_shop_with_many_workers_may_give_an_account_more(self, settings):
        settings.CONVERSION_RUNNING_PER_ACCOUNT = 2
        crowd = make_author()
        for _number in range(3):
            ask(crowd)
        assert [start(seconds=number) is not None for number in range(3)] == [True, True, False]

    def test_a_dead_workers_job_holds_nobodys_turn(self):
        crowd = make_author()
        for _number in range(2):
            ask(crowd)
        dead = start(seconds=1)
        ConversionJob.objects.filter(pk=dead.pk).update(lease_until=clock.real_now() - timedelta(seconds=1))
        assert start(seconds=40) is not None


class TestSmallFirst:
    def test_a_small_source_overtakes_a_large_one(self):
        large = ask(make_author(), size_bytes=100 * MB)
        small = ask(make_author(), seconds=60)
        assert list(fair_queue.waiting()) == [small, large]

    def test_a_correction_comes_before_the_accounts_own_large_books(self):
        author = make_author()
        end(ask(author, size_bytes=4 * MB, file="manuscripts/corrected.md"))
        large = ask(author, size_bytes=4 * MB, file="manuscripts/new.md")
        correction = ask(author, seconds=1, size_bytes=4 * MB, file="manuscripts/corrected.md")
        assert list(fair_queue.waiting()) == [correction, large]

    def test_what_was_never_made_is_no_correction(self):
        author = make_author()
        first = ask(author, size_bytes=4 * MB)
        ConversionJob.objects.filter(pk=first.pk).update(state=JobState.FAILED)
        assert ask(author, size_bytes=4 * MB).due_at > NOON

    def test_large_sources_leave_a_worker_free(self):
        for _number in range(2):
            ask(make_author(), size_bytes=50 * MB)
        assert start(seconds=600) is not None
        assert start(seconds=601) is None, "the other large one waits"
        small = ask(make_author(), seconds=602)
        assert start(seconds=602) == small


class TestAge:
    def test_a_large_source_never_starves(self):
        """However many small ones arrive: each is due when it comes, and the large one minutes after it came."""
        large = ask(make_author(), size_bytes=200 * MB)
        for number in range(100):
            ask(make_author(), seconds=number * 10)
        order = list(fair_queue.waiting())
        assert order.index(large) == 40, "after those of its 400 seconds, and before all later ones"

    def test_nor_beside_the_accounts_own_small_ones(self):
        author = make_author()
        large = ask(author, size_bytes=100 * MB)
        taken = []
        for number in range(30):
            ask(author, seconds=number * 10)
            taken.append(start(seconds=number * 10 + 1))
            end(taken[-1])
            if taken[-1] == large:
                break
        assert taken[-1] == large


class TestLaneOfCorrections:
    def correct(self, actor: User, *, seconds: float = 0) -> ConversionJob:
        return ask(actor, seconds=seconds, is_correction=True)

    def test_a_correction_is_made_before_first_uploads_that_came_earlier(self):
        for number in range(5):
            ask(make_author(), seconds=number)
        correction = self.correct(make_author(), seconds=6)
        assert start(seconds=10) == correction

    def test_a_correction_in_the_lane_of_uploads_would_wait(self):
        """The negative control: the same job without its lane."""
        uploads = [ask(make_author(), seconds=number) for number in range(5)]
        correction = ask(make_author(), seconds=6)
        assert one_worker(from_s=10, count=6) == [*uploads, correction]

    def test_an_upload_waits_for_three_corrections_at_most(self):
        for number in range(20):
            self.correct(make_author(), seconds=number)
        upload = ask(make_author(), seconds=30)
        assert one_worker(from_s=40, count=4)[3] == upload

    def test_then_corrections_come_first_again(self):
        uploads = [ask(make_author(), seconds=number) for number in range(2)]
        for number in range(8):
            self.correct(make_author(), seconds=number)
        kinds = [job.is_correction for job in one_worker(from_s=20, count=10)]
        assert kinds == [True, True, True, False] * 2 + [True, True]
        assert {job.state for job in ConversionJob.objects.filter(pk__in=[one.pk for one in uploads])} == {"done"}

    def test_corrections_take_turns_among_themselves(self):
        busy, other = make_author(), make_author()
        for number in range(3):
            self.correct(busy, seconds=number)
        mine = self.correct(other, seconds=5)
        assert one_worker(from_s=10, count=2)[1] == mine

    def test_a_lane_of_corrections_alone_goes_on(self):
        for number in range(5):
            self.correct(make_author(), seconds=number)
        assert all(job.is_correction for job in one_worker(from_s=10, count=5))


class TestSizes:
    """Small and large sources have workers of their own."""

    @pytest.fixture(autouse=True)
    def _five_megabytes_are_large(self, settings):
        settings.CONVERSION_LARGE_BYTES = 5 * MB

    def test_a_worker_of_small_sources_never_takes_a_large_one(self):
        large = ask(make_author(), size_bytes=5 * MB + 1)
        assert jobs.claim_next(is_large=False) is None
        small = ask(make_author(), size_bytes=5 * MB)
        claimed = jobs.claim_next(is_large=False)
        assert claimed is not None
        assert claimed.job_id == small.pk
        assert jobs.claim_next(is_large=False) is None
        large.refresh_from_db()
        assert large.state == JobState.QUEUED

    def test_nor_the_other_way_round(self):
        ask(make_author(), size_bytes=MB)
        assert jobs.claim_next(is_large=True) is None

    def test_each_is_woken_by_a_message_of_its_own(self, monkeypatch):
        woken = []
        monkeypatch.setattr("common.jobs.enqueue", lambda name, **ids: woken.append(name))
        ask(make_author(), size_bytes=MB)
        ask(make_author(), size_bytes=6 * MB)
        assert woken == ["conversion.run", "conversion.run_large"]

    def test_the_end_of_a_small_one_wakes_the_accounts_large_one(self, monkeypatch, use_engine):
        woken = []
        author = make_author()
        make_job(requested_by=author)
        make_job(requested_by=author, source_bytes=6 * MB)
        monkeypatch.setattr("common.jobs.enqueue", lambda name, **ids: woken.append(name))
        use_engine(lambda request, report, should_stop: write_result(request.out))
        services.run_next(is_large=False)
        assert woken.count("conversion.run_large") == 1

    def test_a_large_one_that_was_stopped_goes_back_to_its_own_workers(self, monkeypatch):
        ask(make_author(), size_bytes=6 * MB)
        claimed = jobs.claim_next(is_large=True)
        woken = []
        monkeypatch.setattr("common.jobs.enqueue", lambda name, **ids: woken.append(name))
        assert claimed is not None
        jobs.release(claimed)
        assert woken == ["conversion.run_large"]


class TestWaking:
    def test_an_ended_job_wakes_a_worker_for_the_next(self, monkeypatch, use_engine):
        """The account's second job used up its message while the first one ran."""
        woken = []
        monkeypatch.setattr("common.jobs.enqueue", lambda name, **ids: woken.append(name))
        use_engine(lambda request, report, should_stop: 1 / 0)
        author = make_author()
        make_job(requested_by=author)
        make_job(requested_by=author)
        services.run_next()
        assert woken.count("conversion.run") == 1

    def test_a_sweep_sends_few_messages_for_a_long_queue(self, monkeypatch):
        woken = []
        monkeypatch.setattr("common.jobs.enqueue", lambda name, **ids: woken.append(name))
        author = make_author()
        for _number in range(40):
            make_job(requested_by=author, enqueued_at=None)
        assert services.retry_stuck() == 40
        assert woken.count("conversion.run") == 10


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL")
class TestManyWorkers:
    def test_fifty_workers_at_once_take_fifty_jobs_each_once(self, settings):
        settings.CONVERSION_RUNNING_PER_ACCOUNT = 10
        taken = taken_by_fifty_at_once()
        assert None not in taken
        assert set(Counter(taken).values()) == {1}
        assert set(ConversionJob.objects.values_list("attempt", "fencing_token")) == {(1, 1)}

    def test_without_the_conditional_update_several_take_the_same(self, settings, monkeypatch):
        settings.CONVERSION_RUNNING_PER_ACCOUNT = 10
        all_have_looked = Barrier(50)

        def claim_what_looked_free(job_id: int) -> jobs.Claim | None:
            job = ConversionJob.objects.startable().filter(pk=job_id).first()
            all_have_looked.wait(timeout=30)
            ConversionJob.objects.filter(pk=job_id).update(state=JobState.RUNNING)
            return jobs.Claim(job_id=job_id, token=1, attempt=1, source_bytes=0) if job is not None else None

        monkeypatch.setattr(jobs, "claim", claim_what_looked_free)
        assert max(Counter(taken_by_fifty_at_once()).values()) > 1


def taken_by_fifty_at_once() -> list[int | None]:
    """The jobs that fifty workers take of fifty, of five accounts."""
    people = [make_author() for _number in range(5)]
    for number in range(50):
        ask(people[number % 5])

    def take(_number: int) -> int | None:
        try:
            claim = services.claim_next()
            return claim.job_id if claim else None
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=50) as pool:
        return list(pool.map(take, range(50)))
