"""Readers' typos in the author's text: a suggestion at its place, decided in one click, and what the reader hears."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import Deletion
from common import clock
from common.errors import DomainError
from publishing.editing.errors import AlreadyDecided, CorrectionClashes
from publishing.editing.models import Correction, Decision, WorkText
from publishing.editing.services import deciding
from publishing.models import Edition
from storefront.reading.models import TypoReport, TypoState
from storefront.reading.selectors import typos
from storefront.reading.services import account_deletion
from storefront.reading.services import typos as typo_services
from tests.conversion.patches.samples import book_of
from tests.factories.accounts import make_reader
from tests.factories.editing import make_text
from tests.factories.reading import give, publish_text
from tests.storefront.reading.test_typos import WRONG, make_typo, new_edition

pytestmark = [pytest.mark.both, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _no_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("common.jobs.enqueue_later", lambda name, **given: None)


@pytest.fixture
def text() -> WorkText:
    return written()


def written() -> WorkText:
    """A book on sale whose author's text is what readers see."""
    edition = publish_text(WRONG, slug="lighthouse")
    chapters = [list(lines) for _title, *lines in WRONG]
    return make_text(edition=edition, book=book_of(*chapters, titles=[title for title, *_lines in WRONG]))


def edition_of(text: WorkText) -> Edition:
    return Edition.objects.get(work=text.work)


def decide(text: WorkText, report: TypoReport, state: TypoState) -> None:
    typo_services.decide(actor=text.work.owner, work=text.work, report_id=report.public_id, state=state, at=clock.now())


def states() -> list[str]:
    return list(Correction.objects.order_by("pk").values_list("decision", flat=True))


class TestSuggestion:
    def test_stands_at_its_place_and_names_no_reader(self, text: WorkText) -> None:
        report = make_typo(edition_of(text))
        made = report.suggestions.get()
        assert (made.decision, made.origin, made.author) == (Decision.SUGGESTED, "reader", None)
        (finding,) = typos.findings_of(text.work)
        assert finding.is_suggested

    def test_of_several_readers_is_one(self, text: WorkText) -> None:
        for _ in range(3):
            make_typo(edition_of(text))
        assert states() == ["suggested"]

    def test_is_not_guessed_where_the_author_wrote_otherwise(self) -> None:
        edition = publish_text(WRONG)
        make_text(edition=edition, book=book_of(["Another text altogether, with other words in it."]))
        report = make_typo(edition)
        assert not report.suggestions.exists()
        assert [one.is_suggested for one in typos.findings_of(edition.work)] == [False]

    def test_waits_for_a_text_that_is_read_later(self) -> None:
        edition = publish_text(WRONG)
        report = make_typo(edition)
        assert not report.suggestions.exists()
        text = make_text(edition=edition, book=book_of(*[list(lines) for _title, *lines in WRONG]))
        decide(text, report, TypoState.DONE)
        assert states() == ["accepted"]


class TestDecide:
    def test_accepts_in_one_click_for_all_readers(self, text: WorkText) -> None:
        report, _other = make_typo(edition_of(text)), make_typo(edition_of(text))
        decide(text, report, TypoState.DONE)
        assert states() == ["accepted"]
        assert [one.state for one in typos.findings_of(text.work)] == [TypoState.DONE]
        assert WorkText.objects.get(pk=text.pk).due_at is not None, "the files are made again"

    def test_declines_and_does_not_propose_again(self, text: WorkText) -> None:
        decide(text, make_typo(edition_of(text)), TypoState.DECLINED)
        make_typo(edition_of(text))
        assert states() == ["declined"]
        assert [one.state for one in typos.findings_of(text.work)] == [TypoState.DECLINED]

    @pytest.mark.parametrize("state", [TypoState.DONE, TypoState.DECLINED])
    def test_opens_again_and_decides_anew(self, text: WorkText, state: TypoState) -> None:
        report = make_typo(edition_of(text))
        decide(text, report, state)
        decide(text, report, TypoState.OPEN)
        assert not Correction.objects.accepted().exists()
        assert [one.is_open for one in typos.findings_of(text.work)] == [True]
        decide(text, report, TypoState.DONE)
        assert Correction.objects.accepted().count() == 1

    @pytest.mark.parametrize(
        ("service", "then"), [(deciding.accept, TypoState.DONE), (deciding.decline, TypoState.DECLINED)]
    )
    def test_on_the_page_of_corrections_counts_here(self, text: WorkText, service: Any, then: TypoState) -> None:
        made = make_typo(edition_of(text)).suggestions.get()
        service(actor=text.work.owner, work=text.work, correction=made, at=clock.now())
        assert [one.state for one in typos.findings_of(text.work)] == [then]

    def test_refuses_one_that_overlaps_what_was_accepted(self, client: Client, text: WorkText) -> None:
        first, second = make_typo(edition_of(text)), make_typo(edition_of(text), replacement="that water")
        decide(text, first, TypoState.DONE)
        with pytest.raises(CorrectionClashes):
            decide(text, second, TypoState.DONE)
        assert sorted(states()) == ["accepted", "suggested"]
        client.force_login(text.work.owner)
        address = reverse("reading:work-typo", args=[text.work.public_id, second.public_id])
        page = client.post(address, {"state": "done"}, follow=True).content.decode()
        assert "have been corrected in another way" in page
        decide(text, second, TypoState.DECLINED)
        assert sorted(states()) == ["accepted", "declined"]


