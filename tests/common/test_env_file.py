from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from common import env_file

ROOT = Path(__file__).resolve().parents[2]
VALUES = {
    "PLAIN": "postgres://octavo_app:a-b_c@127.0.0.1:5432/octavo?sslmode=require",
    "SPACES": "Example Books <books@books.example>",
    "SIGNS": '1 Example Street|10115 Berlin; $HOME `id` "quoted" # no comment',
    "EMPTY": "",
}


def test_what_was_written_is_read(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    env_file.write(file, VALUES, comment="Two\nlines.")
    assert env_file.read(file) == VALUES
    assert file.read_text().startswith("# Two\n# lines.\n")


def test_nobody_else_may_read_it_even_where_everybody_could_before(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("A=b\n")
    file.chmod(0o644)
    env_file.write(file, VALUES, comment="")
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [".env"]


@pytest.mark.parametrize("value", ["it's", "a\nb", "back\\slash", "nul\0"])
def test_what_systemd_and_compose_would_read_otherwise_is_refused(tmp_path: Path, value: str) -> None:
    file = tmp_path / ".env"
    with pytest.raises(env_file.BadLine, match="NAME_FILE"):
        env_file.write(file, {"NAME": value}, comment="")


@pytest.mark.parametrize(
    "line", ["export A=b", "A", "A = b", 'A="b"', "A='b", "A=b c", "a=b", "A=b # comment", "A='b' c", "2A=b"]
)
def test_lines_that_are_read_differently_are_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / ".env"
    file.write_text(f"# first\nGOOD=1\n{line}\n")
    with pytest.raises(env_file.BadLine, match="line 3"):
        env_file.read(file)


def test_a_shell_reads_the_same(tmp_path: Path) -> None:
    """As do systemd and Compose: single quotes mean the same to all of them."""
    file = tmp_path / ".env"
    env_file.write(file, VALUES, comment="")
    script = f'. {file}; printf \'%s\\n\' "$PLAIN" "$SPACES" "$SIGNS" "$EMPTY"'
    told = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout.split("\n")[:4] == list(VALUES.values())


class TestManage:
    def run(self, *files: Path, **variables: str) -> subprocess.CompletedProcess[str]:
        environ = {"PATH": os.environ["PATH"], "OCTAVO_ENV": ":".join(map(str, files)), **variables}
        command = [sys.executable, "manage.py", "check", "--tag", "models"]
        return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)

    def test_reads_the_files_and_the_first_wins_and_what_is_set_before_all(self, tmp_path: Path) -> None:
        first, second = tmp_path / "owner", tmp_path / ".env"
        first.write_text("DATABASE_URL=mysql://first\n")
        second.write_text(f"DATABASE_URL=mysql://second\nVAR_DIR={tmp_path}\n")
        assert "mysql" not in self.run(first, second, DATABASE_URL="sqlite:////tmp/x").stderr
        told = self.run(first, second)
        assert "DATABASE_URL must start with postgres:// or sqlite:///, not mysql://" in told.stderr

    def test_says_what_is_wrong_with_a_file(self, tmp_path: Path) -> None:
        (tmp_path / ".env").write_text("A B\n")
        for file, text in ((tmp_path / "none", "No such file"), (tmp_path / ".env", "line 1: write NAME=value")):
            told = self.run(file)
            assert (told.returncode, told.stderr.startswith("OCTAVO_ENV: "), text in told.stderr) == (1, True, True)
            assert "Traceback" not in told.stderr
