"""Assign or remove a staff role: `python manage.py grant_role EMAIL [EMAIL …] operator [--take]`."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts import permissions, selectors
from accounts.models import Role, User
from accounts.services import roles
from common import clock
from common.errors import DomainError


class Command(BaseCommand):
    help = (
        "Assigns a role at once, without a second person: for a shop's first operator, for a shop with only one, and "
        "for emergencies. It is recorded in the audit log, and the person gets an email."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("emails", nargs="+", metavar="email")
        parser.add_argument("role", choices=Role.values)
        parser.add_argument("--take", action="store_true", help="remove the role instead")

    @transaction.atomic
    def handle(self, *, emails: list[str], role: str, take: bool, **options: object) -> None:
        for email in emails:
            person = User.objects.filter(email__iexact=email, is_guest=False, is_active=True).first()
            if person is None:
                raise CommandError(f"There is no account with the address {email}. Nothing was changed.")
            self._change(person, Role(role), is_taken=take)

    def _change(self, person: User, role: Role, *, is_taken: bool) -> None:
        if is_taken:
            roles.take_by_command(person=person, role=role, at=clock.now())
            self.stdout.write(f"{person.email} no longer has the role {role}.")
            return
        try:
            roles.grant_by_command(person=person, role=role, at=clock.now())
        except DomainError as error:
            raise CommandError(error.text) from error
        self.stdout.write(f"{person.email} now has the role {role}.")
        self._warn(User.objects.get(pk=person.pk))

    def _warn(self, person: User) -> None:
        if permissions.lacks_second_factor(person):
            self.stderr.write("The role becomes active once the account has two-factor authentication.")
        if not selectors.confirmed_emails(person):
            self.stderr.write("The account's email address is not confirmed.")
