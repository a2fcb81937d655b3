"""Front and back pages: what the record gives them, what makes files outdated, what the page takes and refuses."""

from __future__ import annotations

import dataclasses
import io

import pytest
from django.urls import reverse

from common import clock
from common.errors import NotFound
from conversion.engine.api import Biography, MatterKind
from publishing import selectors, services
from publishing.errors import NothingToRebuild
from publishing.models import (
    ContributorRole,
    Edition,
    EditionState,
    Isbn,
    MatterSetting,
    RightsBasis,
    RightsStatement,
    Work,
)
from publishing.services import Statement
from tests.factories.accounts import make_author
from tests.factories.publishing import make_contributor, make_edition, make_published_edition, make_work

pytestmark = pytest.mark.django_db

EVERY = tuple(MatterSetting(kind, is_on=True) for kind in MatterKind)


def on(*kinds: MatterKind, words: str = "") -> tuple[MatterSetting, ...]:
    return tuple(MatterSetting(kind, is_on=True, words=words) for kind in kinds)


def matter_of(edition: Edition):
    return selectors.wanted_options(edition).matter


class TestOfNewWorks:
    def test_are_a_title_page_and_a_copyright_page(self, owner, noon):
        work = services.create_work(actor=owner, content=io.BytesIO(b"# One\n\nRain.\n"), name="a.md", at=noon)
        matter = work.editions.get().job.options.matter
        assert [page.kind for page in matter.pages] == [MatterKind.TITLE, MatterKind.COPYRIGHT]
        assert (matter.edition, matter.year, matter.first_year) == (1, noon.year, noon.year)

    def test_a_work_from_before_has_a_title_page_alone(self, owner):
        edition = make_edition(work=make_work(owner=owner))
        assert matter_of(edition) is None
        settings = selectors.matter_settings(edition.work)
        assert [kind for kind, setting in settings.items() if setting.is_on] == [MatterKind.TITLE]
        assert not selectors.are_files_stale(edition)


class TestRecord:
    def test_profiles_give_biographies_and_pen_names_give_none(self, owner):
        owner.bio = "Ada lives by the sea."
        owner.save()
        work = make_work(owner=owner, matter=on(MatterKind.ABOUT))
        edition = make_edition(work=work)
        assert matter_of(edition).biographies == (Biography("Ada Quill", "Ada lives by the sea."),)
        work.contributors.update(is_on_page=False)
        assert matter_of(edition).biographies == ()

    def test_other_works_are_those_on_sale_under_the_same_name(self, owner):
        edition = make_edition(work=make_work(owner=owner, matter=on(MatterKind.ALSO_BY)))
        make_published_edition(owner=owner, title="Fog")
        make_edition(work=make_work(owner=owner, title="A draft"))
        make_published_edition(owner=make_author(), title="Of somebody else")
        under_pen_name = make_published_edition(owner=owner, title="Secret")
        under_pen_name.work.contributors.update(name="Nom de Plume", is_on_page=False)
        held = make_published_edition(owner=owner, title="Held")
        Work.objects.filter(pk=held.work.pk).update(held_by="cas_1")
        adult = make_published_edition(owner=owner, title="For adults")
        Work.objects.filter(pk=adult.work.pk).update(is_adult=True)
        translated = make_published_edition(owner=make_author(), title="Only translated")
        make_contributor(translated.work, user=owner, role=ContributorRole.TRANSLATOR)
        assert matter_of(edition).other_works == ("Fog",)
        assert matter_of(make_edition(work=make_work(owner=owner, matter=on(MatterKind.TITLE)))).other_works == ()

    def test_a_pen_name_lists_only_its_own_books(self, owner):
        edition = make_edition(work=make_work(owner=owner, matter=on(MatterKind.ALSO_BY)))
        edition.work.contributors.update(name="Nom de Plume", is_on_page=False)
        make_published_edition(owner=owner, title="Fog")
        other = make_published_edition(owner=owner, title="Secret")
        other.work.contributors.update(name="Nom de Plume", is_on_page=False)
        assert matter_of(edition).other_works == ("Secret",)

    def test_the_year_of_the_copyright_is_that_of_the_first_edition(self, owner, noon):
        first = make_published_edition(owner=owner, published_at=noon.replace(year=noon.year - 3))
        first.work.matter = on(MatterKind.COPYRIGHT)
        first.work.save()
        second = make_edition(work=first.work)
        matter = matter_of(second)
        assert (matter.edition, matter.first_year) == (2, noon.year - 3)

    def test_the_public_domain_is_stated_and_makes_a_draft_again(self, owner, noon, sent):
        edition = make_edition(work=make_work(owner=owner, matter=on(MatterKind.COPYRIGHT)))
        for basis, is_free in ((RightsBasis.OWN, False), (RightsBasis.FREE, True)):
            services.state_rights(
                actor=owner, edition=edition, statement=Statement(basis, "none", "none", "none"), at=noon
            )
            edition = Edition.objects.get(pk=edition.pk)
            assert matter_of(edition).is_public_domain is is_free
            assert not selectors.are_files_stale(edition)
        assert len(sent) == 1

    def test_the_next_edition_knows_what_was_stated(self, owner, noon):
        edition = make_published_edition(owner=owner)
        RightsStatement.objects.update(basis=RightsBasis.FREE)
        Work.objects.update(matter=None)
        edition.work.matter = on(MatterKind.COPYRIGHT)
        edition.work.save()
        content = io.BytesIO(b"# Two\n\nSun.\n")
        draft = services.upload_manuscript(actor=owner, work=edition.work, content=content, name="b.md", at=noon)
        assert draft.job.options.matter.is_public_domain


