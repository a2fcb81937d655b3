"""What the record says of the people of a work: roles, biographies, numbers, order."""

from __future__ import annotations

import pytest
from django.urls import reverse

from common import clock
from common.errors import NotAllowed
from publishing import selectors
from publishing.errors import AlreadyContributor
from publishing.models import Contributor, ContributorRole, Work
from publishing.record import name_ids, people
from publishing.record.errors import IsniWrong, OrcidWrong
from publishing.record.people import PersonRecord
from storefront.catalogue.models import Listing
from storefront.catalogue.onix import codes
from tests.factories.accounts import make_author
from tests.factories.publishing import make_contributor, make_edition, make_published_edition, make_work

pytestmark = pytest.mark.django_db


@pytest.fixture
def work(owner) -> Work:
    return make_edition(work=make_work(owner=owner)).work


def describe(person: Contributor, **given: str) -> Contributor:
    record = PersonRecord(**{"role": person.role, **given})
    return people.describe_person(actor=person.work.owner, contributor=person, person=record, at=clock.now())


def names(work: Work) -> list[str]:
    return list(work.contributors.values_list("name", flat=True))


class TestNumbers:
    @pytest.mark.parametrize(
        "typed",
        [
            "0000-0002-1825-0097",
            "0000000218250097",
            "https://orcid.org/0000-0002-1825-0097",
            "ORCID: 0000-0002-1825-0097",
        ],
    )
    def test_an_orcid_is_kept_with_hyphens(self, typed: str) -> None:
        assert name_ids.cleaned_orcid(typed) == "0000-0002-1825-0097"

    def test_an_isni_is_kept_in_sixteen_signs(self) -> None:
        assert name_ids.cleaned_isni("https://isni.org/isni/000000012281955X") == "000000012281955X"
        assert name_ids.cleaned_isni("ISNI 0000 0001 2281 955x") == "000000012281955X"
        assert name_ids.shown_isni("000000012281955X") == "0000 0001 2281 955X"

    @pytest.mark.parametrize(
        "typed", ["0000-0002-1825-0098", "0000-0002-1825-009", "abc", "https://orcid.org/", "1" * 90]
    )
    def test_a_wrong_check_digit_is_refused(self, typed: str) -> None:
        with pytest.raises(OrcidWrong):
            name_ids.cleaned_orcid(typed)
        with pytest.raises(IsniWrong):
            name_ids.cleaned_isni(typed)


class TestDescribePerson:
    def test_only_the_owner_may(self, work: Work) -> None:
        maker = make_author()
        person = make_contributor(work, user=maker)
        record = PersonRecord(role="aut", biography="Wrote all of it.")
        with pytest.raises(NotAllowed):
            people.describe_person(actor=maker, contributor=person, person=record, at=clock.now())

    def test_a_person_has_a_role_once(self, work: Work) -> None:
        maker = make_author()
        make_contributor(work, user=maker, role="ill")
        second = make_contributor(work, user=maker, role="trl")
        with pytest.raises(AlreadyContributor):
            describe(second, role="ill")

    @pytest.mark.parametrize(("field", "error"), [("orcid", OrcidWrong), ("isni", IsniWrong)])
    def test_wrong_numbers_are_refused(self, work: Work, field: str, error: type[Exception]) -> None:
        with pytest.raises(error):
            describe(work.contributors.get(), **{field: "0000-0002-1825-0098"})

    def test_the_biography_goes_into_the_book_before_the_profile(self, work: Work) -> None:
        person = work.contributors.get()
        person.user.bio = "From the profile."
        person.user.save()
        describe(person, biography="For this book.")
        (found,) = selectors.matter._biographies(work)
        assert (found.name, found.text) == (person.name, "For this book.")

    def test_every_role_has_its_onix_code_and_a_word_in_a_byline(self) -> None:
        from storefront.catalogue.models.details import ListedPerson

        for role in ContributorRole:
            assert role in codes.ROLES
            assert bool(ListedPerson("Ann", role).role_label) == (role != ContributorRole.AUTHOR)


class TestMovePerson:
    def test_moves_by_one_place_and_stays_at_the_end(self, work: Work) -> None:
        first = names(work)[0]
        make_contributor(work, name="Bo", role="ill")
        cy = make_contributor(work, name="Cy", role="trl")
        for is_up, order in ((True, [first, "Cy", "Bo"]), (True, ["Cy", first, "Bo"]), (True, ["Cy", first, "Bo"])):
            people.move_person(actor=work.owner, contributor=cy, is_up=is_up, at=clock.now())
            assert names(work) == order
        people.move_person(actor=work.owner, contributor=cy, is_up=False, at=clock.now())
        assert names(work) == [first, "Cy", "Bo"]

    def test_makes_the_draft_again(self, work: Work) -> None:
        bo = make_contributor(work, name="Bo", role="ill")
        before = selectors.draft_of(work).job
        people.move_person(actor=work.owner, contributor=bo, is_up=True, at=clock.now())
        assert selectors.draft_of(work).job != before

    def test_is_for_the_owner(self, work: Work) -> None:
        bo = make_contributor(work, user=make_author(), role="ill")
        with pytest.raises(NotAllowed):
            people.move_person(actor=bo.user, contributor=bo, is_up=True, at=clock.now())


class TestPages:
    def test_saves_and_shows_it_to_readers(self, client, owner) -> None:
        edition = make_published_edition(owner=owner, slug="salt")
        person = edition.work.contributors.get()
        client.force_login(owner)
        page = reverse("work-contributor", args=[edition.work.public_id, person.public_id])
        given = {"name": "Ada Q.", "role": "aut", "biography": "Ada keeps bees.", "orcid": "0000000218250097"}
        assert client.post(page, {**given, "isni": "0000 0001 2281 955X", "is_on_page": "on"}).status_code == 302
        (told,) = Listing.objects.get().details.authors
        assert (told.name, told.biography, told.orcid) == ("Ada Q.", "Ada keeps bees.", "0000-0002-1825-0097")
        shop = client.get("/books/salt/").text
        assert "Ada keeps bees." in shop
        assert "https://orcid.org/0000-0002-1825-0097" in shop
        assert '"https://isni.org/isni/000000012281955X"' in shop

    @pytest.mark.parametrize(
        ("field", "value"), [("orcid", "12"), ("isni", "12"), ("role", "zzz"), ("biography", "x" * 2001)]
    )
    def test_refuses_at_the_field(self, client, owner, work, field, value) -> None:
        client.force_login(owner)
        person = work.contributors.get()
        page = reverse("work-contributor", args=[work.public_id, person.public_id])
        response = client.post(page, {"name": "Ada Q.", "role": "aut", field: value})
        assert response.status_code == 422
        assert list(response.context["form"].errors) == [field]
        assert Contributor.objects.get(pk=person.pk).name != "Ada Q."

    def test_names_are_moved_by_a_button(self, client, owner, work) -> None:
        bo = make_contributor(work, name="Bo", role="ill")
        client.force_login(owner)
        client.post(reverse("work-contributor-move", args=[work.public_id, bo.public_id]), {"to": "up"})
        assert names(work)[0] == "Bo"
        assert "Down" in client.get(reverse("work-people", args=[work.public_id])).text
