"""The second count of our own decisions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bench.market.rows import DAY, Counted, Rows, share, week_end, whole


def _decision_times(rows: Rows, first: date) -> list[int]:
    end = week_end(first)
    spans = []
    for row in rows.of("community_reviewcase"):
        spans += [(row["opened_at"], row["decided_at"]), (row["appealed_at"], row["appeal_decided_at"])]
    for row in rows.of("contracts_case"):
        answer = row["opened_at"] + 7 * DAY
        spans.append((min(answer, row["answered_at"] or answer), row["decided_at"]))
        spans.append((row["appealed_at"], row["appeal_decided_at"]))
    return sorted(
        max((until - since) // timedelta(minutes=6), 0)
        for since, until in spans
        if since and until and end - 28 * DAY <= until < end
    )


def hours(share: float) -> Callable[[Rows, date], Counted]:
    def count(rows: Rows, first: date) -> Counted:
        times = _decision_times(rows, first)
        below = [one for place, one in enumerate(times, start=1) if place >= share * len(times) - 1e-9]
        return whole(below[0] if below else None, len(times))

    return count


def appeals_won(rows: Rows, first: date) -> Counted:
    end = week_end(first)
    start = end - 91 * DAY
    outcomes = [
        row["appeal_outcome"] == "overturned"
        for row in rows.of("community_reviewcase")
        if row["appeal_decided_at"] and start <= row["appeal_decided_at"] < end
    ]
    for row in rows.of("contracts_case"):
        if row["appeal_decided_at"] and start <= row["appeal_decided_at"] < end:
            before = row["provider_minor"] if row["as_decided_minor"] is None else row["as_decided_minor"]
            outcomes.append(row["appeal_provider_minor"] != before or row["appeal_share_ruling"] != row["share_ruling"])
    return {"": share(sum(outcomes), len(outcomes))}


def past_time(rows: Rows, first: date) -> Counted:
    end, steps = week_end(first), rows.by_id("contracts_milestone")
    mended: dict[int, datetime] = {}
    for row in rows.of("community_remedy"):
        mended[row["case_id"]] = max(row["sent_at"], mended.get(row["case_id"], row["sent_at"]))
    since = [
        max(at for at in (row["opened_at"], row["appealed_at"], mended.get(row["id"])) if at)
        for row in rows.of("community_reviewcase")
        if row["state"] in {"open", "appealed", "mended"}
    ]
    since += [
        steps[row["milestone_id"]]["since"]
        for row in rows.of("contracts_case")
        if row["closed_at"] is None and steps[row["milestone_id"]]["state"] in {"to_decide", "appealed"}
    ]
    return whole(sum(_aware(at) + 14 * DAY < end for at in since), len(since))


def _aware(at: Any) -> datetime:
    found = datetime.fromisoformat(at) if isinstance(at, str) else at
    return found if found.tzinfo else found.replace(tzinfo=UTC)
