"""The image's recipe and the Compose file, as far as they can be looked at without running them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from tests.deploy.test_processes import queues

DEPLOY = Path(settings.BASE_DIR) / "deploy"
FILE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = FILE["services"]
OURS = {name for name, service in SERVICES.items() if "build" in service}
RECIPE = (DEPLOY / "Containerfile").read_text(encoding="utf-8")


class TestCompose:
    def test_fits_the_schema_of_compose_files(self) -> None:
        command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
        told = subprocess.run([*command, str(DEPLOY / "compose.yaml")], capture_output=True, text=True, check=False)
        assert told.returncode == 0, told.stdout

    def test_has_all_processes(self) -> None:
        commands = [service["command"] for service in SERVICES.values() if "command" in service]
        started = [words[1:] for words in commands if words[0] == "script/run"]
        assert sorted(words[1] for words in started if words[0] == "worker") == sorted(queues())
        assert sorted(words[0] for words in started if words[0] != "worker") == ["beat", "health", "web", "web"]

    @pytest.mark.parametrize("name", sorted(OURS))
    def test_ours_can_do_little(self, name: str) -> None:
        service = SERVICES[name]
        assert (service["read_only"], service["user"], service["cap_drop"]) == (True, "10001:10001", ["ALL"])
        assert "no-new-privileges:true" in service["security_opt"]
        assert "mem_limit" in service

    def test_only_the_owner_s_service_knows_the_owner_s_password(self) -> None:
        knows = {name for name, service in SERVICES.items() if "../.env.owner" in service.get("env_file", [])}
        assert knows == {"setup"}
        servers = {name for name, service in SERVICES.items() if "../.env.database" in service.get("env_file", [])}
        assert not servers & OURS

    def test_the_proxy_knows_where_the_web_processes_are(self) -> None:
        told = set(SERVICES["proxy"]["environment"].values())
        found = {
            f"{service['networks']['inside']['ipv4_address']}:8000"
            for name, service in SERVICES.items()
            if name.startswith("web")
        }
        assert told == found

    def test_only_the_proxy_is_open_to_the_world(self) -> None:
        ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
        assert ports.pop("proxy") == ["80:8080", "443:8443"]
        assert all(port.startswith("127.0.0.1:") for given in ports.values() for port in given)

    def test_volumes_are_declared(self) -> None:
        used = {volume.partition(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
        assert {name for name in used if not name.startswith(".")} == FILE["volumes"].keys()


class TestImage:
    def test_takes_its_base_as_an_argument(self) -> None:
        assert set(re.findall(r"^FROM (\S+)", RECIPE, re.MULTILINE)) == {"${BASE}"}
        assert RECIPE.index("ARG BASE=") < RECIPE.index("FROM")

    @pytest.mark.parametrize("target", ["shop", "proxy"])
    def test_runs_as_an_ordinary_user(self, target: str) -> None:
        stage = RECIPE.partition(f"AS {target}\n")[2].partition("\nFROM")[0]
        assert "\nUSER 10001:10001\n" in stage
        assert stage.index("USER") < stage.index("\nCMD")

    def test_says_how_it_is(self) -> None:
        assert "HEALTHCHECK" in RECIPE
        assert 'licenses="AGPL-3.0-or-later"' in RECIPE
        assert "script/sbom" in RECIPE

    def test_no_secret_gets_into_it(self) -> None:
        ignored = (Path(settings.BASE_DIR) / ".containerignore").read_text(encoding="utf-8").splitlines()
        assert {".env*", "var", ".git"} <= set(ignored)
