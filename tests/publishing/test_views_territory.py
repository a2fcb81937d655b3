"""The page that says where a work is sold, as it is used without scripts."""

from __future__ import annotations

import pytest
from django.urls import reverse

from publishing import services
from publishing.models import TerritoryChange
from publishing.territories import GROUPS, Territory
from publishing.territory_forms import named
from tests.factories.publishing import make_published_edition

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(owner):
    return make_published_edition(owner=owner)


@pytest.fixture
def page(client, owner, edition):
    client.force_login(owner)
    return reverse("work-territory", args=[edition.work.public_id])


def chosen(response):
    return [code for code, _name in response.context["chosen"]]


class TestNames:
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("Germany", "DE"),
            ("  germany ", "DE"),
            ("de", "DE"),
            ("cote d’ivoire", "CI"),
            ("CÔTE D’IVOIRE", "CI"),
            ("Canary Islands", ""),
            ("EU", ""),
            ("Atlantis", ""),
            ("", ""),
        ],
    )
    def test_a_country_by_name_or_code(self, text, code):
        assert named(text) == code

    @pytest.mark.parametrize("text", ["Deutschland", "Germany", "osterreich"])
    def test_in_the_language_of_the_page_or_in_english(self, text, settings):
        from django.utils import translation

        with translation.override("de"):
            assert named(text) in {"DE", "AT"}


class TestPage:
    def test_adds_and_saves_nothing(self, client, page, edition):
        response = client.post(page, {"rule": "except", "countries": ["FR"], "add": "Germany, at", "act": "add"})
        assert response.status_code == 200
        assert sorted(chosen(response)) == ["AT", "DE", "FR"]
        assert 'value="FR" checked' in response.content.decode()
        assert not TerritoryChange.objects.exists()

    def test_adds_a_group(self, client, page):
        response = client.post(page, {"rule": "only", "group": "eu", "act": "add"})
        assert sorted(chosen(response)) == list(GROUPS["eu"][1])

    def test_saves_what_is_checked_and_what_is_typed(self, client, page, edition):
        assert client.post(page, {"rule": "only", "countries": ["FR"], "add": "Spain"}).status_code == 302
        edition.work.refresh_from_db()
        assert edition.work.territory == Territory.of("only", ["ES", "FR"])
        shown = client.get(page).content.decode()
        assert "France, Spain" in shown

    def test_goes_back_to_everywhere(self, client, page, edition, owner, noon):
        services.set_territory(actor=owner, work=edition.work, territory=Territory.of("only", ["US"]), at=noon)
        client.post(page, {"rule": "world", "countries": ["US"]})
        edition.work.refresh_from_db()
        assert edition.work.territory.is_world

    @pytest.mark.parametrize(
        ("sent", "said"),
        [
            ({"rule": "except", "add": "Atlantis"}, "the country “Atlantis”"),
            ({"rule": "only"}, "not be sold anywhere"),
            ({"rule": "world", "add": "Spain"}, "only in these countries, or everywhere except"),
            ({"rule": "nowhere"}, "Choose one of the options"),
        ],
    )
    def test_keeps_what_was_typed_when_something_is_wrong(self, client, page, sent, said):
        response = client.post(page, {"countries": ["FR"] if "add" in sent else [], **sent})
        assert response.status_code == 422
        assert said in response.content.decode()
        assert not TerritoryChange.objects.exists()
