"""Give somebody a staff role, or take it away: python manage.py grant_role EMAIL operator [--take]."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from accounts import permissions, selectors
from accounts.models import Role, User
from accounts.services import roles
from common import clock
from common.errors import DomainError


class Command(BaseCommand):
    help = (
        "Gives a role at once, without a second person: for a shop's first operator, for one that has no other, and "
        "for emergencies. It is written to the audit log, and the person gets a mail."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("role", choices=Role.values)
        parser.add_argument("--take", action="store_true", help="take the role away instead")

    def handle(self, *, email: str, role: str, take: bool, **options: object) -> None:
        person = User.objects.filter(email__iexact=email, is_guest=False, is_active=True).first()
        if person is None:
            raise CommandError(f"There is no account with the address {email}.")
        if take:
            roles.take_by_command(person=person, role=Role(role), at=clock.now())
            self.stdout.write(f"{person.email} is not {role} any more.")
            return
        try:
            roles.grant_by_command(person=person, role=Role(role), at=clock.now())
        except DomainError as error:
            raise CommandError(error.text) from error
        self.stdout.write(f"{person.email} is {role} now.")
        self._warn(User.objects.get(pk=person.pk))

    def _warn(self, person: User) -> None:
        if permissions.lacks_second_factor(person):
            self.stderr.write("The role does not count until the account has two-factor authentication.")
        if not selectors.confirmed_emails(person):
            self.stderr.write("The address of the account is not confirmed.")
