"""The database's file, folders and private files are for their owner alone."""

from __future__ import annotations

import hashlib
import io
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from common import storage
from common.sqlite_permissions import restrict_file_access

_ROOT = Path(__file__).parents[2]
_PRINT_MODES = """
import django; django.setup()
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("CREATE TABLE one (id integer)")
for name in ("private", "public"):
    storages[name].save("folder/file.txt", ContentFile(b"x"))
for path in sorted([settings.VAR_DIR, *settings.VAR_DIR.rglob("*")]):
    print(oct(path.stat().st_mode & 0o777), path.relative_to(settings.VAR_DIR))
"""


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def modes(var: Path, **environment: str) -> dict[str, str]:
    """What a process of the shop makes in a new VAR_DIR under an ordinary umask."""
    own = {"VAR_DIR": str(var), "DJANGO_SETTINGS_MODULE": "config.settings.dev", "PATH": os.environ["PATH"]}
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", f"import os; os.umask(0o022)\n{_PRINT_MODES}"],
        cwd=_ROOT,
        env={**own, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    found = [line.split(" ", 1) for line in ran.stdout.splitlines()]
    return {name: mode for mode, name in found}


def test_what_a_new_shop_makes(tmp_path: Path) -> None:
    made = modes(tmp_path / "var")
    assert made["."] == ("0o711" if os.geteuid() == 0 else "0o700")  # root's conversions pass through as another user
    assert {made[name] for name in made if name.startswith("octavo.sqlite3")} == {"0o600"}
    assert made["files/private/folder"] == "0o700"
    assert made["files/private/folder/file.txt"] == "0o600"
    assert made["files/public/folder/file.txt"] == "0o644"


def test_nginx_reads_as_one_of_the_group(tmp_path: Path) -> None:
    made = modes(tmp_path / "var", DOWNLOAD_BACKEND="accel")
    assert made["files/private/folder"] == "0o750"
    assert made["files/private/folder/file.txt"] == "0o640"


def test_a_database_that_others_could_read_is_closed(tmp_path: Path) -> None:
    class Connection:
        vendor = "sqlite"
        settings_dict = {"NAME": str(tmp_path / "octavo.sqlite3")}

        def is_in_memory_db(self) -> bool:
            return False

    for suffix in ("", "-wal"):
        path = tmp_path / f"octavo.sqlite3{suffix}"
        path.touch()
        path.chmod(0o644)
    restrict_file_access(connection=Connection())
    assert [mode(path) for path in sorted(tmp_path.iterdir())] == [0o600, 0o600]


@pytest.mark.parametrize(("directory", "file"), [(0o700, 0o600), (0o750, 0o640)])
def test_kept_files_have_the_modes_of_their_storage(tmp_path: Path, directory: int, file: int) -> None:
    files = FileSystemStorage(
        location=tmp_path / "files", directory_permissions_mode=directory, file_permissions_mode=file
    )
    name = storage.store(files, "a/b/c.bin", io.BytesIO(b"x"), hashlib.sha256(b"x").hexdigest())
    assert [mode(Path(files.path(part))) for part in ("", "a", "a/b", name)] == [directory] * 3 + [file]
    files.save("d/e.txt", ContentFile(b"y"))
    assert mode(Path(files.path("d/e.txt"))) == file
