"""Third-party files that we mend as we copy them: never otherwise than somebody has looked at."""

from __future__ import annotations

from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest
from django.conf import settings


@pytest.fixture
def vendor(tmp_path: Path) -> ModuleType:
    """The script, over a folder of its own."""
    loader = SourceFileLoader("vendor", str(settings.BASE_DIR / "script" / "vendor"))
    spec = spec_from_loader("vendor", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    module.VENDOR = tmp_path  # type: ignore[attr-defined]
    return module


def test_the_paginators_pause_is_taken_out(vendor: ModuleType, tmp_path: Path) -> None:
    vendor.copy_packages()
    paginator = tmp_path / "foliate" / "paginator.js"
    assert "await wait(100)" in paginator.read_text(encoding="utf-8")
    vendor.mend_packages()
    assert "await wait(100)" not in paginator.read_text(encoding="utf-8")


def test_a_file_that_has_changed_there_is_refused(vendor: ModuleType, tmp_path: Path) -> None:
    vendor.copy_packages()
    paginator = tmp_path / "foliate" / "paginator.js"
    paginator.write_text(paginator.read_text(encoding="utf-8").replace("wait(100)", "wait(90)"), encoding="utf-8")
    with pytest.raises(SystemExit, match=r"foliate/paginator\.js has changed"):
        vendor.mend_packages()
