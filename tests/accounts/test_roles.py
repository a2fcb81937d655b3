"""Who is given a role, by whom, and how it ends; the command, the page, the mails and what is written down."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts import permissions
from accounts.errors import AddressNotConfirmed, GrantIsOver, OwnRole, RoleHeld
from accounts.models import AuditEntry, Role, RoleGrant, User
from accounts.services import roles
from common.errors import NotAllowed
from common.models import PendingMail
from tests.conftest import NOON
from tests.factories.accounts import make_finance, make_moderator, make_operator, make_reader

pytestmark = pytest.mark.django_db


def confirmed(**overrides) -> User:
    person = make_reader(**overrides)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def fresh(person: User) -> User:
    return User.objects.get(pk=person.pk)


def verbs() -> list[str]:
    return list(AuditEntry.objects.filter(verb__startswith="role.").order_by("pk").values_list("verb", flat=True))


def mails_to(person: User, mailoutbox) -> list[str]:
    waiting = list(PendingMail.objects.filter(to=person.email).values_list("text", flat=True))
    return [*waiting, *(mail.body for mail in mailoutbox if mail.to == [person.email])]


@pytest.fixture
def operator() -> User:
    return make_operator(display_name="Opal")


@pytest.fixture
def person() -> User:
    return confirmed(display_name="Nora")


class TestGrant:
    def test_a_moderator_is_made_by_one_operator(self, operator, person, mailoutbox) -> None:
        roles.grant(actor=operator, person=person, role=Role.MODERATOR, at=NOON)
        assert permissions.is_moderator(fresh(person))
        assert verbs() == ["role.granted"]
        assert AuditEntry.objects.get(verb="role.granted").actor == operator
        assert "now has the role “Moderator”" in mails_to(person, mailoutbox)[0]

    def test_finance_takes_a_second_person(self, operator, person, mailoutbox) -> None:
        other = make_finance()
        grant = roles.grant(actor=operator, person=person, role=Role.FINANCE, at=NOON)
        assert not permissions.is_finance(fresh(person))
        assert "It becomes active once a second person has confirmed it" in mails_to(person, mailoutbox)[0]
        assert "Nora" in mails_to(other, mailoutbox)[0]
        assert not mails_to(operator, mailoutbox)
        roles.confirm(actor=other, grant=grant, at=NOON)
        assert permissions.is_finance(fresh(person))
        assert verbs() == ["role.proposed", "role.confirmed"]
        assert len(mails_to(person, mailoutbox)) == 2

    def test_another_operator_will_do(self, operator, person) -> None:
        grant = roles.grant(actor=operator, person=person, role=Role.FINANCE, at=NOON)
        roles.confirm(actor=make_operator(), grant=grant, at=NOON)
        assert permissions.is_finance(fresh(person))

    def test_whoever_proposed_it_does_not_confirm(self, operator, person) -> None:
        grant = roles.grant(actor=operator, person=person, role=Role.FINANCE, at=NOON)
        with pytest.raises(NotAllowed):
            roles.confirm(actor=operator, grant=grant, at=NOON)

    def test_nor_whose_role_it_is(self, operator) -> None:
        both = confirmed(is_operator=True)
        grant = roles.grant(actor=operator, person=both, role=Role.FINANCE, at=NOON)
        for act in (roles.confirm, roles.decline):
            with pytest.raises(NotAllowed):
                act(actor=both, grant=grant, at=NOON)

    def test_nobody_grants_themselves(self, operator) -> None:
        for role in (Role.FINANCE, Role.MODERATOR):
            with pytest.raises(OwnRole):
                roles.grant(actor=operator, person=operator, role=role, at=NOON)

    @pytest.mark.parametrize("make", [make_reader, make_finance, make_moderator])
    def test_only_operators_grant(self, person, make) -> None:
        with pytest.raises(NotAllowed):
            roles.grant(actor=make(), person=person, role=Role.MODERATOR, at=NOON)

    def test_operators_are_made_by_the_command_alone(self, operator, person) -> None:
        with pytest.raises(NotAllowed):
            roles.grant(actor=operator, person=person, role=Role.OPERATOR, at=NOON)

    def test_an_address_must_be_confirmed(self, operator) -> None:
        for role in (Role.FINANCE, Role.MODERATOR):
            with pytest.raises(AddressNotConfirmed):
                roles.grant(actor=operator, person=make_reader(), role=role, at=NOON)

    def test_an_operator_without_a_second_factor_grants_nothing(self, operator, person, settings) -> None:
        settings.STAFF_SECOND_FACTOR_REQUIRED = True
        with pytest.raises(NotAllowed):
            roles.grant(actor=operator, person=person, role=Role.MODERATOR, at=NOON)

    def test_is_not_given_twice(self, operator, person) -> None:
        roles.grant(actor=operator, person=person, role=Role.FINANCE, at=NOON)
        with pytest.raises(RoleHeld):
            roles.grant(actor=operator, person=person, role=Role.FINANCE, at=NOON)

    def test_a_guest_gets_none(self, operator) -> None:
        with pytest.raises(RoleHeld):
            roles.grant(actor=operator, person=confirmed(is_guest=True), role=Role.MODERATOR, at=NOON)

    def test_is_decided_once(self, operator, person) -> None:
        grant = roles.grant(actor=operator, person=person, role=Role.FINANCE, at=NOON)
        roles.decline(actor=operator, grant=grant, at=NOON)
        with pytest.raises(GrantIsOver):
            roles.confirm(actor=make_finance(), grant=grant, at=NOON)
        assert not fresh(person).is_finance
        assert verbs() == ["role.proposed", "role.declined"]

    def test_what_a_former_operator_proposed_lapses(self, operator, person) -> None:
        grant = roles.grant(actor=operator, person=person, role=Role.FINANCE, at=NOON)
        roles.take_by_command(person=operator, role=Role.OPERATOR, at=NOON)
        with pytest.raises(GrantIsOver):
            roles.confirm(actor=make_finance(), grant=grant, at=NOON)

    @pytest.mark.both
    def test_the_database_wants_two_for_finance(self, operator, person) -> None:
        for facts in (
            {"granted_by": operator, "confirmed_by": None, "person": person},
            {"granted_by": operator, "confirmed_by": operator, "person": person},
            {"granted_by": person, "confirmed_by": operator, "person": person},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                RoleGrant.objects.create(role="finance", granted_at=NOON, confirmed_at=NOON, **facts)


class TestTake:
    def test_counts_at_the_next_request(self, client: Client, operator, person) -> None:
        roles.grant_by_command(person=person, role=Role.FINANCE, at=NOON)
        client.force_login(person)
        assert client.get(reverse("finance")).status_code == 200
        roles.remove_role(actor=operator, person=person, role=Role.FINANCE, at=NOON)
        assert client.get(reverse("finance")).status_code == 404
        assert client.post(reverse("finance-propose"), {"currency": "USD"}).status_code == 404

    def test_is_written_down_and_mailed(self, operator, person, mailoutbox) -> None:
        roles.grant(actor=operator, person=person, role=Role.MODERATOR, at=NOON)
        roles.remove_role(actor=operator, person=person, role=Role.MODERATOR, at=NOON + timedelta(days=1))
        assert verbs() == ["role.granted", "role.taken"]
        assert RoleGrant.objects.get().ended_by == operator
        assert any("was removed from your account" in text for text in mails_to(person, mailoutbox))

    def test_can_be_given_again(self, operator, person) -> None:
        for _ in range(2):
            roles.grant(actor=operator, person=person, role=Role.MODERATOR, at=NOON)
            roles.remove_role(actor=operator, person=person, role=Role.MODERATOR, at=NOON)
        assert not fresh(person).is_moderator

    def test_a_proposal_is_not_taken_but_declined(self, operator, person) -> None:
        roles.grant(actor=operator, person=person, role=Role.FINANCE, at=NOON)
        roles.remove_role(actor=make_operator(), person=person, role=Role.FINANCE, at=NOON)
        assert RoleGrant.objects.waiting().count() == 1
        assert "role.taken" not in verbs()

    def test_a_decision_is_yes_or_no(self, client: Client, operator, person) -> None:
        made = roles.grant(actor=operator, person=person, role=Role.FINANCE, at=NOON)
        client.force_login(make_operator())
        assert (
            client.post(reverse("staff-role-decide", args=[made.public_id]), {"decision": "maybe"}).status_code == 400
        )
        assert RoleGrant.objects.waiting().count() == 1

    @pytest.mark.parametrize("make", [make_finance, make_moderator])
    def test_only_operators_take(self, make) -> None:
        with pytest.raises(NotAllowed):
            roles.remove_role(actor=make(), person=make_finance(), role=Role.FINANCE, at=NOON)

    def test_no_operator_unmakes_another(self, operator) -> None:
        with pytest.raises(NotAllowed):
            roles.remove_role(actor=operator, person=make_operator(), role=Role.OPERATOR, at=NOON)


class TestCommand:
    @pytest.mark.parametrize("role", Role.values)
    def test_gives_and_takes(self, person, role: str, capsys) -> None:
        call_command("grant_role", person.email.upper(), role)
        assert getattr(fresh(person), f"is_{role}")
        assert f"now has the role {role}" in capsys.readouterr().out
        call_command("grant_role", person.email, role, "--take")
        assert not getattr(fresh(person), f"is_{role}")
        entries = AuditEntry.objects.filter(verb__startswith="role.").order_by("pk")
        assert [(entry.verb, entry.actor, entry.facts["by"]) for entry in entries] == [
            ("role.granted", None, "command"),
            ("role.taken", None, "command"),
        ]

    def test_puts_in_force_what_waits(self, operator, person) -> None:
        roles.grant(actor=operator, person=person, role=Role.FINANCE, at=NOON)
        call_command("grant_role", person.email, "finance")
        assert fresh(person).is_finance

    def test_says_what_is_missing(self, settings, capsys) -> None:
        settings.STAFF_SECOND_FACTOR_REQUIRED = True
        call_command("grant_role", make_reader().email, "operator")
        told = capsys.readouterr().err
        assert "two-factor" in told
        assert "not confirmed" in told

    def test_knows_nobody(self) -> None:
        with pytest.raises(CommandError, match="no account"):
            call_command("grant_role", "nobody@example.org", "operator")

    def test_does_not_give_it_twice(self) -> None:
        with pytest.raises(CommandError, match="already"):
            call_command("grant_role", make_operator().email, "operator")


class TestPage:
    def give(self, client: Client, email: str, role: str):
        return client.post(reverse("staff-roles"), {"email": email, "role": role})

    def test_two_people_appoint_finance(self, client: Client, operator, person) -> None:
        client.force_login(operator)
        assert self.give(client, person.email, "finance").status_code == 302
        page = client.get(reverse("staff-roles")).content.decode()
        assert "Waiting for a second person" in page
        assert "Withdraw" in page
        assert 'value="confirm"' not in page
        client.force_login(make_finance())
        assert 'value="confirm"' in client.get(reverse("staff-roles")).content.decode()
        address = reverse("staff-role-decide", args=[RoleGrant.objects.get().public_id])
        client.post(address, {"decision": "confirm"})
        assert fresh(person).is_finance

    def test_takes_away(self, client: Client, operator) -> None:
        finance = make_finance()
        client.force_login(operator)
        assert client.post(reverse("staff-role-take", args=[finance.public_id, "finance"])).status_code == 302
        assert not fresh(finance).is_finance

    @pytest.mark.parametrize(
        ("email", "role", "words"),
        [
            ("nobody@example.org", "finance", "There is no account with this address."),
            ("Opal", "finance", "Enter a valid email address."),
            ("", "finance", "Fill this in."),
        ],
    )
    def test_keeps_what_was_typed(self, client: Client, operator, email: str, role: str, words: str) -> None:
        client.force_login(operator)
        answer = self.give(client, email, role)
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert f'value="{email}"' in answer.content.decode() or not email

    def test_says_that_nobody_grants_themselves(self, client: Client, operator) -> None:
        client.force_login(operator)
        answer = self.give(client, operator.email, "finance")
        assert (answer.status_code, "You cannot assign a role to yourself" in answer.content.decode()) == (422, True)

    def test_knows_no_operators(self, client: Client, operator, person) -> None:
        client.force_login(operator)
        assert self.give(client, person.email, "operator").status_code == 422
        assert not fresh(person).is_operator

    def test_finance_looks_and_gives_nothing(self, client: Client, person) -> None:
        client.force_login(make_finance())
        assert "Assign a role" not in client.get(reverse("staff-roles")).content.decode()
        assert self.give(client, person.email, "moderator").status_code == 403

    def test_takes_a_recent_login(self, client: Client, operator, person, monkeypatch) -> None:
        from common import clock

        client.force_login(operator)
        later = clock.real_now() + timedelta(minutes=16)
        monkeypatch.setattr(clock, "real_now", lambda: later)
        assert "reauthenticate" in self.give(client, person.email, "moderator")["Location"]
        assert not fresh(person).is_moderator
