"""JavaScript modules without a page, in Node."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

READER = settings.BASE_DIR / "static/js/reader"
EDITOR = settings.BASE_DIR / "static/js/editor"


def run_module(source: str, folder: Path = READER) -> Any:
    """The value that the module exports as JSON by `answer(value)`. `$/name.js` in it is a module of that folder."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is not installed")
    text = 'const answer = (value) => console.log("\\n" + JSON.stringify(value));\n' + source.replace(
        "$/", f"file://{folder}/"
    )
    found = subprocess.run(
        [node, "--no-warnings", "--input-type=module", "-"],
        input=text,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    return json.loads(found.stdout.rstrip("\n").rpartition("\n")[2])
