"""The rules of the house, held by tools: import directions, types, lint, sizes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
_BIN = Path(sys.executable).parent
_MAX_LINES = 500


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def _tracked(*patterns: str) -> list[Path]:
    found = _run("git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns)
    return [ROOT / line for line in found.stdout.splitlines() if (ROOT / line).is_file()]


def test_imports_point_downwards() -> None:
    result = _run(str(_BIN / "lint-imports"))
    assert result.returncode == 0, result.stdout


def test_types_hold() -> None:
    result = _run(str(_BIN / "mypy"), ".")
    assert result.returncode == 0, result.stdout[-3000:]


def test_lint_is_clean() -> None:
    check, form = _run(str(_BIN / "ruff"), "check", "."), _run(str(_BIN / "ruff"), "format", "--check", ".")
    assert check.returncode == 0, check.stdout[-3000:]
    assert form.returncode == 0, form.stdout[-3000:]


def test_templates_are_formatted() -> None:
    result = _run(str(_BIN / "djlint"), "templates", "--check")
    assert result.returncode == 0, result.stdout[-3000:]


def test_no_file_is_too_long() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {count}"
        for path in _tracked("*.py", "*.html", "*.js", "*.css")
        if "migrations" not in path.parts and (count := len(path.read_text(encoding="utf-8").splitlines())) > _MAX_LINES
    ]
    assert long == [], f"over {_MAX_LINES} lines, tests included: move a part into a file of its own"


def test_text_comes_in_by_our_own_field() -> None:
    """Django's lets control characters and line breaks through, which feeds, subjects of mails and headers do not."""
    apps = ("accounts", "payments", "publishing", "royalties", "storefront", "hiring", "helpdesk", "insight")
    apps += ("operations", "demo")
    found = [str(path) for path in _tracked("*.py") if path.relative_to(ROOT).parts[0] in apps]
    assert len(found) > 500
    assert [path for path in found if "forms.CharField(" in Path(path).read_text(encoding="utf-8")] == []


def test_forms_in_included_templates_get_their_token() -> None:
    """`only` leaves the token out, and no test client asks for it: the form would never be taken in a browser."""
    paths = _tracked("templates/*.html")
    templates = {str(path.relative_to(ROOT / "templates")): path.read_text(encoding="utf-8") for path in paths}
    include = re.compile(r'{%\s*include\s+"([^"]+)"([^%]*)%}')
    uses = [(name, child, given) for name, text in templates.items() for child, given in include.findall(text)]
    needed = {name for name, text in templates.items() if "{% csrf_token %}" in text}
    for _ in range(5):  # includes within includes
        needed |= {name for name, child, _ in uses if child in needed}
    assert len(needed) > 50
    lost = [
        (name, child)
        for name, child, given in uses
        if child in needed and re.search(r"\bonly\b", given) and "csrf_token=csrf_token" not in given
    ]
    assert lost == []


def test_days_come_in_by_our_own_field() -> None:
    """Django's widget writes a day as the language does, which a browser's own field shows as empty."""
    own = re.compile(r"forms\.(DateInput|DateTimeInput)\(")
    found = [path for path in _tracked("*.py") if own.search(path.read_text(encoding="utf-8"))]
    assert [path.name for path in found if path.name != "widgets.py"] == []


def test_no_float_stands_in_a_money_path() -> None:
    """I14 of the ledger's invariants: amounts are whole numbers."""
    paths = _tracked("royalties/*.py", "payments/*.py", "storefront/*.py", "hiring/*.py", "common/money.py")
    assert [path.name for path in paths if "float(" in path.read_text(encoding="utf-8")] == []
