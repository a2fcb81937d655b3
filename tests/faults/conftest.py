"""A scratch folder of the test's own, an engine that does what the test says, and a provider whose events arrive."""

from __future__ import annotations

from tests.conversion.jobs.conftest import scratch_root, use_engine
from tests.storefront.conftest import postman

__all__ = ["postman", "scratch_root", "use_engine"]
