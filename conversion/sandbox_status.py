"""What this machine lacks of the converter's sandbox, as the settings require it.

Reported when a worker starts and by `manage.py check --deploy`.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path

import structlog
from django.conf import settings

from conversion import metrics
from conversion.engine.api import MissingProtections, SandboxPolicy, sandbox_check

logger = structlog.stdlib.get_logger(__name__)


def policy() -> SandboxPolicy:
    """Return the sandbox policy here. Raises ValueError for an impossible CONVERSION_CHILD_USER."""
    walls = SandboxPolicy(require=settings.CONVERSION_REQUIRE_SANDBOX)
    return walls.of_user(settings.CONVERSION_CHILD_USER)


def missing_protections() -> MissingProtections:
    """Return what is missing, found out by setting the sandbox up around a test process."""
    return sandbox_check.lack(policy(), Path(settings.VAR_DIR).resolve())


def log_sandbox_status() -> bool:
    """Log the sandbox that this worker converts in. Return whether it can convert at all."""
    try:
        found = missing_protections()
    except ValueError:
        logger.exception("sandbox.no_such_user", setting="CONVERSION_CHILD_USER")
        return False
    metrics.MISSING_PROTECTIONS.set(len(found.walls))
    if found.walls and settings.CONVERSION_REQUIRE_SANDBOX:
        logger.error(
            "sandbox.unavailable", missing=",".join(found.walls), advice=f"Nothing is converted. {found.needs}"
        )
    elif found.walls:
        logger.warning("sandbox.incomplete", missing=",".join(found.walls), advice=f"This is not safe. {found.needs}")
    else:
        logger.info("sandbox.complete")
    if found.own_user:
        level = logging.WARNING if os.geteuid() == 0 else logging.INFO
        logger.log(level, "sandbox.same_user", uid=os.geteuid(), advice=found.own_user)
    return not (found.walls and settings.CONVERSION_REQUIRE_SANDBOX)
