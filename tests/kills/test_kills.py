"""Faults P1 and P2 of every step that changes something at the payment provider.

P1 kills the process between our commit and the call, P2 between the call and our commit. Afterwards the sweepers, or
the person who comes back, bring it to rest: one effect at the provider, one in the books, every rule of the ledger kept
and the provider's balance ours. The steps are those of `steps.py`; a step of the shop without a kill fails here.
"""

from __future__ import annotations

import ast
import inspect
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark import ParameterSet
from django.db import connection

from payments.gateway import Gateway
from tests.kills.contract_steps import CONTRACT_STEPS
from tests.kills.steps import STEPS

_ROOT = Path(__file__).resolve().parents[2]
_APPS = ("accounts", "common", "conversion", "hiring", "payments", "publishing", "royalties", "storefront")
# It takes no key: each of its addresses is for one use.
_KEYLESS = {"onboarding_url"}


class Server:
    """Answers requests about steps (`dying.py`), all from one process, which imported everything once."""

    def __init__(self, folder: Path) -> None:
        environment = {**os.environ, "VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings.test"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.kills.dying"],
            cwd=_ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def ask(self, name: str, when: str, database: str) -> Any:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps([name, when, database]) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self) -> None:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    started = Server(tmp_path_factory.mktemp("kills"))
    yield started
    started.close()


@pytest.fixture
def database(django_db_setup) -> str:
    """The name of the run's own database, which the processes share."""
    return str(connection.settings_dict["NAME"])


@pytest.fixture
def kill(server, database):
    return lambda name, when: server.ask(name, when, database)


def _some(names: Mapping[str, object]) -> list[ParameterSet]:
    """Every third in an ordinary run, and the others in the nightly one."""
    return [pytest.param(name, marks=[pytest.mark.nightly] * bool(number % 3)) for number, name in enumerate(names)]


@pytest.mark.django_db(transaction=True)
class TestKilled:
    @pytest.mark.parametrize("name", _some(STEPS))
    def test_p01_between_commit_and_call(self, kill, name):
        step = STEPS[name]
        assert kill(name, "before") == {
            "died_of": signal.SIGKILL,
            "made_at_death": step.made_before,
            "made": step.made if step.made_untouched is None else step.made_untouched,
            "booked": step.booked,
            "stand": step.stand,
            "broken": [],
        }

    @pytest.mark.parametrize("name", STEPS)
    def test_p02_between_call_and_commit(self, kill, name):
        step = STEPS[name]
        assert kill(name, "after") == {
            "died_of": signal.SIGKILL,
            "made_at_death": step.made_at_death,
            "made": step.made,
            "booked": step.booked,
            "stand": step.stand,
            "broken": [],
        }


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("name", _some(CONTRACT_STEPS))
def test_a_step_of_a_contract_is_taken_once(kill, name, when):
    """Killed in its transaction, nothing of it is there; killed before its payment, the payment comes."""
    step = CONTRACT_STEPS[name]
    assert kill(name, when) == {
        "died_of": signal.SIGKILL,
        "made_at_death": {},
        "made": step.made,
        "booked": step.booked,
        "stand": step.stand,
        "broken": [],
    }


def changing_calls() -> set[str]:
    """The provider's calls that change something: those that take a key of ours, unless they look for it."""
    methods = inspect.getmembers(Gateway, inspect.isfunction)
    keyed = {name for name, call in methods if "key" in inspect.signature(call).parameters}
    return {name for name in keyed if not name.startswith("find_")} | _KEYLESS


class _Sites(ast.NodeVisitor):
    """Where a module makes such calls, by the names of class and function."""

    def __init__(self, module: str, calls: set[str]) -> None:
        self.path, self.calls, self.found = [module], calls, set[tuple[str, str]]()

    def _inside(self, node: ast.ClassDef | ast.FunctionDef) -> None:
        self.path.append(node.name)
        self.generic_visit(node)
        self.path.pop()

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._inside(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._inside(node)

    def visit_Call(self, node: ast.Call) -> None:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        has_key = any(keyword.arg == "key" for keyword in node.keywords)
        if name in self.calls and (has_key or name in _KEYLESS):
            self.found.add((name, ".".join(self.path)))
        self.generic_visit(node)


def sites(calls: set[str]) -> set[tuple[str, str]]:
    """Every place of the apps that makes one of the calls."""
    found: set[tuple[str, str]] = set()
    for app in _APPS:
        for path in (_ROOT / app).rglob("*.py"):
            visitor = _Sites(".".join(path.relative_to(_ROOT).with_suffix("").parts), calls)
            visitor.visit(ast.parse(path.read_text(encoding="utf-8")))
            found |= visitor.found
    return found


class TestEveryStepIsKilled:
    def test_each_changing_call_has_a_kill(self):
        assert {step.call for step in STEPS.values()} == changing_calls()

    def test_each_place_that_makes_one_has_a_kill(self):
        assert {(step.call, step.site) for step in STEPS.values()} == sites(changing_calls())

    def test_a_new_place_would_be_found(self):
        visitor = _Sites("m", changing_calls())
        visitor.visit(ast.parse("class A:\n  def f(self):\n    gateway().refund(key='k')\n    entries.refund(r='x')"))
        assert visitor.found == {("refund", "m.A.f")}

    def test_the_documentation_names_each(self):
        text = (_ROOT / "docs" / "money.md").read_text(encoding="utf-8")
        assert [name for name in STEPS if f"| {name} |" not in text] == []