class TestReader:
    def own(self, report: TypoReport) -> typos.OwnReport:
        (found,) = typos.own_findings(report.user, report.work)
        return found

    def test_hears_that_the_next_edition_has_it_and_then_in_which_it_is(self, text: WorkText) -> None:
        report = make_typo(edition_of(text))
        assert not self.own(report).is_in_text
        decide(text, report, TypoState.DONE)
        assert (self.own(report).is_in_text, self.own(report).corrected_in) == (True, 0)
        second = new_edition(edition_of(text))
        Edition.objects.filter(pk=second.pk).update(published_at=clock.now() + timedelta(days=1))
        found = self.own(report)
        assert (found.place, found.corrected_in) == (typos.TypoPlace.CORRECTED, second.number)

    def test_is_told_on_the_page(self, client: Client, text: WorkText) -> None:
        report = make_typo(edition_of(text))
        client.force_login(report.user)
        decide(text, report, TypoState.DONE)
        assert "the next edition has it" in client.get("/read/lighthouse/typo/").content.decode()

    def test_who_leaves_takes_along_what_nobody_accepted(self, text: WorkText) -> None:
        kept, gone = make_typo(edition_of(text)), make_typo(edition_of(text), "after teh", "after the")
        decide(text, kept, TypoState.DONE)
        shared = make_typo(edition_of(text), "one after", "once after")
        make_typo(edition_of(text), "one after", "once after")
        for report in (kept, gone, shared):
            leaving = Deletion(user=report.user, asked_at=clock.now(), due_at=clock.now())
            account_deletion.erase(leaving, clock.now())
        assert sorted(states()) == ["accepted", "suggested"]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL")
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
class TestRaces:
    def both(self, text: WorkText, reports: list[TypoReport]) -> list[str]:
        def run(report: TypoReport) -> str:
            try:
                decide(text, report, TypoState.DONE)
            except DomainError as error:
                return type(error).__name__
            finally:
                connection.close()
            return ""

        with ThreadPoolExecutor(max_workers=2) as pool:
            return sorted(pool.map(run, reports))

    def meet(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let both look at the text before either writes, as far as a lock lets them."""
        barrier, look = Barrier(2), deciding.require_apart

        def slow(*given: Any) -> None:
            look(*given)
            with suppress(BrokenBarrierError):  # the lock held the other one back
                barrier.wait(timeout=2)

        monkeypatch.setattr(deciding, "require_apart", slow)

    def overlapping(self, text: WorkText) -> list[TypoReport]:
        return [make_typo(edition_of(text)), make_typo(edition_of(text), replacement="that water")]

    def test_of_two_that_overlap_one_is_accepted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        text = written()
        self.meet(monkeypatch)
        assert self.both(text, self.overlapping(text)) == ["", "CorrectionClashes"]
        assert Correction.objects.accepted().count() == 1

    def test_without_the_lock_both_would_be(self, monkeypatch: pytest.MonkeyPatch) -> None:
        text = written()

        def unlocked(work: Any) -> WorkText:
            found = WorkText.objects.select_related("base").get(work=work)
            found.work = work
            return found

        monkeypatch.setattr(deciding, "lock_text", unlocked)
        self.meet(monkeypatch)
        reports = self.overlapping(text)
        self.both(text, reports)
        assert Correction.objects.accepted().count() == 2

    def test_two_readers_at_once_make_one_suggestion(self) -> None:
        text = written()
        edition, readers = edition_of(text), [make_reader(), make_reader()]
        for reader in readers:
            give(reader, edition)

        def run(reader: Any) -> None:
            try:
                make_typo(edition, reader=reader)
            finally:
                connection.close()

        with ThreadPoolExecutor(max_workers=2) as pool:
            list(pool.map(run, readers))
        assert states() == ["suggested"]
        assert TypoReport.suggestions.through.objects.count() == 2


def test_deciding_twice_is_refused_where_it_is_decided(text: WorkText) -> None:
    made = make_typo(edition_of(text)).suggestions.get()
    deciding.accept(actor=text.work.owner, work=text.work, correction=made, at=clock.now())
    with pytest.raises(AlreadyDecided):
        deciding.decline(actor=text.work.owner, work=text.work, correction=made, at=clock.now())
