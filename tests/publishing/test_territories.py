"""Where a work may be sold: the rule itself, and who sets it."""

from __future__ import annotations

import pytest

from accounts.models import AuditEntry
from common.errors import NotAllowed, NotFound
from publishing import errors, services
from publishing.models import TerritoryChange
from publishing.territories import GROUPS, Territory, TerritoryRule, is_iso_country, iso_choices
from tests.factories.publishing import make_contributor, make_published_edition, make_work

WORLD = Territory()
NOT_GERMAN = Territory.of(TerritoryRule.EXCEPT, ["DE", "AT"])
ONLY_US = Territory.of(TerritoryRule.ONLY, ["US"])


class TestRule:
    @pytest.mark.parametrize(
        ("territory", "country", "is_sold"),
        [
            (WORLD, "DE", True),
            (WORLD, "", True),
            (NOT_GERMAN, "DE", False),
            (NOT_GERMAN, "AT", False),
            (NOT_GERMAN, "CH", True),
            (ONLY_US, "US", True),
            (ONLY_US, "DE", False),
            (ONLY_US, "", True),
        ],
    )
    def test_says_where(self, territory, country, is_sold):
        assert territory.is_sold_in(country) is is_sold

    def test_a_part_of_a_country_goes_with_it(self):
        spain = Territory.of(TerritoryRule.ONLY, ["ES"])
        assert spain.is_sold_in("IC")
        assert not Territory.of(TerritoryRule.EXCEPT, ["ES"]).is_sold_in("EA")

    def test_is_the_same_however_it_is_written(self):
        assert Territory.of("except", ["DE", "AT", "DE"]) == NOT_GERMAN
        assert NOT_GERMAN.countries == ("AT", "DE")
        assert Territory.of("world", ["DE"]) == WORLD

    def test_groups_hold_countries_we_know(self):
        assert len(GROUPS["eu"][1]) == 27
        assert len(GROUPS["eea"][1]) == 30
        assert all(is_iso_country(code) for _label, codes in GROUPS.values() for code in codes)

    def test_choices_are_countries_of_iso_3166(self):
        codes = {code for code, _name in iso_choices()}
        assert {"DE", "TW", "AQ"} <= codes
        assert not {"EU", "IC", "XK", ""} & codes
        assert len(codes) == 249


@pytest.mark.django_db
class TestSetTerritory:
    def test_holds_from_now_on_and_is_dated(self, owner, noon):
        work = make_work(owner=owner)
        services.set_territory(actor=owner, work=work, territory=NOT_GERMAN, at=noon)
        work.refresh_from_db()
        assert work.territory == NOT_GERMAN
        change = TerritoryChange.objects.get()
        assert (change.territory, change.decided_at, change.decided_by) == (NOT_GERMAN, noon, owner)
        assert AuditEntry.objects.get(verb="territory.changed").facts == {"rule": "except", "countries": "AT DE"}

    def test_the_same_again_is_no_change(self, owner, noon):
        work = make_work(owner=owner)
        services.set_territory(actor=owner, work=work, territory=WORLD, at=noon)
        assert not TerritoryChange.objects.exists()

    def test_the_way_back_is_kept_too(self, owner, noon):
        work = make_work(owner=owner)
        for territory in (ONLY_US, WORLD):
            services.set_territory(actor=owner, work=work, territory=territory, at=noon)
        assert [one.rule for one in TerritoryChange.objects.all()] == ["world", "only"]

    def test_tells_the_shop(self, owner, noon, monkeypatch):
        edition = make_published_edition(owner=owner)
        heard = []
        monkeypatch.setattr("publishing.hooks._listed", [heard.append])
        services.set_territory(actor=owner, work=edition.work, territory=ONLY_US, at=noon)
        assert heard == [edition]

    @pytest.mark.parametrize(
        ("rule", "countries", "refusal"),
        [
            ("only", [], errors.TerritoryEmpty),
            ("except", [], errors.TerritoryEmpty),
            ("except", [code for code, _name in iso_choices()], errors.TerritoryEmpty),
            ("only", ["XX"], errors.CountryUnknown),
            ("only", ["EU"], errors.CountryUnknown),
        ],
    )
    def test_refuses_what_leaves_nobody_or_means_nothing(self, owner, noon, rule, countries, refusal):
        work = make_work(owner=owner)
        with pytest.raises(refusal):
            services.set_territory(actor=owner, work=work, territory=Territory.of(rule, countries), at=noon)
        assert not TerritoryChange.objects.exists()

    def test_belongs_to_the_owner(self, stranger, noon):
        work = make_work()
        with pytest.raises(NotFound):
            services.set_territory(actor=stranger, work=work, territory=ONLY_US, at=noon)
        make_contributor(work, user=stranger)
        with pytest.raises(NotAllowed):
            services.set_territory(actor=stranger, work=work, territory=ONLY_US, at=noon)


@pytest.mark.django_db
def test_many_are_held_in_one_query(owner, noon, django_assert_num_queries):
    first, second = make_work(owner=owner), make_work(owner=owner)
    services.set_territory(actor=owner, work=first, territory=ONLY_US, at=noon)
    with django_assert_num_queries(1):
        held = services.lock_territories([second.pk, first.pk])
    assert held == {first.pk: ONLY_US, second.pk: WORLD}
    assert services.lock_territories([]) == {}
