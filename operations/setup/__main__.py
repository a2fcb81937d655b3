"""The steps of `script/init`, in order."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from common import env_file
from operations.setup import bucket, compose, machine, postgresql, questions
from operations.setup.machine import say

PROJECT = Path(__file__).resolve().parents[2]
_BROKERS = ("valkey-server", "redis-server")
_COMMENT = "Settings of this shop, made by script/init. All of them: .env.example. Readable by its owner only."
_OWNER_COMMENT = "For script/manage --owner: the role that owns the database and migrates. For root only."
_OWN_CERTIFICATE = "none"  # as ACME_URL
_OPEN = "{site} is open."
_UNWELL = "{site} answers, but not all of it works: mend what the doctor names above, then run script/init again."
_NEXT = """
{state} Now:
  1. Sign up there like anybody else, and set up two-factor authentication under Account.
  2. {manage} grant_role you@{domain} operator
  3. Let two colleagues sign up, too: {manage} grant_role first@{domain} second@{domain} finance
"""
_START = """
systemd does not run here. Start these processes, each as the user {user} with the variables of {env}:
  script/run web, script/run worker QUEUE (each queue), script/run beat, script/run health
"""


def main() -> int:
    """Set the shop up, and return the exit status."""
    options = _options()
    file = Path(options.env).absolute()
    try:
        settings = _settings(options, file)
        domain = str(urlsplit(settings["SITE_URL"]).hostname)
        if options.compose:
            settings = compose.add_database(file, settings)
        if options.env_only or options.compose:
            _store(file, settings, yes=options.yes)
            say(f"{file} is written. Nothing else was done.")
            return 0
        if os.geteuid() != 0:
            raise machine.Failed("Run script/init as root, or with --env-only to make the file of settings alone.")
        return _set_up(options, file, settings, domain)
    except (questions.Incomplete, machine.Failed, env_file.BadLine) as error:
        sys.stderr.write(f"script/init: {error}\n")
        return 2


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="script/init",
        description="Sets up a shop on this machine (Debian 13), or brings it to the release that is checked out. "
        "Asks for what it does not know. Can be run again at any time.",
        epilog="What it asks for: " + ", ".join(question.name for question in questions.QUESTIONS),
    )
    parser.add_argument("variables", nargs="*", metavar="NAME=VALUE", help="settings, as in .env.example")
    parser.add_argument("--yes", action="store_true", help="ask nothing; change settings that are there already")
    parser.add_argument("--env", default=str(PROJECT / ".env"), help="the file of settings (default: .env)")
    parser.add_argument("--env-only", action="store_true", help="make keys and the file of settings, nothing else")
    parser.add_argument("--compose", action="store_true", help="make all files that deploy/compose.yaml reads")
    parser.add_argument("--database-admin", default="", metavar="URL", help="a superuser of a PostgreSQL elsewhere")
    return parser.parse_args()


def _settings(options: argparse.Namespace, file: Path) -> dict[str, str]:
    """Return the variables of `.env`, as far as they are known before anything is installed."""
    known = env_file.read(file) if file.exists() else {}
    if "SITE_URL" in known:
        known_answers = {**known, "DOMAIN": str(urlsplit(known["SITE_URL"]).hostname)}
    else:
        known_answers = known
    given = {name: value for name, separator, value in (word.partition("=") for word in options.variables) if separator}
    if wrong := [word for word in options.variables if "=" not in word]:
        raise questions.Incomplete(f"Write NAME=VALUE, not {' '.join(wrong)}.")
    named = {question.name for question in questions.QUESTIONS}
    from_outside = {name: os.environ[name] for name in named & os.environ.keys()}
    may_ask = sys.stdin.isatty() and not options.yes
    answered = questions.answers({**from_outside, **given}, known_answers, may_ask=may_ask)
    others = {name: value for name, value in given.items() if name not in named}
    made = {}
    if not options.env_only:
        made = {
            "VAR_DIR": "/var/lib/octavo",
            "DOWNLOAD_BACKEND": "accel",
            "BACKUP_DIR": machine.BACKUPS,
            "WEB_URLS": "http://127.0.0.1:8000,http://127.0.0.1:8001",
        }
    if options.compose:
        made = dict(compose.MADE)
    if "S3_BUCKET" in {**known, **others}:
        made.pop("DOWNLOAD_BACKEND", None)
    settings = questions.settings_from(answered, {**known, **others}, made)
    if "DOMAIN" in given:
        settings |= {"SITE_URL": f"https://{given['DOMAIN']}", "ALLOWED_HOSTS": given["DOMAIN"]}
    return settings


def _set_up(options: argparse.Namespace, file: Path, settings: dict[str, str], domain: str) -> int:
    brings_database = bool(options.database_admin) or ("DATABASE_URL" in settings and not _is_local(settings))
    _packages(settings, brings_database=brings_database)
    say("The system's user octavo, and /var/lib/octavo")
    machine.create_user()
    owner_file = file.with_name(f"{file.name}.owner")
    _database(options.database_admin, settings, owner_file, brings_database=brings_database)
    if "BROKER_URL" not in settings:
        settings |= {"BROKER_URL": "redis://127.0.0.1:6379/0", "CACHE_URL": "redis://127.0.0.1:6379/1"}
    _store(file, settings, yes=options.yes)
    machine.give_to_user(file)
    if "S3_BUCKET" in settings:
        say(f"The bucket {settings['S3_BUCKET']}")
        bucket.create(settings)
    _release(settings)
    say("nginx, with TLS")
    machine.install_proxy(PROJECT, domain)
    machine.create_backup_folder(Path(settings["BACKUP_DIR"]))
    machine.install_units(PROJECT, domain, settings["BACKUP_DIR"])
    return _start(file, settings, domain)


def _packages(settings: Mapping[str, str], *, brings_database: bool) -> None:
    needed = ["ca-certificates", "curl", "openssl", "nginx-light", "uacme"]
    if not brings_database:
        needed.append("postgresql")
    if _is_own_broker(settings):
        needed.append(next((name for name in _BROKERS if machine.run("apt-cache", "show", name, may_fail=True)), ""))
    say(f"Packages: {', '.join(needed)}")
    machine.install(needed)
    for service in needed:
        if service in {"postgresql", *_BROKERS}:
            machine.start(service)
    if not brings_database:
        machine.wait_for("127.0.0.1", 5432)


def _is_local(settings: Mapping[str, str]) -> bool:
    return urlsplit(settings.get("DATABASE_URL", "")).hostname in {"127.0.0.1", "localhost"}


def _is_own_broker(settings: Mapping[str, str]) -> bool:
    return urlsplit(settings.get("BROKER_URL", "redis://127.0.0.1")).hostname in {"127.0.0.1", "localhost"}


def _database(admin_url: str, settings: dict[str, str], owner_file: Path, *, brings_database: bool) -> None:
    """Create roles and database, unless the operator made them: then DATABASE_OWNER_URL names the owner's."""
    known = env_file.read(owner_file) if owner_file.exists() else {}
    owner = settings.pop("DATABASE_OWNER_URL", known.get("DATABASE_URL", ""))
    if brings_database and not admin_url:
        owner = owner or settings["DATABASE_URL"]
    else:
        say("PostgreSQL: the roles octavo and octavo_app, the database octavo")
        before = postgresql.Urls(owner, settings["DATABASE_URL"]) if owner and "DATABASE_URL" in settings else None
        urls = postgresql.create(admin_url, known=before)
        owner, settings["DATABASE_URL"] = urls.owner, urls.application
    env_file.write(owner_file, {"DATABASE_URL": owner}, comment=_OWNER_COMMENT)


