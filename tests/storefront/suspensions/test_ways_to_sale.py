"""Nothing of a suspended or ended author goes on sale, by any way, and nothing else is touched."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.restrictions import AuthorAccountEnded, ContentSuspended, OwnerRestricted
from common import clock
from hiring.offers.models import Offer
from hiring.offers.services import offers as offer_services
from publishing import services as publishing_services
from publishing.bulk.services import editing, stepping
from publishing.models import EditionState, PlannedRelease
from publishing.services import publishing_as, release_dates
from publishing.services.publishing_as import Publication
from storefront.catalogue.models import BundleState, Listing
from storefront.catalogue.services import bundles
from storefront.community.services import remedies
from storefront.suspensions.services import suspending
from tests.conftest import NOON
from tests.factories.accounts import make_author, make_moderator
from tests.factories.bulk import make_bulk_edit
from tests.factories.collaboration import make_collaborator
from tests.factories.hiring import make_offer
from tests.factories.offers import make_bundle
from tests.factories.publishing import make_edition, make_published_edition, make_work
from tests.factories.suspensions import make_ending, make_suspension
from tests.storefront.community.reported import decide, report

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def author(db):
    return make_author(display_name="Ada")


@pytest.fixture(params=["suspended", "ended"])
def forbid(request, author):
    """Suspend the author or end their account, once called."""

    def act():
        make_suspension(author) if request.param == "suspended" else make_ending(author)
        return ContentSuspended if request.param == "suspended" else AuthorAccountEnded

    return act


def is_on_sale(work):
    return work.editions.on_sale().exists() and Listing.objects.filter(work=work, is_on_sale=True).exists()


def test_the_service_and_the_publish_page(author, forbid, client):
    edition = make_edition(work=make_work(owner=author))
    error = forbid()
    with pytest.raises(error):
        publishing_services.publish_edition(actor=author, edition=edition, at=NOON)
    client.force_login(author)
    page = client.post(reverse("work-publish", args=[edition.work.public_id]))
    assert page.status_code == 409
    assert "Warnings and suspensions" in page.content.decode()
    assert not is_on_sale(edition.work)


def test_an_edition_that_was_withdrawn(author, forbid):
    edition = make_published_edition(owner=author)
    publishing_services.withdraw_edition(actor=author, edition=edition, at=NOON)
    error = forbid()
    with pytest.raises(error):
        publishing_services.publish_edition(actor=author, edition=edition, at=NOON)


def test_publish_next_and_the_plan(author, forbid):
    published = make_published_edition(owner=author)
    draft = make_edition(work=published.work)
    planned = Publication(is_revision=True, due_at=NOON + DAY)
    publishing_as.publish_as(actor=author, work=published.work, publication=planned, at=NOON)
    error = forbid()
    with pytest.raises(error):
        now = Publication(is_revision=True)
        publishing_as.publish_as(actor=author, work=published.work, publication=now, at=NOON)
    plan = PlannedRelease.objects.get()
    assert not publishing_as.release_planned(plan_id=plan.pk, at=NOON + 2 * DAY)
    draft.refresh_from_db()
    assert draft.state == EditionState.DRAFT


def test_the_announced_day(author, forbid):
    edition = make_edition(work=make_work(owner=author))
    release_dates.announce_release(actor=author, work=edition.work, day=(NOON + 3 * DAY).date(), at=NOON)
    other = make_edition(work=make_work(owner=author))
    error = forbid()
    assert not release_dates.release(edition_id=edition.pk, at=NOON + 4 * DAY)
    with pytest.raises(error):
        release_dates.announce_release(actor=author, work=other.work, day=(NOON + 3 * DAY).date(), at=NOON)
    edition.refresh_from_db()
    assert edition.state == EditionState.DRAFT


def test_an_announced_day_after_the_last_one(author):
    """What waited goes on sale by itself when the suspension is over."""
    edition = make_edition(work=make_work(owner=author))
    release_dates.announce_release(actor=author, work=edition.work, day=(NOON + 3 * DAY).date(), at=NOON)
    make_suspension(author)
    assert not release_dates.release(edition_id=edition.pk, at=NOON + 30 * DAY)
    assert release_dates.release(edition_id=edition.pk, at=NOON + 31 * DAY)
    assert is_on_sale(edition.work)


def test_bulk_changes_put_nothing_on_sale(author, forbid):
    edition = make_edition(work=make_work(owner=author))
    forbid()
    edit = make_bulk_edit(author, edition.work)
    editing.apply(actor=author, edit=edit, with_on_sale=True, at=NOON)
    stepping.go_on(edit_id=edit.pk)
    edition.work.refresh_from_db()
    assert edition.work.imprint == "Wharf House"
    assert not is_on_sale(edition.work)


@pytest.mark.parametrize("with_draft", [False, True])
def test_what_was_mended(author, forbid, with_draft):
    edition = make_published_edition(owner=author)
    case = decide(report(edition.work))
    if with_draft:
        make_edition(work=edition.work)
    remedies.send(actor=author, case=case, text="Mended.", at=NOON)
    forbid()
    given = {"is_accepted": True, "reason": "It is.", "seen": remedies.version_of(case), "at": NOON}
    with pytest.raises(OwnerRestricted):
        remedies.decide(actor=make_moderator(), case=case, **given)
    assert not is_on_sale(edition.work)


def test_co_authors_cannot_do_it_for_the_owner(author, forbid):
    published = make_published_edition(owner=author)
    draft = make_edition(work=published.work)
    person = make_collaborator(published.work, role="co_author", may_publish=True).user
    forbid()
    with pytest.raises(OwnerRestricted):
        publishing_services.publish_edition(actor=person, edition=draft, at=NOON)


def test_uploads_and_new_works(author, forbid):
    edition = make_edition(work=make_work(owner=author))
    error = forbid()
    for act in (
        lambda: publishing_services.create_work(actor=author, content=io.BytesIO(b"# A\n\nB."), name="a.md", at=NOON),
        lambda: publishing_services.begin_work(actor=author, title="A", language="en", at=NOON),
        lambda: publishing_services.upload_manuscript(
            actor=author, work=edition.work, content=io.BytesIO(b"# A\n\nB."), name="a.md", at=NOON
        ),
    ):
        with pytest.raises(error):
            act()


def test_bundles(author, forbid):
    first, second = make_published_edition(owner=author), make_published_edition(owner=author)
    bundle = make_bundle(first, second, on_sale=False)
    error = forbid()
    with pytest.raises(error):
        bundles.put_on_sale(actor=author, bundle=bundle, at=NOON)
    bundle.refresh_from_db()
    assert bundle.state == BundleState.DRAFT


def test_services(author, forbid):
    shown = make_offer(provider=author)
    assert Offer.objects.public().filter(pk=shown.pk).exists()
    error = forbid()
    assert not Offer.objects.public().filter(pk=shown.pk).exists()
    offer_services.pause_offer(actor=author, offer=shown)
    with pytest.raises(error):
        offer_services.publish_offer(actor=author, offer=shown, at=NOON)


def test_a_suspension_leaves_on_sale_what_is(author):
    edition = make_published_edition(owner=author)
    made = make_suspension(author)
    assert is_on_sale(edition.work)
    draft = make_edition(work=edition.work)
    suspending.lift(actor=make_moderator(), suspension=made, reason="All is mended.", at=NOON)
    with clock.frozen(NOON):
        publishing_services.publish_edition(actor=author, edition=draft, at=NOON)
    assert edition.work.editions.on_sale().get().pk == draft.pk
