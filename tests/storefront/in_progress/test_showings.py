"""Showing chapters in progress: who may, what is refused, and that nothing changes before the author says so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import AuditEntry
from common import clock, storage
from common.errors import NotAllowed, NotFound
from publishing.models import Edition, EditionState
from publishing.services import drafts
from storefront.catalogue.selectors import web_book_archive
from storefront.in_progress import selectors
from storefront.in_progress.errors import (
    AlreadyPublished,
    NeedsTitle,
    NoChapters,
    NothingToShow,
    TooManyChapters,
    UnderReview,
    UnknownChapter,
)
from storefront.in_progress.models import Showing, ShownChapter
from storefront.in_progress.services import showings
from tests.factories.accounts import make_author, make_moderator, make_operator, make_reader
from tests.factories.collaboration import make_collaborator
from tests.factories.publishing import make_contributor
from tests.storefront.in_progress.conftest import make_draft, show, write

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def titles(edition) -> list[str]:
    return list(ShownChapter.objects.filter(showing__work=edition.work).values_list("title", flat=True))


class TestWhoMay:
    def test_the_owner_and_a_co_author_who_may_publish(self, draft):
        publisher = make_collaborator(draft.work, "co_author", may_publish=True).user
        for person in (draft.work.owner, publisher):
            show(draft, actor=person, latest=1)
            assert AuditEntry.objects.filter(verb="in_progress.shown", actor=person).exists()

    @pytest.mark.parametrize("role", ["early_reader", "proofreader", "editor", "co_author"])
    def test_no_other_collaborator(self, draft, role):
        person = make_collaborator(draft.work, role).user
        with pytest.raises((NotAllowed, NotFound)):
            show(draft, actor=person, latest=1)

    @pytest.mark.parametrize(("role", "is_hired"), [("aut", False), ("edt", False), ("ill", False), ("trl", True)])
    def test_no_contributor(self, draft, role, is_hired):
        person = make_author()
        make_contributor(draft.work, user=person, role=role, is_hired=is_hired)
        with pytest.raises((NotAllowed, NotFound)):
            show(draft, actor=person, latest=1)
        with pytest.raises((NotAllowed, NotFound)):
            showings.stop(actor=person, work=draft.work)

    @pytest.mark.parametrize("make", [make_reader, make_author, make_moderator, make_operator])
    def test_nobody_else(self, draft, make):
        for act in (
            lambda: show(draft, actor=make(), latest=1),
            lambda: showings.show_newest(actor=make(), work=draft.work, at=clock.now()),
            lambda: showings.stop(actor=make(), work=draft.work),
        ):
            with pytest.raises((NotAllowed, NotFound)):
                act()
        assert not ShownChapter.objects.exists()


class TestShow:
    def test_is_off_by_default(self, draft, author):
        assert selectors.showing_of(draft.work) is None
        assert selectors.on_page_of(author.public_id).works == []

    def test_the_latest_or_those_chosen_in_the_order_of_the_book(self, draft):
        show(draft, latest=2)
        assert titles(draft) == ["The Lamp", "The Letter"]
        show(draft, chapters=["c3", "c1"], note=" A first draft. ")
        assert titles(draft) == ["The Harbour", "The Letter"]
        assert Showing.objects.get().note == "A first draft."
        show(draft, latest=50)
        assert len(titles(draft)) == 3

    def test_front_pages_from_the_record_are_no_chapters(self, draft):
        from tests.factories.conversion import make_artifact, web_zip

        draft.job.artifacts.filter(kind="web").delete()
        content = web_zip(("Copyright", "The Harbour", "Also by"), made=("Copyright", "Also by"))
        make_artifact(draft.job, kind="web", content=content)
        show(draft, latest=3)
        assert titles(draft) == ["The Harbour"]
        with pytest.raises(UnknownChapter):
            show(draft, chapters=["c1"])

    @pytest.mark.parametrize(
        ("choice", "error"),
        [
            ({}, NothingToShow),
            ({"latest": 0}, NothingToShow),
            ({"chapters": ["c9"]}, UnknownChapter),
            ({"chapters": ["c1", "../c2"]}, UnknownChapter),
        ],
        ids=str,
    )
    def test_refuses_what_is_not_there(self, draft, choice, error):
        with pytest.raises(error):
            show(draft, **choice)
        assert not ShownChapter.objects.exists()

    def test_refuses_more_than_a_page_holds(self, draft):
        write(draft, tuple(f"Chapter {number}" for number in range(1, 53)))
        with pytest.raises(TooManyChapters):
            show(draft, latest=51)

    def test_refuses_a_draft_without_title(self, draft):
        draft.work.title = ""
        draft.work.save()
        with pytest.raises(NeedsTitle):
            show(draft, latest=1)

    def test_refuses_a_draft_without_text(self, draft):
        draft.job.artifacts.all().delete()
        with pytest.raises(NoChapters):
            show(draft, latest=1)

    def test_refuses_a_book_that_was_published(self, draft):
        Edition.objects.filter(pk=draft.pk).update(state=EditionState.WITHDRAWN, published_at=clock.now())
        with pytest.raises(AlreadyPublished):
            show(draft, latest=1)

    def test_refuses_while_a_moderator_hides_it(self, draft):
        show(draft, latest=1)
        Showing.objects.update(is_hidden=True)
        for act in (
            lambda: show(draft, latest=2),
            lambda: showings.show_newest(actor=draft.work.owner, work=draft.work, at=clock.now()),
        ):
            with pytest.raises(UnderReview):
                act()
        showings.stop(actor=draft.work.owner, work=draft.work)
        with pytest.raises(UnderReview):
            show(draft, latest=1)


class TestNewest:
    def test_nothing_changes_before_the_author_says_so(self, draft):
        showing = show(draft, latest=1)
        write(draft, c3="<h1>The Letter</h1><p>Half a sentence</p>")
        page = selectors.public_showing(showing.public_id)
        assert b"Half a sentence" not in web_book_archive.chapter_file(page.book, "c3")
        showings.show_newest(actor=draft.work.owner, work=draft.work, at=clock.now())
        page = selectors.public_showing(showing.public_id)
        assert b"Half a sentence" in web_book_archive.chapter_file(page.book, "c3")

    def test_only_a_chapter_whose_words_changed_gets_a_new_day(self, draft):
        show(draft, chapters=["c1", "c3"])
        before = clock.now() - timedelta(days=3)
        ShownChapter.objects.update(shown_at=before)
        write(draft, c3="<h1>The Letter</h1><p>New words.</p>")
        showings.show_newest(actor=draft.work.owner, work=draft.work, at=(at := clock.now()))
        assert list(ShownChapter.objects.values_list("title", "shown_at")) == [
            ("The Harbour", before),
            ("The Letter", at),
        ]

    def test_the_latest_follow_the_book_and_picked_ones_their_titles(self, draft):
        show(draft, latest=1)
        write(draft, ("The Harbour", "The Lamp", "The Letter", "The Storm"))
        showings.show_newest(actor=draft.work.owner, work=draft.work, at=clock.now())
        assert titles(draft) == ["The Storm"]
        show(draft, chapters=["c1", "c4"])
        write(draft, ("A Foreword", "The Harbour", "The Lamp"))
        _showing, missing = showings.show_newest(actor=draft.work.owner, work=draft.work, at=clock.now())
        assert titles(draft) == ["The Harbour"]
        assert missing == ["Chapter 4: The Storm"]

    def test_refuses_when_no_picked_chapter_is_left_and_keeps_what_was_shown(self, draft):
        show(draft, chapters=["c1"])
        write(draft, ("Another", "Book"))
        with pytest.raises(UnknownChapter):
            showings.show_newest(actor=draft.work.owner, work=draft.work, at=clock.now())
        assert titles(draft) == ["The Harbour"]

    def test_refuses_when_nothing_is_shown(self, draft):
        with pytest.raises(NothingToShow):
            showings.show_newest(actor=draft.work.owner, work=draft.work, at=clock.now())


class TestEnd:
    def test_by_the_author_at_once_and_twice_is_once(self, draft, author):
        showing = show(draft, latest=1)
        showings.stop(actor=author, work=draft.work)
        showings.stop(actor=author, work=draft.work)
        assert selectors.public_showing(showing.public_id) is None
        assert not ShownChapter.objects.exists()
        assert AuditEntry.objects.filter(verb="in_progress.stopped").count() == 1

    @pytest.mark.parametrize(
        "change",
        [
            lambda draft: type(draft.work.owner).objects.filter(pk=draft.work.owner_id).update(is_active=False),
            lambda draft: type(draft.work).objects.filter(pk=draft.work_id).update(held_by="cas_1"),
            lambda draft: Showing.objects.update(is_hidden=True),
            lambda draft: Edition.objects.filter(pk=draft.pk).update(state="published", published_at=clock.now()),
        ],
        ids=["suspended", "held", "hidden", "published"],
    )
    def test_by_itself(self, draft, author, change):
        showing = show(draft, latest=1)
        assert selectors.public_showing(showing.public_id) is not None
        change(draft)
        assert selectors.public_showing(showing.public_id) is None
        assert selectors.on_page_of(author.public_id).works == []
        assert not selectors.indexed().exists()

    def test_with_the_draft_and_its_file(self, draft, author, django_capture_on_commit_callbacks):
        showing = show(draft, latest=1)
        with django_capture_on_commit_callbacks(execute=True):
            drafts.delete_draft(actor=author, work=draft.work)
        assert not Showing.objects.exists()
        assert not storage.private().exists(showing.file)

    def test_a_file_that_is_shown_stays(self, draft):
        showing = show(draft, latest=1)
        assert selectors.is_file_in_use(showing.file)
        assert not selectors.is_file_in_use("artifacts/00/other.zip")


class TestWhosePage:
    def test_of_authors_under_their_own_name(self, draft, author):
        show(draft, latest=1)
        assert [one.title for one in selectors.on_page_of(author.public_id).works] == ["The Swarm"]
        co_author = make_author()
        make_contributor(draft.work, user=co_author)
        assert len(selectors.on_page_of(co_author.public_id).works) == 1

    def test_never_of_who_is_behind_a_pen_name(self, draft, author):
        draft.work.contributors.update(is_on_page=False, name="Nobody Knows")
        showing = show(draft, latest=1)
        assert selectors.on_page_of(author.public_id).works == []
        page = selectors.public_showing(showing.public_id)
        assert (page.byline, page.author_id) == ("Nobody Knows", "")

    @pytest.mark.parametrize("credit", [{"role": "ill"}, {"role": "trl"}, {"role": "aut", "is_hired": True}], ids=str)
    def test_never_of_who_only_helped(self, draft, credit):
        person = make_author()
        make_contributor(draft.work, user=person, **credit)
        show(draft, latest=1)
        assert selectors.on_page_of(person.public_id).works == []

    def test_adults_only_works_are_counted_and_shown_when_asked_for(self, author):
        edition = make_draft(owner=author, is_adult=True)
        show(edition, latest=1, is_indexed=True)
        page = selectors.on_page_of(author.public_id)
        assert (page.works, page.hidden) == ([], 1)
        assert len(selectors.on_page_of(author.public_id, with_adult=True).works) == 1
        assert not selectors.indexed().exists()
