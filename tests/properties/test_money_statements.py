"""Whatever is booked on a contributor's accounts is in exactly one movement, and the statement ties out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.periods import Month
from royalties import chart
from royalties.chart import AccountKind
from royalties.entries.base import Line, build_draft, transfer_lines
from royalties.models import EntryKind, MovementKind, Posting, Statement
from royalties.selectors import movements
from royalties.selectors import statements as selectors
from royalties.services import ledger, ledger_chain, statements
from tests.royalties.closing import mark_closed
from tests.royalties.factories import NOON, user

pytestmark = [pytest.mark.both, pytest.mark.django_db]
calmly = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
HELD = [kind for kind in chart.CONTRIBUTOR_KINDS if kind != AccountKind.CONTRIBUTOR_RECEIVABLE]
# Royalties need their sales and pay its milestones, which lines are made of; `tests/royalties` has those.
KINDS = [
    kind
    for kind in EntryKind
    if kind not in movements.NEVER_ON_CONTRIBUTORS
    and movements.classify(kind, AccountKind.CONTRIBUTOR_PAYABLE) not in (*movements.EARNING, *movements.PAYING)
]
amounts = st.integers(min_value=-100, max_value=100).filter(bool)
events = st.lists(
    st.tuples(
        st.sampled_from(KINDS), st.lists(st.sampled_from(HELD), min_size=2, max_size=3, unique=True), amounts, amounts
    ),
    max_size=12,
)


def lines_of(owner: str, kind: EntryKind, parts: list[AccountKind], one: int, two: int) -> list[Line]:
    if not movements.changes_what_is_owed(movements.classify(kind, parts[0])):
        return transfer_lines(owner, parts[0], parts[1], abs(one))
    touched = [Line(chart.of_contributor(part, owner), amount) for part, amount in zip(parts, (one, two), strict=False)]
    return [*touched, Line(chart.STRIPE_BALANCE, -one - two)]


@calmly
@given(happened=events)
def test_every_posting_is_in_one_movement(happened):
    with transaction.atomic():
        owner = user()
        funded = [Line(chart.of_contributor(part, owner.public_id), -10_000) for part in HELD]
        funded.append(Line(chart.STRIPE_BALANCE, 10_000 * len(HELD)))
        given_entries = [(EntryKind.ADJUSTMENT, funded)]
        given_entries += [(kind, lines_of(owner.public_id, kind, *rest)) for kind, *rest in happened]
        for number, (kind, lines) in enumerate(given_entries):
            ledger.post_one(
                build_draft(kind, f"{kind}:{number}", lines, reference="r", currency="USD", occurred_at=NOON)
            )
        closed = mark_closed(str(Month.of(NOON)), datetime(2026, 12, 2, tzinfo=UTC))
        ledger_chain.chain_committed()
        statements.build(closed)
        statement = Statement.objects.get()
        moved = {each.kind: each for each in statement.movements.all()}
        own = Posting.objects.filter(account__owner=owner)
        expected: dict[MovementKind, set[int]] = {}
        for posting in own.select_related("entry", "account"):
            movement = movements.classify(EntryKind(posting.entry.kind), AccountKind(posting.account.kind))
            expected.setdefault(movement, set()).add(posting.entry_id)
        assert {kind: each.entries for kind, each in moved.items()} == {k: len(ids) for k, ids in expected.items()}
        changed = sum(each.amount_minor for kind, each in moved.items() if kind in movements.CHANGING)
        assert statement.opening_minor + changed == statement.closing_minor
        assert statement.closing_minor == -own.aggregate(total=Sum("amount_minor"))["total"]
        assert selectors.stored_sha256(statement) == statement.sha256
        assert list(statements.violations(closed)) == []
        transaction.set_rollback(True)
