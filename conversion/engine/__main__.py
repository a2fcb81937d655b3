"""The command line's process: `python -m conversion.engine`, started for one conversion by `manage.py convert`.

It is started anew, with an environment that holds nothing, so that the child that meets the manuscript can be a copy of
it: a copy inherits all memory, and scrubbing what a shell hands over would be hoping to have found everything.
"""

from __future__ import annotations

import os
import sys

from .cli import command
from .process import child_user, launch


def main() -> int:
    """Convert by a copy of this process where it is as clean as that; else by a new one."""
    is_clean = set(os.environ) <= {*launch.environment(), child_user.VARIABLE} and sys.platform == "linux"
    return command.main(sys.argv[1:], launch.Fork() if is_clean else launch.Spawn())


if __name__ == "__main__":
    sys.exit(main())
