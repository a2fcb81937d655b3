"""What every test has: no network but this machine's own, a fixed clock, payments in the sandbox."""

from __future__ import annotations

import gc
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache, caches
from django.db import DEFAULT_DB_ALIAS, connection
from django.test.utils import setup_databases, teardown_databases

from common import clock
from tests.support import sharing
from tests.support.requests import requests_counted
from tests.support.windows import NOT_HAD

if TYPE_CHECKING:
    from tests.support.standing import Standing

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SHARED = Path(__file__).resolve().parent.parent.parent / "shared"

_real_connect = socket.socket.connect


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """What is collected stays until the end, and the garbage collector need not look at it again and again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Iterator[None]:
    """Run a browser's test once again where it fails, and say so at the end (decision 98).

    Where several processes run the tests, what one of them has to do alone comes first: last, others would wait.
    """
    for item in items:
        if item.get_closest_marker("journey"):
            item.add_marker(pytest.mark.flaky(reruns=1))
    yield
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: sharing.group_of(item.nodeid) == item.nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """Instead of xdist's own groups, which it tells by ids of tests that pytest 9.2 does not let it change."""
    return sharing.scheduler(config, log) if config.getvalue("dist") == "loadgroup" else None


def _connect_here_only(self: socket.socket, address: Any) -> None:
    host = address[0] if isinstance(address, tuple) else ""
    if self.family in {socket.AF_INET, socket.AF_INET6} and host not in {"127.0.0.1", "::1", "localhost"}:
        raise AssertionError(f"a test tried to reach {host}")
    _real_connect(self, address)


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    socket.socket.connect = _connect_here_only  # type: ignore[method-assign,assignment]
    yield
    socket.socket.connect = _real_connect  # type: ignore[method-assign]


@pytest.fixture(autouse=True, scope="session")
def _held_against_the_sdk() -> Iterator[None]:
    """No request to the simulated provider passes that the SDK's own types would not allow."""
    from payments.stripe import client
    from payments.stripe.sandbox.transport import SandboxTransport
    from payments.stripe.schema_check import ContractTransport

    client.SandboxTransport = lambda: ContractTransport(SandboxTransport())  # type: ignore[assignment,misc]
    yield
    client.SandboxTransport = SandboxTransport  # type: ignore[misc]


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    """The test database, copied from one that is there; tests that really commit end with it as migrations left it.

    pytest-django makes it only when a collected test is marked for it. Journeys alone are not, and still need the copy.
    """
    from tests.support.as_migrated import returning_to_what_was_migrated
    from tests.support.migrated import databases_copied

    with ExitStack() as returning, django_db_blocker.unblock():
        with databases_copied():
            made = setup_databases(verbosity=0, interactive=False, aliases=[DEFAULT_DB_ALIAS])
        returning.enter_context(returning_to_what_was_migrated())
        with django_db_blocker.block():
            yield
        returning.close()
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="module")
def standing(django_db_setup: None, django_db_blocker: Any) -> Iterator[Standing]:
    """Rows for all tests of a module (see tests/support/standing.py)."""
    from tests.support.standing import rows_that_stay

    with rows_that_stay(django_db_blocker, NOON) as standing:
        yield standing


@pytest.fixture(scope="class")
def standing_in_class(django_db_setup: None, django_db_blocker: Any) -> Iterator[Standing]:
    """Rows for all tests of a class, in a module whose other tests need an empty shop or really commit."""
    from tests.support.standing import rows_that_stay

    with rows_that_stay(django_db_blocker, NOON) as standing:
        yield standing


@pytest.fixture(autouse=True, scope="session")
def _logged_in_with_a_password() -> Iterator[None]:
    """`client.force_login` leaves in the session what allauth's form does: when the person gave the password."""
    from allauth.account.internal.flows.login import record_authentication
    from django.contrib.auth.signals import user_logged_in

    def note(request: Any, user: Any, **told: Any) -> None:
        record_authentication(request, user, method="password")

    user_logged_in.connect(note, weak=False, dispatch_uid="tests")
    yield
    user_logged_in.disconnect(dispatch_uid="tests")


@pytest.fixture(autouse=True)
def _fixed_clock(request: pytest.FixtureRequest) -> Iterator[None]:
    clock.clear_cache()
    if request.node.get_closest_marker("journey"):
        yield
        return
    with clock.frozen(NOON):
        yield


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    """Rate limits count in the cache, and people of two tests may share a primary key; two catalogues a version."""
    from operations.maintenance.selectors import CACHE_KEY, State

    cache.clear()
    for name in ("counts", "pages", "process"):
        caches[name].clear()
    # Processes ask every two seconds whether the shop is open, and tests count queries.
    caches["process"].set(CACHE_KEY, State(), timeout=None)


@pytest.fixture(autouse=True)
def _server_at_rest(request: pytest.FixtureRequest) -> Iterator[None]:
    """Answer what a page sends when it is left before the tables are emptied: each would wait for the other."""
    if "live_server" not in request.fixturenames:
        yield
        return
    for name in ("transactional_db", "live_server"):
        request.getfixturevalue(name)
    with requests_counted() as server:
        yield
        server.wait()


@pytest.fixture
def racing_db(transactional_db: None) -> None:
    """PostgreSQL with more than one connection; SQLite lets only one transaction write at a time."""
    if connection.vendor != "postgresql":
        pytest.skip("races need PostgreSQL")


@pytest.fixture
def noon() -> datetime:
    """The moment at which every test but a journey happens."""
    return NOON


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The shared corpus of real manuscripts; skips where it is not there."""
    folder = SHARED / "corpus"
    if not folder.is_dir():
        pytest.skip("the shared corpus is not here")
    return folder


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What did not run for want of a browser is said, once for each reason, and what only passed the second time."""
    for report in terminalreporter.stats.get("rerun", []):
        terminalreporter.write_line(f"Run again: {report.nodeid}\n{report.longreprtext[-2000:]}", yellow=True)
    reports = terminalreporter.stats.get("skipped", [])
    reasons = {one.longrepr[2] for one in reports if isinstance(one.longrepr, tuple)}
    for reason in sorted(one for one in reasons if NOT_HAD in one):
        terminalreporter.write_line(reason.removeprefix("Skipped: "), yellow=True)
