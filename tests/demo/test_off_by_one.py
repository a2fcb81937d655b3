"""The programs and queries printed in the booklet about fence posts give the answers that it says they give."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from demo.content.loader import BOOKS

TEXT = (BOOKS / "off-by-one.md").read_text(encoding="utf-8")


def printed(language: str) -> str:
    """All the code of one language, in the order of the book."""
    return "\n".join(re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL))


@pytest.fixture(scope="module")
def programs() -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(printed("python"), names)  # noqa: S102 - our own booklet
    return names


class TestPrintedPrograms:
    def test_thirty_metres_of_fence_want_eleven_posts(self, programs):
        assert programs["posts"](30, 3) == 11

    def test_the_right_search_never_fails_and_the_broken_one_first_fails_on_three_names(self, programs):
        assert programs["check"](programs["contains"]) == []
        names, _ = programs["check"](programs["broken_search"])[0]
        assert len(names) == 3

    def test_pieces_of_a_plank_leave_no_gap(self, programs):
        assert programs["pieces"](10, 3) == [(0, 3), (3, 6), (6, 10)]

    def test_three_months_after_november_is_february(self, programs):
        assert programs["months_later"](11, 3) == 2


class TestPrintedQueries:
    def test_the_room_is_free_and_only_the_last_query_has_january_right(self):
        statements = [part for part in re.sub(r"--.*", "", printed("sql")).split(";") if part.strip()]
        with closing(sqlite3.connect(":memory:")) as database:
            answers = [database.execute(part).fetchall() for part in statements]
        asked = [answer for part, answer in zip(statements, answers, strict=True) if "SELECT" in part]
        assert asked == [[], [(420,)], [(420,)], [(1070,)], [(670,)]]
