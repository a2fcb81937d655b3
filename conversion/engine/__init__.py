"""The conversion engine: a manuscript goes in, artifacts and findings come out.

Plain Python without Django, so that it runs in a sandboxed child process and from
the command line alike. The path through it is `pipeline.py`:

    source bytes -> gate -> reader -> Book -> checks -> writers -> checks -> artifacts
"""

from pathlib import Path

ENGINE_VERSION = "1"
ASSETS = Path(__file__).parent / "assets"  # style sheets, taken without `importlib`, which loads a lot to read a file
