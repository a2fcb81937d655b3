"""Saving the record: who may, what is refused, and what follows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from common import clock
from common.errors import NotAllowed
from conversion.models import JobState
from publishing import selectors
from publishing.models import Isbn, Work
from publishing.record import services
from publishing.record.errors import (
    IsbnTaken,
    IsbnWrong,
    KeywordNamesAuthor,
    MainSubjectIsQualifier,
    MiningNotReservable,
    SourceMissing,
)
from publishing.record.selectors import isbns_of, rights_of, subjects_of
from publishing.record.services import Record
from tests.factories.accounts import make_author
from tests.factories.publishing import make_contributor, make_edition, make_published_edition, make_work

pytestmark = pytest.mark.django_db

EPUB, PRINT, OTHER = "9780306406157", "9783161484100", "9780140449136"
RECORD = Record(isbns={"epub": EPUB, "print": PRINT}, subjects=("FFJ", "FRM", "1DDU"), keywords=("found family",))


@pytest.fixture
def draft(owner) -> Work:
    return make_edition(work=make_work(owner=owner)).work


def save(work: Work, record: Record) -> Work:
    return services.update_record(actor=work.owner, work=work, record=record, at=clock.now())


class TestNumbers:
    def test_are_kept_by_format(self, draft: Work) -> None:
        save(draft, replace(RECORD, isbns={"epub": "0-306-40615-2", "print": ""}))
        assert isbns_of(draft) == {"epub": EPUB}
        save(draft, RECORD)
        save(draft, RECORD)
        assert isbns_of(draft) == {"epub": EPUB, "print": PRINT}

    def test_of_a_draft_are_free_again(self, draft: Work) -> None:
        save(draft, RECORD)
        save(draft, replace(RECORD, isbns={"epub": OTHER}))
        assert isbns_of(draft) == {"epub": OTHER}
        save(make_edition(work=make_work()).work, replace(RECORD, isbns={"print": EPUB}))

    def test_that_were_sold_stay_taken_and_may_come_back(self, owner) -> None:
        work = make_published_edition(owner=owner).work
        save(work, RECORD)
        save(work, Record())
        assert isbns_of(work) == {}
        with pytest.raises(IsbnTaken):
            save(make_edition(work=make_work()).work, replace(RECORD, isbns={"epub": EPUB}))
        with pytest.raises(IsbnTaken):
            save(work, Record(isbns={"print": EPUB}))
        save(work, RECORD)
        assert isbns_of(work) == {"epub": EPUB, "print": PRINT}

    @pytest.mark.parametrize("isbns", [{"epub": OTHER}, {"print": OTHER}])
    def test_of_another_book_are_refused_and_nothing_is_saved(self, draft: Work, isbns: dict[str, str]) -> None:
        Isbn.objects.create(work=make_work(), format="epub", number=OTHER, given_at=clock.now())
        with pytest.raises(IsbnTaken) as refused:
            save(draft, replace(RECORD, isbns=isbns))
        assert "978-0-14-044913-6" in str(refused.value.text)
        draft.refresh_from_db()
        assert (draft.keywords, isbns_of(draft)) == ([], {})

    def test_are_one_for_each_format(self, draft: Work) -> None:
        with pytest.raises(IsbnTaken):
            save(draft, replace(RECORD, isbns={"epub": EPUB, "print": EPUB}))

    def test_with_a_wrong_check_digit_are_refused(self, draft: Work) -> None:
        with pytest.raises(IsbnWrong):
            save(draft, replace(RECORD, isbns={"epub": "9780306406158"}))

    def test_are_held_apart_by_the_database(self, draft: Work) -> None:
        save(draft, RECORD)
        for values in (
            {"work": make_work(), "format": "print", "number": EPUB},
            {"work": draft, "format": "epub", "number": OTHER},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                Isbn.objects.create(given_at=clock.now(), **values)


class TestUpdateRecord:
    def test_only_the_owner_may(self, draft: Work) -> None:
        maker = make_author()
        make_contributor(draft, user=maker)
        with pytest.raises(NotAllowed):
            services.update_record(actor=maker, work=draft, record=RECORD, at=clock.now())

    def test_the_first_subject_is_the_main_one(self, draft: Work) -> None:
        save(draft, RECORD)
        draft.refresh_from_db()
        assert (draft.subject, draft.more_subjects) == ("FFJ", ["FRM", "1DDU"])
        assert subjects_of(draft) == ["FFJ", "FRM", "1DDU"]

    def test_without_subjects_the_main_one_stays(self, draft: Work) -> None:
        save(draft, Record())
        draft.refresh_from_db()
        assert draft.subject == "FB"

    def test_a_qualifier_is_never_the_main_one(self, draft: Work) -> None:
        with pytest.raises(MainSubjectIsQualifier):
            save(draft, replace(RECORD, subjects=("1DDU",)))

    @pytest.mark.parametrize("keyword", ["Una Known", "una known books", "best of UNA KNOWN"])
    def test_keywords_name_no_other_author_of_the_shop(self, draft: Work, keyword: str) -> None:
        other = make_published_edition().work
        make_contributor(other, name="Una Known")
        with pytest.raises(KeywordNamesAuthor):
            save(draft, replace(RECORD, keywords=(keyword,)))

    def test_names_of_drafts_and_single_words_are_no_hindrance(self, draft: Work) -> None:
        make_contributor(make_edition().work, name="Una Draft")
        make_contributor(make_published_edition().work, name="Storm")
        save(draft, replace(RECORD, keywords=("storm", "una draft")))

    def test_the_public_domain_has_a_source(self, draft: Work) -> None:
        with pytest.raises(SourceMissing):
            save(draft, replace(RECORD, licence="public-domain", public_domain_source="  "))
        save(draft, replace(RECORD, licence="public-domain", public_domain_source="London 1851"))
        assert "London 1851" in rights_of(Work.objects.get(pk=draft.pk))

    @pytest.mark.parametrize("licence", ["cc-by-4.0", "cc0-1.0"])
    def test_mining_is_reserved_only_with_all_rights(self, draft: Work, licence: str) -> None:
        with pytest.raises(MiningNotReservable):
            save(draft, replace(RECORD, licence=licence, is_mining_reserved=True))


class TestFiles:
    def test_numbers_and_rights_make_files_stale(self, owner) -> None:
        for record in (Record(isbns={"epub": EPUB}), Record(is_mining_reserved=True), Record(licence="cc-by-4.0")):
            edition = make_published_edition(owner=owner)
            assert not selectors.are_files_stale(edition)
            edition.work = save(edition.work, record)
            assert selectors.are_files_stale(edition)

    def test_keywords_and_subjects_alone_do_not(self, owner) -> None:
        edition = make_published_edition(owner=owner)
        edition.work = save(edition.work, replace(RECORD, isbns={}))
        assert not selectors.are_files_stale(edition)

    def test_of_a_draft_are_made_again_with_all_of_it(self, owner) -> None:
        work = make_edition(work=make_work(owner=owner)).work
        save(work, replace(RECORD, licence="cc-by-sa-4.0", rights_line="© 2026 Ada"))
        edition = selectors.draft_of(work)
        assert edition is not None
        assert edition.job.state == JobState.QUEUED
        asked = edition.job.options.overrides
        assert (asked.identifier, asked.print_isbn) == (f"urn:isbn:{EPUB}", PRINT)
        assert asked.subjects[0] == "Crime & mystery: cosy mystery"
        assert asked.subject_codes == ("FFJ", "FRM", "1DDU")
        assert asked.subjects[-1] == "found family"
        assert asked.rights.startswith("© 2026 Ada This work is licensed under CC BY-SA 4.0")
        assert asked.licence == "https://creativecommons.org/licenses/by-sa/4.0/"
