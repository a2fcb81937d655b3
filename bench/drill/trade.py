"""A process that buys books until it is killed. It prints each order once it is paid, and when."""

from __future__ import annotations

from datetime import UTC, datetime

import django

django.setup()

from accounts.models import User  # noqa: E402
from publishing.models import Edition, EditionState  # noqa: E402
from tests.factories import buying  # noqa: E402


def main() -> None:
    number = 0
    while True:
        for edition in Edition.objects.filter(state=EditionState.PUBLISHED).order_by("pk"):
            number += 1
            reader = User.objects.create(email=f"drill{number}@example.org", display_name=f"Reader {number}")
            order = buying.buy(reader, edition)
            if order.paid_at is not None:
                print(order.public_id, datetime.now(UTC).isoformat(), flush=True)


if __name__ == "__main__":
    main()
