"""Every kind of entry has its movement, or never touches a contributor's account."""

from __future__ import annotations

import pytest

from royalties import chart
from royalties.chart import AccountKind
from royalties.models import EntryKind, MovementKind
from royalties.selectors import movements


class TestClassify:
    @pytest.mark.parametrize("kind", EntryKind)
    def test_knows_every_kind_of_entry(self, kind: EntryKind) -> None:
        for account in chart.CONTRIBUTOR_KINDS:
            if kind in movements.NEVER_ON_CONTRIBUTORS:
                with pytest.raises(ValueError, match="touches no contributor"):
                    movements.classify(kind, account)
            else:
                assert kind in movements.entry_kinds_of(movements.classify(kind, account))

    @pytest.mark.parametrize("kind", MovementKind)
    def test_leaves_no_movement_without_entries(self, kind: MovementKind) -> None:
        assert movements.entry_kinds_of(kind)

    def test_refuses_accounts_of_the_platform(self) -> None:
        with pytest.raises(ValueError, match="belongs to no contributor"):
            movements.classify(EntryKind.SALE, AccountKind.PLATFORM_FEE)
