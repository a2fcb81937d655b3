"""The archive: out of the list, with everything kept; never a book that readers can order."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from common.errors import NotAllowed
from publishing import selectors, services
from publishing.bulk import selectors as bulk_selectors
from publishing.errors import WorkForSale
from publishing.models import EditionState
from tests.factories.publishing import make_contributor, make_edition, make_published_edition, make_work

pytestmark = pytest.mark.django_db


@pytest.fixture
def work(owner):
    return make_edition(work=make_work(owner=owner, title="The Old Draft")).work


def listed(user, **kind):
    return list(selectors.desk_works(user, **kind))


class TestArchiveWork:
    def test_moves_it_between_the_lists_and_back(self, work, owner, noon):
        services.archive_work(actor=owner, work=work, at=noon)
        services.archive_work(actor=owner, work=work, at=noon + timedelta(days=1))
        work.refresh_from_db()
        assert work.archived_at == noon
        assert (listed(owner), listed(owner, is_archived=True)) == ([], [work])
        assert list(bulk_selectors.works_to_choose(owner)) == []
        services.take_from_archive(actor=owner, work=work)
        services.take_from_archive(actor=owner, work=work)
        assert (listed(owner), listed(owner, is_archived=True)) == ([work], [])
        verbs = AuditEntry.objects.filter(verb__in=["work.archived", "work.unarchived"]).order_by("pk")
        assert list(verbs.values_list("verb", flat=True)) == ["work.archived", "work.unarchived"]

    def test_refuses_a_book_that_readers_can_order(self, owner, noon):
        edition = make_published_edition(owner=owner)
        with pytest.raises(WorkForSale):
            services.archive_work(actor=owner, work=edition.work, at=noon)
        announced = make_edition(work=make_work(owner=owner, release_date=noon.date() + timedelta(days=30))).work
        with pytest.raises(WorkForSale):
            services.archive_work(actor=owner, work=announced, at=noon)
        assert not selectors.has_archive(owner)

    def test_takes_a_withdrawn_book_and_gives_it_back_when_it_is_sold_again(self, owner, noon):
        edition = make_published_edition(owner=owner)
        edition.state = EditionState.WITHDRAWN
        edition.save()
        services.archive_work(actor=owner, work=edition.work, at=noon)
        services.publish_edition(actor=owner, edition=edition, at=noon)
        edition.work.refresh_from_db()
        assert edition.work.archived_at is None

    def test_belongs_to_the_owner(self, work, stranger, noon):
        make_contributor(work, user=stranger)
        with pytest.raises(NotAllowed):
            services.archive_work(actor=stranger, work=work, at=noon)


class TestPages:
    def address(self, work) -> str:
        return reverse("work-archive", args=[work.public_id])

    def test_says_what_stays_and_asks(self, as_owner, work):
        page = as_owner.get(self.address(work)).content.decode()
        assert "You can put it back at any time" in page
        assert "its sales in your earnings" not in page  # it has none
        told = as_owner.post(self.address(work), follow=True).content.decode()
        assert "“The Old Draft” is in the archive." in told
        assert f'href="{reverse("work", args=[work.public_id])}"' not in told
        archive = as_owner.get(reverse("desk") + "?archive").content.decode()
        assert f'href="{reverse("work", args=[work.public_id])}"' in archive
        assert "desk-home" not in archive

    def test_the_way_back(self, as_owner, work, owner, noon):
        services.archive_work(actor=owner, work=work, at=noon)
        assert "In the archive: put it back" in as_owner.get(reverse("work", args=[work.public_id])).content.decode()
        told = as_owner.post(self.address(work), {"act": "back"}, follow=True).content.decode()
        assert "is in your list again" in told
        assert "?archive" not in as_owner.get(reverse("desk")).content.decode()

    def test_a_book_on_sale_says_what_to_do_first(self, as_owner, owner):
        edition = make_published_edition(owner=owner)
        assert "Take it off sale" in as_owner.get(self.address(edition.work)).content.decode()
        assert as_owner.post(self.address(edition.work)).status_code == 409
        page = as_owner.get(reverse("work", args=[edition.work.public_id])).content.decode()
        assert self.address(edition.work) not in page
