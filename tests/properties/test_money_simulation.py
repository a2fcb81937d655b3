"""A few random lives of the whole money path, the same in every run; `money_simulation.py` lives thousands."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
_SCHEDULES = 6


def test_every_balance_is_the_models_and_every_rule_holds():
    command = [sys.executable, "-m", "tests.properties.money_simulation", "--schedules", str(_SCHEDULES), "--seed", "5"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"seed 5: {_SCHEDULES} schedules" in done.stdout
