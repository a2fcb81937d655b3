"""How large the simulated market is, when it is looked at, and its people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from accounts.models import User

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)  # a Tuesday


@dataclass(frozen=True, slots=True)
class Size:
    """How large the market is."""

    works: int = 1202
    sales: int = 6372
    ring_accounts: int = 60
    ring_authors: int = 4
    providers: int = 120
    requests: int = 300
    searches: int = 27_279
    seed: int = 16

    @property
    def authors(self) -> int:
        return max(self.works // 4, self.ring_authors + 8)

    @property
    def readers(self) -> int:
        return max(self.sales // 2, 40)


def make_people(count: int, name: str, **roles: bool) -> list[User]:
    numbers = range(count)
    return User.objects.bulk_create(
        [User(email=f"{name}{n}@example.org", display_name=f"{name.title()} {n}", **roles) for n in numbers], 2000
    )
