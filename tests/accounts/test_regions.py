from __future__ import annotations

import pytest
from babel import Locale
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.translation import get_language
from hypothesis import given
from hypothesis import strategies as st

from accounts import regions
from accounts.models import User
from common.money import Money
from tests.factories.accounts import make_reader


class TestNames:
    @pytest.mark.parametrize(
        ("path", "slug", "rest"),
        [
            ("/de-at/books/", "de-at", "/books/"),
            ("/en-jp/", "en-jp", "/"),
            ("/de-de", "de-de", "/"),
            ("/books/", "", "/books/"),
            ("/de-zz/books/", "", "/de-zz/books/"),
            ("/xx-de/books/", "", "/xx-de/books/"),
            ("/DE-AT/books/", "", "/DE-AT/books/"),
            ("/de-atlas/", "", "/de-atlas/"),
        ],
    )
    def test_are_a_language_of_ours_and_a_country(self, path: str, slug: str, rest: str) -> None:
        region, remaining = regions.split(path)
        assert (region.slug if region else "", remaining) == (slug, rest)

    @given(st.text())
    def test_never_break_on_what_is_no_region(self, path: str) -> None:
        region, rest = regions.split(path)
        assert region is not None or rest == path

    def test_bring_currency_and_locale(self) -> None:
        austria, japan, fiji = (regions.region(*one) for one in (("de", "AT"), ("en", "JP"), ("en", "FJ")))
        assert austria and japan and fiji
        assert (austria.currency, austria.locale) == ("EUR", "de-at")
        assert (japan.currency, japan.locale) == ("JPY", "en")
        assert fiji.currency == settings.DEFAULT_CURRENCY

    def test_english_pages_have_english_figures_wherever_their_reader_lives(self) -> None:
        places = [found for one in Locale("en").territories if (found := regions.region("en", one))]
        assert len(places) > 200
        written = {Money(123456, "GBP").format(place.locale) for place in places}
        assert written <= {"£1,234.56", "GBP1,234.56", "GB£1,234.56"}

    def test_german_is_written_as_the_country_writes_it(self) -> None:
        written = {one: Money(1498, "EUR").format(regions.region("de", one).locale) for one in ("DE", "AT", "FR")}
        assert written == {"DE": "14,98\xa0€", "AT": "€\xa014,98", "FR": "14,98\xa0€"}

    def test_of_people_are_the_nearest_there_is(self) -> None:
        assert regions.of_person(language="", country="") == regions.default()
        assert regions.of_person(language="de", country="").slug == "de-de"
        assert regions.of_person(language="de", country="CH").slug == "de-ch"
        assert regions.of_person(language="", country="FR").slug == "en-fr"
        assert regions.of_person(language="de", country="ZZ").slug == "de-de"


class TestActive:
    def test_addresses_and_words_stay_in_the_region(self) -> None:
        austria = regions.region("de", "AT")
        assert austria
        with regions.active(austria):
            assert (reverse("account"), get_language(), regions.current()) == ("/de-at/account/", "de-at", austria)
        assert (reverse("account"), regions.current()) == ("/account/", regions.default())


@pytest.mark.django_db
class TestPages:
    def test_of_a_region_are_those_of_the_shop(self, client: Client) -> None:
        assert client.get("/de-at/account/")["Location"] == "/de-at/accounts/login/?next=/de-at/account/"
        page = client.get("/de-at/accounts/login/")
        assert page.status_code == 200
        assert '<html lang="de-at"' in page.content.decode()
        assert client.get("/accounts/login/").content.decode().count('lang="en"')

    def test_do_not_look_at_headers(self, client: Client) -> None:
        page = client.get("/accounts/login/", headers={"accept-language": "de"})
        assert '<html lang="en"' in page.content.decode()
        assert "Accept-Language" not in page.get("Vary", "")

    def test_need_the_second_factor_as_well(self, client: Client, settings) -> None:
        client.force_login(User.objects.create_user("finance@example.org", is_finance=True))
        settings.STAFF_SECOND_FACTOR_REQUIRED = True
        for prefix in ("", "/de-de"):
            answer = client.get(f"{prefix}/finance/")
            assert answer.status_code == 404
            assert f'href="{prefix}/accounts/2fa/"' in answer.content.decode()

    def test_profile_keeps_the_language_of_mails(self, client: Client) -> None:
        reader = make_reader()
        client.force_login(reader)
        answer = client.post("/account/profile/", {"display_name": "A", "country": "AT", "language": "de", "bio": ""})
        assert answer.status_code == 302
        reader.refresh_from_db()
        assert reader.region.slug == "de-at"

    def test_signing_up_in_a_region_keeps_its_language(self, client: Client) -> None:
        fields = {"email": "neu@example.org", "password1": "ein langes Kennwort 7", "display_name": "Neu"}
        assert client.post("/de-de/accounts/signup/", fields).status_code == 302
        assert User.objects.get(email="neu@example.org").language == "de"
