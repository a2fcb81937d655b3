"""`manage.py grant_application_role octavo_app`: grant what the role that serves the shop needs in the database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from common import database_roles


class Command(BaseCommand):
    help = (
        "Prints the grants for the PostgreSQL role that web and worker processes use. It can read and write rows, but "
        "cannot change append-only tables or drop a trigger. Run as the owner, after each migrate."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", help="an existing role that owns nothing")
        parser.add_argument("--apply", action="store_true", help="execute the grants instead of printing them")

    def handle(self, *args: Any, role: str, apply: bool, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("Only PostgreSQL has roles.")
        statements = database_roles.grants(connection, role)
        if not apply:
            self.stdout.write("\n".join(f"{statement};" for statement in statements))
            return
        if wrong := database_roles.objections(connection, role):
            raise CommandError(f"{role} {wrong}")
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        self.stdout.write(f"{role} can now serve the shop. It cannot change append-only tables.")