def _store(file: Path, settings: Mapping[str, str], *, yes: bool) -> None:
    """Write the settings. Those that are there already are changed only if somebody says so."""
    known = env_file.read(file) if file.exists() else {}
    if known == settings:
        return
    changed = [name for name, value in known.items() if settings.get(name) != value]
    if changed and not yes:
        question = f"{file} has other values for {', '.join(changed)}."
        if not sys.stdin.isatty():
            raise questions.Incomplete(f"{question} Add --yes to change them.")
        if input(f"  {question} Change them? (yes, no) ").strip() != "yes":
            raise questions.Incomplete("Nothing was changed.")
    if known:
        env_file.write(file.with_name(f"{file.name}.before"), known, comment="The settings before the last change.")
    say(f"Settings: {file}")
    env_file.write(file, settings, comment=_COMMENT)


def _release(settings: Mapping[str, str]) -> None:
    """Bring the database and the static files to the release that is checked out."""
    manage = str(PROJECT / "script" / "manage")
    say("Tables")
    machine.run(manage, "--owner", "migrate", "--verbosity", "0")
    role = urlsplit(settings["DATABASE_URL"]).username or ""
    if role == postgresql.APPLICATION:
        machine.run(manage, "--owner", "grant_application_role", role, "--apply")
    say("Static files")
    machine.run(manage, "--owner", "collectstatic", "--noinput", "--verbosity", "0")


def _start(file: Path, settings: Mapping[str, str], domain: str) -> int:
    manage = str(PROJECT / "script" / "manage")
    if not machine.has_systemd():
        sys.stdout.write(_START.format(user=machine.USER, env=file))
        sys.stdout.flush()  # the doctor writes for itself
        return 0 if machine.run(manage, "doctor", "--setup", quiet=False, may_fail=True) else 1
    say("The shop's processes")
    machine.start_shop()
    say("The certificate")
    acme = {name: settings[name] for name in ("ACME_URL", "ACME_EMAIL") if name in settings}
    if acme.get("ACME_URL") == _OWN_CERTIFICATE:
        say("It is the one in /etc/octavo/tls, and yours to renew (ACME_URL=none)")
    elif not machine.get_certificate(PROJECT, domain, **acme):
        say("Until then visitors are warned. Once the name leads here: systemctl start octavo-certificate")
    say("The doctor")
    is_well = machine.run(manage, "doctor", quiet=False, may_fail=True)
    state = (_OPEN if is_well else _UNWELL).format(site=settings["SITE_URL"])
    sys.stdout.write(_NEXT.format(state=state, manage=manage, domain=domain))
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
