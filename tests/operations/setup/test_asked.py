"""`script/init` at a terminal, as a person meets it: it asks, says what cannot be, and hides what is secret."""

from __future__ import annotations

import os
import pty
import select
import sys
from pathlib import Path

from common import env_file
from tests.operations.setup.test_questions import GIVEN

ROOT = Path(__file__).resolve().parents[3]
# What is typed after each prompt that begins like this, in the order of the questions.
ANSWERS = (
    ("The shop's host name", "https://books.example"),
    ("The shop's host name", GIVEN["DOMAIN"]),
    ("Who sells", GIVEN["SELLER_NAME"]),
    ("The seller's address", GIVEN["SELLER_ADDRESS"]),
    ("The seller's email", GIVEN["SELLER_EMAIL"]),
    ("The seller's tax number", ""),
    ("Where readers get the source", GIVEN["SOURCE_URL"]),
    ("The mail server", GIVEN["SMTP_HOST"]),
    ("Its port [587]", ""),
    ("Does it speak STARTTLS", "maybe"),
    ("Does it speak STARTTLS", "no"),
    ("The user at the mail server", "octavo"),
    ("The user's password at the mail server", "beside the Unstrut"),
    ("Stripe's secret key", ""),
)


def at_terminal(file: Path, *arguments: str, answers: tuple[tuple[str, str], ...] = ()) -> tuple[int, str]:
    """Run it with a terminal of its own and type the answers. Returns the status and everything that was shown."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(ROOT)
        command = [sys.executable, "-m", "operations.setup", "--env", str(file), "--env-only", *arguments]
        os.execve(sys.executable, command, {"PATH": os.environ["PATH"], "TERM": "dumb"})  # noqa: S606
    shown, seen = "", 0
    waiting = list(answers)
    while True:
        assert select.select([terminal], [], [], 60)[0], f"nothing was typed after: {shown}"
        try:
            more = os.read(terminal, 4096).decode()
        except OSError:  # the child has closed its end
            break
        shown += more
        while waiting and waiting[0][0] in shown[seen:] and shown.endswith(" "):
            _prompt, typed = waiting.pop(0)
            seen = len(shown)
            os.write(terminal, f"{typed}\n".encode())
    os.close(terminal)
    assert waiting == [], shown
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown


def test_asks_for_everything_and_writes_it(tmp_path: Path) -> None:
    status, shown = at_terminal(tmp_path / ".env", answers=ANSWERS)
    assert status == 0, shown
    assert shown.count("This has to be a name such as books.example.") == 1
    assert shown.count("This has to be yes or no.") == 1
    assert "beside the Unstrut" not in shown
    written = env_file.read(tmp_path / ".env")
    assert {name: written.get(name) for name in GIVEN if name != "DOMAIN"} == {
        name: value for name, value in GIVEN.items() if name != "DOMAIN"
    }
    assert (written["SITE_URL"], written["SMTP_PASSWORD"]) == ("https://books.example", "beside the Unstrut")
    assert (written["SMTP_PORT"], written["SMTP_TLS"]) == ("587", "no")


def test_run_again_it_asks_nothing(tmp_path: Path) -> None:
    at_terminal(tmp_path / ".env", answers=ANSWERS)
    before = (tmp_path / ".env").read_text()
    status, shown = at_terminal(tmp_path / ".env")
    assert (status, (tmp_path / ".env").read_text()) == (0, before), shown
    assert "The seller's tax number" not in shown


def test_a_change_is_asked_for_and_can_be_declined(tmp_path: Path) -> None:
    at_terminal(tmp_path / ".env", answers=ANSWERS)
    before = (tmp_path / ".env").read_text()
    for answer, status in (("no", 2), ("yes", 0)):
        found, shown = at_terminal(tmp_path / ".env", "SMTP_HOST=new.example", answers=(("Change them?", answer),))
        assert (found, (tmp_path / ".env").read_text() == before) == (status, status == 2), shown
