"""F39: what is replaced or taken off sale while somebody converts or buys it."""

from __future__ import annotations

import pytest

from conversion import services as conversion_services
from conversion.models import Artifact, JobState
from publishing import services as publishing_services
from publishing.models import EditionState
from storefront.checkout.models import Entitlement, OrderState
from storefront.checkout.orders.services import settlement
from tests.conftest import NOON
from tests.factories.accounts import make_reader
from tests.factories.buying import add_edition, make_book, open_page, pay_session, place_order
from tests.factories.conversion import write_result
from tests.factories.publishing import make_manuscript, make_work

pytestmark = pytest.mark.django_db


class TestManuscriptReplacedWhileConverting:
    def test_files_are_of_one_manuscript(self, use_engine) -> None:
        """The author replaces the manuscript under the engine's hands: the first job writes nothing any more."""
        work = make_work()
        first, second = (make_manuscript(work, content=text) for text in (b"# One\n", b"# Two\n"))
        edition = publishing_services.prepare_edition(actor=work.owner, manuscript=first, at=NOON)
        converted: list[bytes] = []

        def replace_and_go_on(request, report, should_stop):
            if not converted:
                publishing_services.prepare_edition(actor=work.owner, manuscript=second, at=NOON)
            converted.append(request.source.read_bytes())
            return write_result(request.out)

        use_engine(replace_and_go_on)
        conversion_services.run_next()
        conversion_services.run_next()
        edition.refresh_from_db()
        assert converted == [b"# One\n", b"# Two\n"]
        assert edition.manuscript == second
        assert (edition.job.state, edition.job.source_sha256) == (JobState.DONE, second.sha256)
        assert {artifact.job_id for artifact in Artifact.objects.all()} == {edition.job_id}

    def test_without_the_fencing_token_both_would_have_files(self, use_engine, monkeypatch) -> None:
        """The control: a job that nobody cancelled keeps its files."""
        work = make_work()
        manuscripts = [make_manuscript(work, content=text) for text in (b"# One\n", b"# Two\n")]
        monkeypatch.setattr("publishing.services.editions._stop", lambda actor, job: None)
        use_engine(lambda request, report, should_stop: write_result(request.out))
        for manuscript in manuscripts:
            publishing_services.prepare_edition(actor=work.owner, manuscript=manuscript, at=NOON)
        conversion_services.run_next()
        conversion_services.run_next()
        assert len({artifact.job_id for artifact in Artifact.objects.all()}) == 2


class TestSoldWhileReplaced:
    def test_who_paid_has_the_edition_that_was_sold(self) -> None:
        reader, book = make_reader(), make_book()
        session = open_page(place_order(reader, book))
        add_edition(book.work)
        pay_session(session)
        settlement.settle_session(session_id=session)
        assert Entitlement.objects.get(user=reader).edition == book

    def test_who_paid_has_it_although_it_was_taken_off_sale(self) -> None:
        reader, book = make_reader(), make_book()
        order = place_order(reader, book)
        session = open_page(order)
        pay_session(session)
        book.state = EditionState.WITHDRAWN
        book.save()
        settlement.settle_session(session_id=session)
        order.refresh_from_db()
        assert order.state == OrderState.PAID
        assert Entitlement.objects.get(user=reader).edition == book
