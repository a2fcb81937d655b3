"""The process behind `manage.py convert`: `python -m conversion.engine`, started for a single conversion.

It starts with an empty environment, so that the child that opens the manuscript can be a fork of it. A fork inherits
all memory, and scrubbing what a shell passed on could never be known to be complete.
"""

from __future__ import annotations

import os
import sys

from .cli import command
from .process import child_user, launch


def main() -> int:
    """Convert in a fork of this process where the system allows it, else in a new process."""
    is_clean = set(os.environ) <= {*launch.environment(), child_user.VARIABLE} and sys.platform == "linux"
    return command.main(sys.argv[1:], launch.Fork() if is_clean else launch.Spawn())


if __name__ == "__main__":
    sys.exit(main())
