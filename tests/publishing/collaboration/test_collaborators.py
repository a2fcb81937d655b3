"""What collaborators may do by role, how a role changes and ends, and how a co-author publishes."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from common import clock
from common.errors import NotAllowed, NotFound
from publishing import services as publishing_services
from publishing.collaboration import errors, permissions, selectors
from publishing.collaboration.models import Collaborator, CollaboratorRole
from publishing.collaboration.services import collaborators
from publishing.errors import OwnerPublishesFirst
from publishing.models import EditionState, RightsStatement
from publishing.permissions import (
    may_edit_text,
    may_read_text,
    may_release,
    may_see,
    may_suggest,
    require_decide,
    require_edit_text,
    require_read_text,
    require_suggest,
)
from tests.factories.accounts import make_author, make_moderator, make_reader
from tests.factories.collaboration import make_collaborator, make_invitation
from tests.factories.publishing import make_contributor, make_edition, make_published_edition, make_work

pytestmark = pytest.mark.django_db

# reads, suggests, corrects
RIGHTS = {
    "early_reader": (True, False, False),
    "proofreader": (True, True, False),
    "editor": (True, True, True),
    "co_author": (True, True, True),
}


@pytest.fixture
def work(owner):
    return make_edition(work=make_work(owner=owner)).work


def rights(user, work) -> tuple[bool, ...]:
    checks = (may_read_text, may_suggest, may_edit_text)
    return tuple(check(user, work) for check in checks)


class TestPermissions:
    @pytest.mark.parametrize("role", CollaboratorRole)
    def test_are_those_of_the_role_in_that_work_alone(self, work, role):
        person = make_collaborator(work, role).person
        assert rights(person, work) == RIGHTS[role]
        assert rights(person, make_work(owner=work.owner)) == (False,) * 3
        assert not may_see(person, work)
        assert not permissions.may_invite(person, work)

    @pytest.mark.parametrize("role", CollaboratorRole)
    def test_end_with_the_collaboration_and_the_account(self, work, role):
        gone = make_collaborator(work, role, ended_at=clock.now(), ending="ended").person
        assert rights(gone, work) == (False,) * 3
        inactive = make_collaborator(work, role, user=make_reader(is_active=False)).user
        assert rights(inactive, work) == (False,) * 3

    def test_nobody_has_any_before_accepting(self, work):
        ben = make_reader(email="ben@example.org")
        make_invitation(work, ben.email, "editor")
        assert rights(ben, work) == (False,) * 3

    def test_makers_read_and_editing_ones_correct(self, work):
        drawing, writing = make_author(), make_author()
        make_contributor(work, user=drawing, role="ill")
        make_contributor(work, user=writing, role="aut")
        assert rights(work.owner, work) == rights(writing, work) == (True,) * 3
        assert rights(drawing, work) == (True, False, False)

    def test_strangers_and_staff_write_nothing(self, work):
        for user in (make_author(), make_reader(), make_moderator()):
            assert rights(user, work)[1:] == (False,) * 2

    def test_refusals_hide_the_work_from_who_may_not_read_it(self, work):
        reader = make_collaborator(work, "early_reader").person
        for require in (require_suggest, require_edit_text, require_decide):
            with pytest.raises(NotAllowed):
                require(reader, work)
        for require in (require_read_text, require_suggest, require_edit_text, require_decide):
            with pytest.raises(NotFound):
                require(make_reader(), work)

    def test_publishing_is_what_the_owner_says(self, work):
        assert not may_release(make_collaborator(work, "co_author").person, work)
        assert may_release(make_collaborator(work, "co_author", may_publish=True).person, work)


class TestDatabase:
    def test_refuses_a_second_role_a_publishing_proofreader_and_an_address_of_who_accepted(self, work):
        ben = make_collaborator(work).person
        make_collaborator(work, user=make_reader(), ended_at=clock.now(), ending="left")
        for given in ({"user": ben}, {"may_publish": True}, {"invited_email": "x@example.org"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                make_collaborator(work, **given)


class TestChangeRole:
    def test_counts_at_once(self, owner, work):
        found = make_collaborator(work, "early_reader")
        collaborators.change_role(actor=owner, collaborator=found, role=CollaboratorRole.CO_AUTHOR, may_publish=True)
        assert may_release(found.person, work)

    def test_takes_publishing_away_with_the_role(self, owner, work):
        found = make_collaborator(work, "co_author", may_publish=True)
        with pytest.raises(errors.OnlyCoAuthorsPublish):
            collaborators.change_role(actor=owner, collaborator=found, role=CollaboratorRole.EDITOR, may_publish=True)
        collaborators.change_role(actor=owner, collaborator=found, role=CollaboratorRole.EDITOR, may_publish=False)
        assert not may_release(found.person, work)

    def test_is_not_ones_own_to_change(self, work):
        found = make_collaborator(work)
        for actor in (found.person, make_author()):
            with pytest.raises(NotFound):
                collaborators.change_role(
                    actor=actor, collaborator=found, role=CollaboratorRole.EDITOR, may_publish=False
                )

    def test_refuses_what_is_over(self, owner, work):
        found = make_collaborator(work, ended_at=clock.now(), ending="left")
        with pytest.raises(errors.CollaborationOver):
            collaborators.change_role(actor=owner, collaborator=found, role=CollaboratorRole.EDITOR, may_publish=False)


class TestEnd:
    def test_closes_the_text(self, client, owner, work):
        found = make_collaborator(work)
        client.force_login(found.person)
        page = reverse("work-preview", args=[work.public_id])
        assert client.get(page).status_code == 200
        collaborators.end(actor=owner, collaborator=found, at=clock.now())
        assert client.get(page).status_code == 404
        assert client.get(reverse("collaboration:work", args=[work.public_id])).status_code == 404

    def test_deletes_an_open_invitation(self, owner, work):
        collaborators.end(actor=owner, collaborator=make_invitation(work, "ben@example.org"), at=clock.now())
        assert not Collaborator.objects.exists()

    def test_is_once_and_only_the_owners(self, owner, work):
        found = make_collaborator(work)
        for actor in (found.person, make_author()):
            with pytest.raises(NotFound):
                collaborators.end(actor=actor, collaborator=found, at=clock.now())
        collaborators.end(actor=owner, collaborator=found, at=clock.now())
        with pytest.raises(errors.CollaborationOver):
            collaborators.end(actor=owner, collaborator=found, at=clock.now())

    def test_leaving_is_the_persons_own(self, owner, work):
        found = make_collaborator(work)
        for actor in (owner, make_collaborator(work).person):
            with pytest.raises(NotFound):
                collaborators.leave(actor=actor, collaborator=found, at=clock.now())
        collaborators.leave(actor=found.person, collaborator=found, at=clock.now())
        assert rights(found.person, work) == (False,) * 3


class TestPages:
    def test_shared_lists_ones_own_works(self, client, work):
        found = make_collaborator(work, "editor")
        make_collaborator(make_work(title="The Wick"))
        client.force_login(found.person)
        page = client.get(reverse("collaboration:shared")).content.decode()
        assert "The Lighthouse" in page
        assert "Owned by Ada Quill" in page
        assert "The Wick" not in page

    def test_text_is_read_without_the_rest_of_the_desk(self, client, work):
        client.force_login(make_collaborator(work, "early_reader").person)
        page = client.get(reverse("work-preview", args=[work.public_id])).content.decode()
        assert reverse("collaboration:work", args=[work.public_id]) in page
        for name in ("work", "work-proof", "work-price"):
            assert f'"{reverse(name, args=[work.public_id])}"' not in page

    def test_a_work_without_text_says_so(self, client, owner):
        found = make_collaborator(make_work(owner=owner))
        client.force_login(found.person)
        assert (
            "no text to read yet"
            in client.get(reverse("collaboration:work", args=[found.work.public_id])).content.decode()
        )

    def test_owner_sees_everybody_and_changes_a_role(self, as_owner, work):
        found, invited = make_collaborator(work), make_invitation(work, "cleo@example.org")
        page = as_owner.get(reverse("collaboration:people", args=[work.public_id])).content.decode()
        assert found.person.display_name in page
        assert invited.invited_email in page
        args = [work.public_id, found.public_id]
        as_owner.post(reverse("collaboration:change", args=args), {"role": "editor"})
        found.refresh_from_db()
        assert found.role == "editor"
        as_owner.post(reverse("collaboration:change", args=args), {"role": "owner"})
        as_owner.post(reverse("collaboration:change", args=args), {"role": "editor", "may_publish": "on"})
        found.refresh_from_db()
        assert (found.role, found.may_publish) == ("editor", False)

    def test_list_takes_the_same_queries_for_many(self, client, django_assert_max_num_queries, owner):
        person = make_reader()
        for _ in range(3):
            make_collaborator(make_work(owner=owner), user=person)
        with django_assert_max_num_queries(4):
            assert len(selectors.shared_with(person)) == 3


class TestPublishing:
    @pytest.fixture
    def on_sale(self, owner):
        return make_published_edition(work=make_work(owner=owner))

    def draft(self, on_sale):
        return make_edition(work=on_sale.work)

    def publish(self, actor, edition):
        return publishing_services.publish_edition(actor=actor, edition=edition, at=clock.now())

    def test_by_a_co_author_of_a_new_edition_on_what_the_owner_stated(self, owner, on_sale):
        draft = self.draft(on_sale)
        RightsStatement.objects.filter(edition=draft).delete()
        person = make_collaborator(on_sale.work, "co_author", may_publish=True).person
        self.publish(person, draft)
        on_sale.refresh_from_db()
        assert on_sale.state == EditionState.SUPERSEDED
        assert RightsStatement.objects.get(edition=draft).stated_by == owner

    def test_not_by_others(self, on_sale):
        draft = self.draft(on_sale)
        people = [make_collaborator(on_sale.work, role).person for role in CollaboratorRole]
        for person in (*people, make_collaborator(make_work(), "co_author", may_publish=True).person):
            with pytest.raises(NotFound):
                self.publish(person, draft)

    def test_not_for_the_first_time(self, work):
        person = make_collaborator(work, "co_author", may_publish=True).person
        with pytest.raises(OwnerPublishesFirst):
            self.publish(person, work.editions.get())

    def test_not_again_what_the_owner_took_off_sale(self, owner, on_sale):
        publishing_services.withdraw_edition(actor=owner, edition=on_sale, at=clock.now())
        person = make_collaborator(on_sale.work, "co_author", may_publish=True).person
        with pytest.raises(OwnerPublishesFirst):
            self.publish(person, on_sale)

    def test_page_names_no_price(self, client, on_sale):
        draft = self.draft(on_sale)
        person = make_collaborator(on_sale.work, "co_author", may_publish=True).person
        client.force_login(person)
        page = reverse("collaboration:publish", args=[on_sale.work.public_id])
        assert "4.99" not in client.get(page).content.decode()
        assert client.post(page).status_code == 302
        draft.refresh_from_db()
        assert draft.state == EditionState.PUBLISHED

    def test_page_says_that_the_owner_has_something_to_do_and_not_what(self, client, on_sale):
        self.draft(on_sale)
        on_sale.work.prices.all().delete()
        client.force_login(make_collaborator(on_sale.work, "co_author", may_publish=True).person)
        page = reverse("collaboration:publish", args=[on_sale.work.public_id])
        answer = client.post(page)
        assert answer.status_code == 409
        assert "The owner has to complete something first" in answer.content.decode()
        assert "price" not in answer.content.decode().partition("<main")[2].partition("</main")[0].lower()