class TestSetMatter:
    def test_makes_a_draft_again(self, owner, noon, sent):
        edition = make_edition(work=make_work(owner=owner))
        services.set_matter(actor=owner, work=edition.work, settings=EVERY, at=noon)
        edition = Edition.objects.get(pk=edition.pk)
        assert sent == [edition.job_id]
        assert {page.kind for page in edition.job.options.matter.pages} == set(MatterKind)
        assert not selectors.are_files_stale(edition)

    def test_leaves_an_edition_on_sale_and_lets_the_next_be_made(self, owner, noon, sent):
        edition = make_published_edition(owner=owner)
        services.set_matter(actor=owner, work=edition.work, settings=EVERY, at=noon)
        assert sent == []
        edition.work.refresh_from_db()
        assert selectors.are_files_stale(edition)
        draft = services.rebuild_edition(actor=owner, work=edition.work, at=noon)
        assert (draft.number, len(sent)) == (2, 1)

    def test_words_of_a_page_that_is_off_are_kept_and_make_nothing_again(self, owner, noon, sent):
        edition = make_edition(work=make_work(owner=owner, matter=on(MatterKind.TITLE)))
        settings = (*on(MatterKind.TITLE), MatterSetting(MatterKind.DEDICATION, words="For Ada"))
        work = services.set_matter(actor=owner, work=edition.work, settings=settings, at=noon)
        assert sent == []
        assert selectors.matter_settings(work)[MatterKind.DEDICATION].words == "For Ada"

    def test_refuses_a_stranger(self, owner, stranger, noon):
        edition = make_edition(work=make_work(owner=owner))
        with pytest.raises(NotFound):
            services.set_matter(actor=stranger, work=edition.work, settings=EVERY, at=noon)
        edition.work.refresh_from_db()
        assert edition.work.matter is None


class TestOutdated:
    def test_another_book_on_sale_makes_no_file_stale_but_may_be_built_in(self, owner, noon):
        edition = make_edition(work=make_work(owner=owner, matter=on(MatterKind.ALSO_BY)))
        with pytest.raises(NothingToRebuild):
            services.rebuild_edition(actor=owner, work=edition.work, at=noon)
        make_published_edition(owner=owner, title="Fog")
        assert not selectors.are_files_stale(edition)
        assert selectors.is_matter_outdated(edition)
        draft = services.rebuild_edition(actor=owner, work=edition.work, at=noon)
        assert draft.job.options.matter.other_works == ("Fog",)
        assert not selectors.is_matter_outdated(draft)

    def test_a_new_year_changes_nothing(self, owner):
        edition = make_edition(work=make_work(owner=owner, matter=on(MatterKind.COPYRIGHT)))
        asked = edition.job.options
        matter = dataclasses.replace(asked.matter, year=1999, first_year=1999)
        edition.job.options = dataclasses.replace(asked, matter=matter)
        assert not selectors.are_files_stale(edition)
        assert not selectors.is_matter_outdated(edition)


