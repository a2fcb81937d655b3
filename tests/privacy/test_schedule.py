"""The retention schedule misses nothing: every table that leads to a person is in it, by column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from django.apps import apps
from django.db import models

from accounts import retention_schedule
from accounts.models import User
from accounts.retention_schedule import Erasure, Rule, TableRule
from storefront.checkout.models import Order

# Columns that are called like a person's, and hold nobody's.
NOBODYS = {
    "auth.Permission.name": "a right",
    "auth.Group.name": "groups are not used",
    "backups.BackupRun.name": "when a backup began",
    "backups.FileCheck.last_name": "a checksum",
    "backups.FileFault.name": "a checksum",
    "heartbeats.Heartbeat.name": "a scheduled task",
    "royalties.FeePlan.name": "a plan",
    "royalties.RoyaltyTerms.name": "terms",
    "conversations.MessageFile.name": "a file",
    "catalogue.Listing.byline": "as printed in books on sale",
    "reading.ReaderSetting.name": "a setting",
}
_WORDS = {"email", "name", "names", "address", "ip", "phone", "recipient", "signature", "iban", "holder", "byline"}
_TYPES = (models.EmailField, models.GenericIPAddressField)


def columns_of_people() -> Iterator[tuple[type[models.Model], str, bool]]:
    """Every column that leads to a person, with whether it refers to one of ours."""
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if not isinstance(field, models.Field) or (field.auto_created and not field.concrete):
                continue
            if field.related_model is User and not field.many_to_many:
                yield model, field.name, True
            elif isinstance(field, _TYPES) or (
                isinstance(field, models.CharField | models.TextField)
                and (field.name == "to" or _WORDS & set(field.name.split("_")))
            ):
                yield model, field.name, False


def missing(rules: Iterable[Rule]) -> list[str]:
    """Columns that no rule knows."""
    known: dict[type[models.Model], list[TableRule]] = {}
    for rule in rules:
        for held in rule.tables:
            known.setdefault(held.table, []).append(held)
    found = []
    for model, name, is_person in columns_of_people():
        column = f"{model._meta.label}.{name}"
        tables = known.get(model, [])
        ways = {path.partition("__")[0] for held in tables for path in (*held.of, *held.by)}
        names = {name for held in tables for name in held.names}
        if column not in NOBODYS and name not in (ways if is_person else names):
            found.append(column)
    return found


def test_every_column_that_leads_to_a_person_is_in_it() -> None:
    assert missing(retention_schedule.rules()) == []


def test_one_that_is_left_out_is_missed() -> None:
    without = [rule for rule in retention_schedule.rules() if all(held.table is not Order for held in rule.tables)]
    assert "checkout.Order.buyer" in missing(without)
    assert len(list(columns_of_people())) > 100


def test_no_exception_outlives_its_column() -> None:
    assert set(NOBODYS) <= {f"{model._meta.label}.{name}" for model, name, _ in columns_of_people()}


def test_what_is_somebodys_is_copied_or_says_why_not() -> None:
    wrong = [
        held.table._meta.label
        for _, held in retention_schedule.held()
        if held.of and not (held.copied or held.not_copied)
    ]
    assert wrong == []


def test_what_is_copied_has_a_file() -> None:
    assert [str(rule.holds) for rule, held in retention_schedule.held() if held.copied and not rule.file] == []


def test_tables_of_one_file_have_names_of_their_own() -> None:
    for name, rules in retention_schedule.files().items():
        keys = [held.key for rule in rules for held in rule.tables if held.copied]
        assert len(keys) == len(set(keys)), name


@pytest.mark.django_db
def test_every_copied_column_is_there() -> None:
    for _, held in retention_schedule.held():
        if held.copied:
            assert list(held.rows_of(0)) == []


def test_what_stays_says_what_is_left() -> None:
    stays = {Erasure.PSEUDONYM, Erasure.LAW}
    assert [str(rule.holds) for rule in retention_schedule.rules() if rule.erasure in stays and not rule.left] == []


def test_the_law_has_its_years() -> None:
    assert [
        str(rule.holds) for rule in retention_schedule.rules() if rule.erasure == Erasure.LAW and not rule.years
    ] == []


def test_no_secret_is_copied() -> None:
    secrets = {"password", "token", "token_hash", "session_key", "data", "key", "fencing_token", "receipt"}
    copied = {column for _, held in retention_schedule.held() for column in held.copied}
    assert not copied & secrets
