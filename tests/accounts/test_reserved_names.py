"""Names that sound as if the shop spoke are nobody's."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.reserved_names import is_reserved
from publishing.forms import ContributorForm, ContributorNameForm
from publishing.models import Contributor
from tests.factories.accounts import make_operator, make_reader
from tests.factories.publishing import make_published_edition
from tests.support.entrance import sign_up

RESERVED = [
    "Octavo Support",
    "OCTAVO",
    "The Octavo Team",
    "octavo_support",
    "OctavoSupport",
    "O c t a v o · S u p p o r t",
    "0ctavo 5upport",
    "\u041e\u0441t\u0430v\u043e \u0421\u0443\u0440\u0440ort".replace("\u0421\u0443", "Su"),  # Cyrillic o, c, a, p
    "\u041e\u0441t\u0430v\u043e \u041c\u043ed\u0435r\u0430t\u043er",
    "\u039fctav\u03bf \u03a4eam",  # Greek
    "Oct\u00e1vo Refunds",
    "Octavo\u200bSupport",
    "\u202eOctavo Support",
    "\U0001d5e2\U0001d5f0\U0001d601\U0001d5ee\U0001d603\U0001d5fc Support",  # mathematical bold
    "\uff2f\uff43\uff54\uff41\uff56\uff4f Admin",  # full width
    "Support",
    "Administrator",
    "Kundenservice",
    "Octavo Kundendienst",
    "Der Octavo-Verlag",
    "Octavo Support 1",
    "Octavo Support Germany",
    "Octavo Admins",
    "Octavo Kundensupport",
    "Octavo Help Centre",
    "Octavo Mitarbeiter",
    "The Octavo Operators",
    "Team Octavo 2026",
    "Octavo.com",
]
FREE = [
    "Hanna L.",
    "Octavia Butler",
    "Octavo Paz",
    "Octavo Paz 2",
    "Octavo Comenius",
    "Ann Support",
    "The Author",
    "Reader",
    "\u041e\u043b\u0435\u0433 \u0421\u0443\u043f\u0440\u0443\u043d",
    "\u5c71\u7530\u592a\u90ce",
    "\u0646\u062c\u064a\u0628 \u0645\u062d\u0641\u0648\u0638",
    "Admiral Nelson",
    "",
]


@pytest.mark.parametrize("name", RESERVED)
def test_reserved(name: str) -> None:
    assert is_reserved(name)


@pytest.mark.parametrize("name", FREE)
def test_free(name: str) -> None:
    assert not is_reserved(name)


def test_another_shops_name_is_reserved_there(settings: pytest.FixtureRequest) -> None:
    from accounts import reserved_names

    reserved_names._words.cache_clear()
    settings.SITE_NAME = "Bücherstube"  # type: ignore[attr-defined]
    try:
        assert is_reserved("Bucherstube Team")
        assert not is_reserved("Octavo Team")
    finally:
        reserved_names._words.cache_clear()


@pytest.mark.django_db
class TestForms:
    def test_of_signing_up(self, client: Client) -> None:
        answer = sign_up(client, "new@example.org", name="Octavo Support")
        assert answer.status_code == 200
        assert "for the shop’s" in answer.content.decode()
        assert 'value="new@example.org"' in answer.content.decode()
        assert not User.objects.exists()

    @pytest.mark.parametrize("make", [make_reader, make_operator])
    def test_of_the_profile_for_staff_too(self, client: Client, make) -> None:  # type: ignore[no-untyped-def]
        person = make()
        client.force_login(person)
        answer = client.post(reverse("profile"), {"display_name": "Octav\u043e Support", "language": "en"})
        assert "for the shop’s" in answer.content.decode()
        person.refresh_from_db()
        assert "Octav" not in person.display_name

    def test_of_credited_names(self) -> None:
        added = ContributorForm({"name": "Octavo Support", "role": "aut"})
        renamed = ContributorNameForm({"name": "Octavo Support", "role": "aut"}, is_own=False)
        assert [list(form.errors) for form in (added, renamed)] == [["name"], ["name"]]

    def test_of_a_pen_name_on_its_page(self, client: Client) -> None:
        edition = make_published_edition()
        credit = Contributor.objects.get(work=edition.work)
        client.force_login(edition.work.owner)
        address = reverse("work-contributor", args=[edition.work.public_id, credit.public_id])
        client.post(address, {"name": "The Octavo Team", "role": credit.role})
        credit.refresh_from_db()
        assert credit.name != "The Octavo Team"