class TestPage:
    @pytest.fixture
    def edition(self, owner) -> Edition:
        return make_edition(work=make_work(owner=owner, subtitle="A tale", imprint="Tidal"))

    @pytest.fixture
    def address(self, edition) -> str:
        return reverse("work-matter", args=[edition.work.public_id])

    def test_shows_every_page_as_it_will_look(self, as_owner, edition, address, noon):
        page = as_owner.get(address).content.decode()
        for words in ("The Lighthouse", "A tale", "Ada Quill", f"© {noon.year} Ada Quill", "Published by Tidal"):
            assert words in page
        assert page.count("Nothing to show yet") == 3

    def test_saves_and_shows_what_was_typed(self, as_owner, edition, address):
        response = as_owner.post(address, {"dedication_on": "on", "dedication_words": "For Ada\nwith love"})
        assert response["Location"] == address
        page = as_owner.get(address).content.decode()
        assert "Pages saved. We are making the files with them." in page
        edition.work.refresh_from_db()
        assert [one.kind for one in edition.work.matter if one.is_on] == [MatterKind.DEDICATION]
        assert "with love" in page

    def test_odd_words_are_cleaned_and_shown_as_text(self, as_owner, edition, address):
        words = "<script>alert(1)</script>\x1b{{ name }} {names}\u202eabc"
        as_owner.post(address, {"dedication_on": "on", "dedication_words": words})
        edition.work.refresh_from_db()
        saved = selectors.matter_settings(edition.work)[MatterKind.DEDICATION].words
        assert "\x1b" not in saved
        page = as_owner.get(address).content.decode()
        assert "<script>alert(1)" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page

    def test_too_many_words_are_refused_and_stay(self, as_owner, edition, address):
        words = "word " * 1000
        response = as_owner.post(address, {"dedication_on": "on", "dedication_words": words, "title_words": "Kept"})
        assert response.status_code == 422
        assert list(response.context["form"].errors) == ["dedication_words"]
        assert "Kept" in response.content.decode()
        edition.work.refresh_from_db()
        assert edition.work.matter is None

    def test_says_when_the_files_are_older_and_builds(self, as_owner, owner, noon):
        edition = make_published_edition(owner=owner)
        address = reverse("work-matter", args=[edition.work.public_id])
        assert "Build now" not in as_owner.get(address).content.decode()
        services.set_matter(actor=owner, work=edition.work, settings=EVERY, at=noon)
        assert "Build now" in as_owner.get(address).content.decode()
        as_owner.post(reverse("work-rebuild", args=[edition.work.public_id]))
        assert edition.work.editions.count() == 2

    def test_another_tab_is_not_overwritten(self, as_owner, owner, edition, address, noon):
        seen = as_owner.get(address).context["form"]["seen"].value()
        services.set_matter(actor=owner, work=edition.work, settings=on(MatterKind.DEDICATION, words="For Bo"), at=noon)
        response = as_owner.post(address, {"seen": seen, "dedication_on": "on", "dedication_words": "For Ada"})
        assert response.status_code == 422
        assert "For Bo" in response.content.decode()


class TestSourceOfTranslations:
    def source_of(self, edition: Edition) -> str:
        return selectors.wanted_options(edition).overrides.source

    def test_is_the_first_edition_of_the_original_and_stays_that(self):
        original = make_work()
        first = make_published_edition(work=original)
        translated = make_edition(work=make_work(owner=original.owner, translation_of=original))
        assert self.source_of(translated) == first.identifier
        Edition.objects.filter(pk=first.pk).update(state=EditionState.SUPERSEDED)
        make_published_edition(work=original, number=2)
        assert self.source_of(translated) == first.identifier

    def test_is_its_isbn_where_it_has_one(self):
        original = make_work()
        make_published_edition(work=original)
        Isbn.objects.create(work=original, format="epub", number="9783161484100", given_at=clock.now())
        translated = make_edition(work=make_work(owner=original.owner, translation_of=original))
        assert self.source_of(translated) == "urn:isbn:9783161484100"

    def test_is_nothing_for_drafts_and_for_other_books(self):
        original = make_work()
        draft = make_edition(work=original)
        assert self.source_of(draft) == ""
        assert self.source_of(make_edition(work=make_work(owner=original.owner, translation_of=original))) == ""
