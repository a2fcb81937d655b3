"""The web server, its workers forked from a process that has the shop loaded already.

    python -m config.web --workers 2 --blocking-threads 2     and whatever else granian takes

Each worker that granian starts by itself loads Django and the shop anew, which is most of what it holds. Forked after
loading they share that memory with their parent for as long as nobody writes to it: `gc.freeze` keeps the collector
from writing to every object there is, immortal objects are not counted (config/immortal.py), and what code writes when
it first runs is written before (config/warming.py). A new release needs a restart; SIGHUP starts workers of the code
that is loaded.
"""

from __future__ import annotations

import gc
import multiprocessing
import sys
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from granian.cli import entrypoint

from config.immortal import make_immortal


def main() -> None:
    """Load, ask for the first pages, then serve as the options say."""
    multiprocessing.set_start_method("fork")  # Python 3.14 would start another process and load everything there
    load()
    warm()
    gc.collect()
    make_immortal()
    gc.freeze()
    sys.argv = ["granian", "--interface", "wsgi", *sys.argv[1:], "config.wsgi:application"]
    entrypoint()  # type: ignore[no-untyped-call]  # by click


def load() -> None:
    """Whatever every worker needs: the application, the views behind its addresses, the shop's templates and words.
    Nothing that is open: no thread, no connection."""
    import_module("config.wsgi")

    from django.template import engines
    from django.urls import get_resolver
    from django.utils import translation

    from accounts import regions
    from common.addresses import share_between_languages
    from common.money import Money
    from common.templatetags.money import day

    share_between_languages(get_resolver())
    get_resolver()._populate()  # looks into every address, which loads all views
    engine: Any = engines["django"]
    for folder in engine.dirs:
        for path in [*Path(folder).glob("*.html"), *Path(folder).glob("storefront/**/*.html")]:
            engine.get_template(path.relative_to(folder).as_posix())
    for place in [regions.default(), *regions.featured()]:
        with regions.active(place):
            translation.gettext("Books")
            day(date(2026, 1, 1))
            Money(100, place.currency).format(place.locale)


def warm() -> None:
    """What workers would otherwise each write to what they share, when their first visitors come."""
    from config import warming
    from config.wsgi import application

    warming.warm(application)


if __name__ == "__main__":
    main()
