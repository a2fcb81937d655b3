"""The list of faults, `faults.tsv`: each has something that shows it, and whatever is named there exists."""

from __future__ import annotations

import ast
import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[2]
_FILE = Path(__file__).with_name("faults.tsv")


def rows() -> list[dict[str, str]]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@cache
def names_in(path: str) -> frozenset[str]:
    """Every name that pytest knows in the file: the file itself, its classes, their tests."""
    return frozenset(_names(ast.parse((_ROOT / path).read_text(encoding="utf-8")), path))


def _names(node: ast.Module | ast.ClassDef, prefix: str) -> Iterator[str]:
    yield prefix
    for child in node.body:
        if isinstance(child, ast.ClassDef) and child.name.startswith("Test"):
            yield from _names(child, f"{prefix}::{child.name}")
        elif isinstance(child, ast.FunctionDef) and child.name.startswith("test_"):
            yield f"{prefix}::{child.name}"


def trials() -> set[str]:
    """The faults that `python -m bench.faults` knows."""
    tree = ast.parse((_ROOT / "bench" / "faults" / "trials.py").read_text(encoding="utf-8"))
    (known,) = [
        one.value for one in tree.body if isinstance(one, ast.AnnAssign) and ast.unparse(one.target) == "TRIALS"
    ]
    assert isinstance(known, ast.Dict)
    return {key.value for key in known.keys if isinstance(key, ast.Constant)}


def is_there(test: str) -> bool:
    if test.startswith("bench."):
        module, _colon, fault = test.partition(":")
        return (_ROOT / module.replace(".", "/") / "__main__.py").is_file() and (not fault or fault in trials())
    path = test.partition("::")[0]
    return (_ROOT / path).is_file() and test in names_in(path)


def test_every_fault_is_listed_once() -> None:
    assert [row["fault"] for row in rows()] == [f"F{number:02}" for number in range(1, 41)]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["fault"])
def test_what_shows_it_exists(row: dict[str, str]) -> None:
    assert row["what is done"] and row["invariant"]
    shown = row["shown by"].split()
    assert [test for test in shown if test.startswith("tests/")], "something that runs with the suite"
    assert [test for test in shown if not is_there(test)] == []


@pytest.mark.parametrize(
    "name",
    [
        "tests/common/test_broker.py",
        "tests/common/test_broker_away.py::TestNobody",
        "tests/common/test_broker_away.py::test_nothing",
        "tests/common/test_broker_away.py::TestSend::test_nothing",
        "bench.nothing",
        "bench.faults:F99",
    ],
)
def test_what_does_not_exist_would_be_found(name: str) -> None:
    assert not is_there(name)
