"""`script/init` as far as it needs neither root nor a machine of its own: bench/first_hour does the rest."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from common import env_file
from tests.operations.setup.test_questions import GIVEN

ROOT = Path(__file__).resolve().parents[3]


def init(folder: Path, *arguments: str, may_fail: bool = False, **given: str) -> subprocess.CompletedProcess[str]:
    words = [f"{name}={value}" for name, value in given.items()]
    command = [sys.executable, "-m", "operations.setup", "--env", str(folder / ".env"), *arguments, *words]
    told = subprocess.run(
        command,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert may_fail or told.returncode == 0, told.stderr
    return told


def test_makes_settings_that_production_starts_with(tmp_path: Path) -> None:
    init(tmp_path, "--compose", **GIVEN)
    environ = {"PATH": os.environ["PATH"], "OCTAVO_ENV": f"{tmp_path}/.env", "VAR_DIR": str(tmp_path / "var")}
    command = [sys.executable, "manage.py", "check", "--deploy", "--tag", "security", "--fail-level", "WARNING"]
    told = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr


def test_nobody_else_may_read_what_it_makes(tmp_path: Path) -> None:
    init(tmp_path, "--compose", **GIVEN)
    files = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert files == {".env": 0o600, ".env.owner": 0o600, ".env.database": 0o600}


def test_passwords_agree_and_roles_differ(tmp_path: Path) -> None:
    init(tmp_path, "--compose", **GIVEN)
    shop, owner, server = (env_file.read(tmp_path / f".env{of}") for of in ("", ".owner", ".database"))
    assert f"octavo_app:{server['APPLICATION_PASSWORD']}@" in shop["DATABASE_URL"]
    assert f"octavo:{server['OWNER_PASSWORD']}@" in owner["DATABASE_URL"]
    assert len(set(server.values())) == 3
    assert server["OWNER_PASSWORD"] not in (tmp_path / ".env").read_text()


def test_can_be_run_again_and_changes_nothing(tmp_path: Path) -> None:
    init(tmp_path, "--compose", **GIVEN)
    before = {path.name: path.read_text() for path in tmp_path.iterdir()}
    init(tmp_path, "--compose")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == before


def test_changes_what_is_there_only_if_somebody_says_so(tmp_path: Path) -> None:
    init(tmp_path, "--env-only", **GIVEN)
    before = (tmp_path / ".env").read_text()
    told = init(tmp_path, "--env-only", may_fail=True, SMTP_HOST="new.example")
    assert (told.returncode, "other values for SMTP_HOST" in told.stderr) == (2, True)
    assert (tmp_path / ".env").read_text() == before
    init(tmp_path, "--env-only", "--yes", SMTP_HOST="new.example")
    assert env_file.read(tmp_path / ".env")["SMTP_HOST"] == "new.example"
    assert (tmp_path / ".env.before").read_text().endswith(before.partition("\n")[2])


def test_another_name_changes_address_and_hosts(tmp_path: Path) -> None:
    init(tmp_path, "--env-only", **GIVEN)
    init(tmp_path, "--env-only", "--yes", DOMAIN="shop.example")
    found = env_file.read(tmp_path / ".env")
    assert (found["SITE_URL"], found["ALLOWED_HOSTS"]) == ("https://shop.example", "shop.example")


def test_says_everything_that_is_missing_and_writes_nothing(tmp_path: Path) -> None:
    told = init(tmp_path, "--env-only", may_fail=True)
    assert (told.returncode, list(tmp_path.iterdir())) == (2, [])
    for name in GIVEN:
        assert f"{name} is missing" in told.stderr


@pytest.mark.parametrize("line", ["SMTP_HOST", 'SMTP_HOST="a b"'])
def test_a_file_that_nobody_reads_alike_is_not_touched(tmp_path: Path, line: str) -> None:
    (tmp_path / ".env").write_text(line)
    told = init(tmp_path, "--env-only", may_fail=True, **GIVEN)
    assert (told.returncode, "line 1" in told.stderr) == (2, True)
    assert (tmp_path / ".env").read_text() == line


@pytest.mark.skipif(os.geteuid() == 0, reason="root may do everything")
def test_needs_root_for_a_whole_machine(tmp_path: Path) -> None:
    told = init(tmp_path, may_fail=True, **GIVEN)
    assert (told.returncode, "as root" in told.stderr) == (2, True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_what_the_databases_owner_writes_belongs_to_the_shops_user(tmp_path: Path) -> None:
    """`script/manage --owner`: root reads the settings, and goes on as the user of `.env`."""
    for folder in tmp_path.parents:  # the shop's user must get there; with several test processes it is deeper
        if folder.name.startswith(("pytest-", "popen-")):
            folder.chmod(0o755)
    here = {"DATABASE_URL": f"sqlite://{tmp_path}/shop", "VAR_DIR": f"{tmp_path}/var", "BROKER_URL": "memory://"}
    init(tmp_path, "--env-only", **GIVEN, **here)
    (tmp_path / ".env.owner").write_text(f"DATABASE_URL=sqlite://{tmp_path}/owners\n")
    (tmp_path / ".env.owner").chmod(0o600)
    (tmp_path / "var").mkdir()
    for path in (tmp_path, tmp_path / ".env", tmp_path / "var"):
        shutil.chown(path, "nobody")
    code = (
        "import os; from django.conf import settings; (settings.VAR_DIR / 'made').touch(); "
        "print(os.geteuid(), settings.DATABASES['default']['NAME'])"
    )
    command = ["script/manage", "--owner", "shell", "--no-imports", "-c", code]
    environ = {"PATH": os.environ["PATH"], "OCTAVO_ENV": f"{tmp_path}/.env"}
    told = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    nobody = pwd.getpwnam("nobody").pw_uid
    assert told.stdout.split() == [str(nobody), f"{tmp_path}/owners"], told.stderr
    assert (tmp_path / "var" / "made").stat().st_uid == nobody
