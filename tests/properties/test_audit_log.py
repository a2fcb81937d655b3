"""Whatever is appended to the audit log verifies; whichever stored value is changed, it is found."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts import triggers
from accounts.models import AuditEntry, AuditLink
from accounts.selectors import audit_chain
from accounts.services import audit, record_audit
from common import clock
from tests.factories.accounts import make_reader
from tests.properties.profiles import some

pytestmark = [pytest.mark.both, pytest.mark.django_db]

_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
_FACTS = st.dictionaries(_TEXT, st.one_of(_TEXT, st.integers(-(2**53), 2**53), st.booleans()), max_size=4)
_APPENDS = st.lists(st.tuples(_FACTS, st.booleans(), st.booleans()), min_size=1, max_size=8)
_COLUMNS = [
    *[(AuditEntry, name) for name in ("at", "actor_id", "about_id", "verb", "subject_kind", "subject_id")],
    *[(AuditEntry, name) for name in ("facts", "salt")],
    *[(AuditLink, name) for name in ("entry_id", "facts_hash", "previous_hash", "hash")],
]


def append(entries: list[tuple[dict[str, Any], bool, bool]]) -> None:
    person = make_reader()
    for facts, by_person, chain_now in entries:
        record_audit(actor=person if by_person else None, verb="work.moved", subject=person, facts=facts)
        if chain_now:
            audit.chain_committed()
    audit.chain_committed()


@contextmanager
def a_log_of(entries: list[tuple[dict[str, Any], bool, bool]]) -> Iterator[None]:
    """A chained log of these entries, gone again afterwards: all cases of a test share its transaction."""
    with transaction.atomic():
        append(entries)
        yield
        transaction.set_rollback(True)


@some(40)
@given(_APPENDS)
def test_any_sequence_of_appends_verifies(entries: list[tuple[dict[str, Any], bool, bool]]) -> None:
    with a_log_of(entries):
        assert audit_chain.broken(at=clock.now()) == []
        assert AuditLink.objects.count() == len(entries)


@some(80)
@given(_APPENDS, st.sampled_from(_COLUMNS), st.integers(0, 59), st.integers(0, 59), _FACTS)
def test_any_single_change_is_found(
    entries: list[tuple[dict[str, Any], bool, bool]],
    column: tuple[type[AuditEntry | AuditLink], str],
    row: int,
    place: int,
    facts: dict[str, Any],
) -> None:
    table, name = column
    with a_log_of(entries):
        triggers.drop(connection)
        rows = list(table.objects.order_by("pk"))
        changed = rows[row % len(rows)]
        table.objects.filter(pk=changed.pk).update(**{name: _other(getattr(changed, name), name, place, facts)})
        assert audit_chain.broken(at=clock.now())


def _other(before: Any, column: str, place: int, facts: dict[str, Any]) -> object:
    """Another value, as near to the old one as the column allows."""
    if isinstance(before, datetime):
        return before + timedelta(microseconds=1)
    if isinstance(before, dict):
        return facts if repr(sorted(facts.items())) != repr(sorted(before.items())) else {**facts, "more": 1}
    if column == "entry_id":
        return record_audit(actor=None, verb="work.moved", subject=make_reader()).pk
    if isinstance(before, str):
        at = place % len(before)
        return before[:at] + ("1" if before[at] == "0" else "0") + before[at + 1 :]
    return make_reader().pk
