"""Turn a bare Debian into a shop that sells over TLS, and count commands and time.

    python -m bench.first_hour [--branch main] [--from REVISION] [--keep] [--folder /tmp/first-hour] [--log FILE]

For root on Debian, after script/bootstrap --tests and apt-get install mmdebstrap. The new machine is a tree of
packages that mmdebstrap makes, started with its own systemd in its own namespaces of processes and mounts, and with
this machine's network: ports 80, 443, 5432, 6379, 8000, 8001 and 9180 have to be free. Outside of it run a mail server
that stores what it gets, and pebble, an authority that speaks ACME and asks by port 80, with a name server.

People sign up, publish, buy and sell in a browser; that is no command. Then one web process is killed, and the shop is
upgraded (from the revision that `--from` names, or to the same one), while visitors come and go. At the end database
and files are deleted, and restored from the backup by the manual's commands. Exits with 1 unless everything worked.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from bench.first_hour import outside, people
from bench.first_hour.tree import DOMAIN, Tree
from bench.first_hour.visitors import Visitors

_PACKAGES = "apt-get update -qq && apt-get install -y -qq --no-install-recommends git ca-certificates"
_CLONE = "git clone -q -b {branch} file:///mnt/octavo /srv/octavo"
_INIT = (
    f"/srv/octavo/script/init --yes DOMAIN={DOMAIN} SELLER_NAME='Example Books' "
    "SELLER_ADDRESS='1 Example Street|10115 Berlin|Germany' SELLER_EMAIL=books@books.example SELLER_VAT_ID=DE000000000 "
    "SOURCE_URL=https://code.example/octavo SMTP_HOST=127.0.0.1 SMTP_PORT={mail} SMTP_TLS=no ACME_URL={acme}"
)
_OPERATOR = "/srv/octavo/script/manage grant_role olga@books.example operator"
_FINANCE = "/srv/octavo/script/manage grant_role fiona@books.example felix@books.example finance"
_BACKUP = (
    "cd /srv/octavo && set -a && . ./.env && set +a && .venv/bin/celery -A config call operations.back_up && "
    "for second in $(seq 60); do ls /var/backups/octavo/*/database.dump && exit 0; sleep 1; done; exit 1"
)
_UPGRADE = "git -C /srv/octavo checkout -q {branch} && /srv/octavo/script/init --yes"
_STOP = "systemctl stop octavo.target 'octavo-*.service'"
_DESTROY = "runuser -u postgres -- dropdb octavo && find /var/lib/octavo -mindepth 1 -delete"
_RESTORE = (
    "cd /srv/octavo && runuser -u postgres -- createdb --owner octavo octavo && "
    "script/manage --owner restore $(ls -d /var/backups/octavo/2* | tail -1) --replace && "
    "script/manage --owner grant_application_role octavo_app --apply && script/manage verify_ledger && script/init"
)
_MOST_COMMANDS = 5
_MAX_LINES = 60  # of what a command says; apt-get says more than anybody reads


class Report:
    """Everything that was done, on the terminal and in the log."""

    def __init__(self, log: Path | None) -> None:
        self.log = log.open("w", encoding="utf-8") if log else None
        self.commands: list[tuple[str, float]] = []

    def say(self, text: str) -> None:
        print(text, flush=True)
        if self.log:
            print(text, file=self.log, flush=True)


def main() -> int:
    options = _options()
    report = Report(options.log)
    folder: Path = options.folder
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        authority = stack.enter_context(outside.authority(folder / "acme"))
        mails = stack.enter_context(outside.mail_server())
        tree = Tree(folder / "debian")
        report.say(f"A bare Debian: {tree.make():.0f} s (mmdebstrap; not counted)")
        tree.trust(authority.certificates)
        stack.enter_context(tree.running(_repository()))
        if not options.keep:
            stack.callback(shutil.rmtree, tree.root, ignore_errors=True)
        began = time.monotonic()
        for command in (
            _PACKAGES,
            _CLONE.format(branch=options.branch) + _earlier(options.revision),
            _INIT.format(mail=mails.port, acme=authority.address),
        ):
            _run(tree, command, report)
        report.say(
            f"Open over TLS after {time.monotonic() - began:.0f} s: {outside.certificate(DOMAIN, authority.root)}"
        )
        with people.town(mails) as town:
            town.join()
            _run(tree, _OPERATOR, report)
            _run(tree, _FINANCE, report)
            for line in town.trade():
                report.say(line)
        report.say(f"{len(report.commands)} commands, {sum(seconds for _, seconds in report.commands):.0f} s in them;")
        report.say(f"to the first sale and two finance people {time.monotonic() - began:.0f} s in all.")
        fine = _afterwards(tree, report, options.branch) and _destroyed_and_restored(tree, report)
    return 0 if fine and len(report.commands) <= _MOST_COMMANDS else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="From a bare Debian to a first sale.")
    parser.add_argument("--branch", default="main", help="what is checked out on the new machine")
    parser.add_argument("--from", dest="revision", help="install this revision first; later upgrade to the branch")
    parser.add_argument("--folder", type=Path, default=Path("/tmp/octavo-first-hour"))
    parser.add_argument("--keep", action="store_true", help="leave the new machine's files")
    parser.add_argument("--log", type=Path)
    return parser.parse_args()


def _earlier(revision: str | None) -> str:
    return f" && git -C /srv/octavo checkout -q {revision}" if revision else ""


def _repository() -> Path:
    """The folder with the repository itself, which a second work tree only points to."""
    told = subprocess.run(
        ["git", "rev-parse", "--path-format=absolute", "--git-common-dir"], capture_output=True, text=True, check=True
    )
    return Path(told.stdout.strip())


def _run(tree: Tree, command: str, report: Report) -> None:
    report.say(f"\n{len(report.commands) + 1}. # {command}")
    began = time.monotonic()
    said = list(tree.command(command))
    for line in said[-_MAX_LINES:]:
        report.say(f"   {line}")
    seconds = time.monotonic() - began
    report.commands.append((command, seconds))
    report.say(f"   ({seconds:.1f} s)")


def _afterwards(tree: Tree, report: Report, branch: str) -> bool:
    """A web process killed, and an upgrade, while visitors come and go."""
    fine = True
    for what, command in (
        ("One web worker killed with -9", "kill -9 $(pgrep -P $(systemctl show -P MainPID octavo-web@8000) | head -1)"),
        ("An upgrade, the web processes restarted one after the other", _UPGRADE.format(branch=branch)),
        ("The whole machine's check of the books", "/srv/octavo/script/manage verify_ledger"),
        ("The nightly backup, by its worker", _BACKUP),
    ):
        with Visitors(DOMAIN) as visitors:
            began = time.monotonic()
            list(tree.command(command))
            visitors.go_on(seconds=5)
        report.say(f"{what}: {visitors.summary()} in {time.monotonic() - began:.0f} s")
        fine = fine and not visitors.failures
    return fine


def _destroyed_and_restored(tree: Tree, report: Report) -> bool:
    """Restore the shop from its backup, and visit it."""
    for command in (_STOP, _DESTROY):
        list(tree.command(command))
    began = time.monotonic()
    for line in list(tree.command(_RESTORE))[-_MAX_LINES:]:
        report.say(f"   {line}")
    with Visitors(DOMAIN) as visitors:
        visitors.go_on(seconds=5)
    report.say(f"Restored in {time.monotonic() - began:.0f} s: {visitors.summary()}")
    return not visitors.failures


if __name__ == "__main__":
    sys.exit(main())
