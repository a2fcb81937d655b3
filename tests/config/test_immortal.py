"""Objects that nobody counts references of, in processes of their own: it cannot be taken back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from config import immortal

PROJECT = Path(__file__).resolve().parent.parent.parent
_SHOP = """
import faulthandler, gc, os, sys
faulthandler.enable()
from config import web
from config.immortal import is_known, make_immortal
from config.wsgi import application
from config.warming import ask
web.load()
ask(application, "/robots.txt")
gc.collect()
made = make_immortal()
gc.freeze()
code = ask.__code__
counted = [sys.getrefcount(one) for one in (ask, code, code.co_consts, code.co_name, web)]
more = [(ask, code, code.co_consts, code.co_name, web) for _ in range(100)]
assert not is_known() or (made > 100_000 and counted == [sys.getrefcount(one) for one in more[0]]), (made, counted)
fresh = [object()]
before = sys.getrefcount(fresh[0])
fresh *= 10
assert sys.getrefcount(fresh[0]) == before + 9  # what comes later is counted
if not os.fork():
    assert ask(application, "/robots.txt") == 200
    gc.collect()
    sys.exit(0)
assert os.wait()[1] == 0
assert ask(application, "/robots.txt") == 200
print("ended well")
"""


def test_the_shop_goes_on_when_all_it_loaded_is_immortal() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _SHOP], cwd=PROJECT, capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.stdout.split("\n")[-2:], done.returncode) == (["ended well", ""], 0), done.stderr


def test_an_interpreter_that_is_not_known_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 99, 0, "final", 0))
    assert (immortal.is_known(), immortal.make_immortal()) == (False, 0)
