"""The conversion engine: a manuscript goes in, artifacts and findings come out.

Plain Python without Django, so that it runs in a sandboxed child process and from
the command line alike. The path through it is `pipeline.py`:

    source bytes -> gate -> reader -> Book -> checks -> writers -> checks -> artifacts
"""

ENGINE_VERSION = "1"
