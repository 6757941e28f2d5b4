"""For tests (support file): a real Keycloak on this machine, from Maven Central, with its database in memory."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import urllib3

VERSION = "26.5.6"
ADMIN, PASSWORD = "admin", "not-a-secret-of-anyone"
FIRST_FORM = "admin-fine-grained-authz:v1,token-exchange:v1"
SCRIPT = "script-allow.js"
_ARTIFACT = f"org.keycloak:keycloak-quarkus-dist:{VERSION}:zip"
_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"
_FEATURES = "workflows,spiffe,kubernetes-service-accounts,scripts"
_SCRIPTS = '{"policies": [{"name": "allow", "fileName": "allow.js", "description": "lets everyone in"}]}'


@dataclass(frozen=True)
class Server:
    """Where it listens, and how to log in."""

    url: str

    @property
    def settings(self) -> dict[str, str]:
        """What a provider needs to know."""
        return {
            "url": self.url,
            "clientId": "admin-cli",
            "username": ADMIN,
            "password": PASSWORD,
            "clientTimeout": "60",
        }


@contextmanager
def running(folder: Path, *, features: str = "") -> Iterator[Server]:
    """A server that listens on the loopback address only, until the block ends."""
    home, port = _installed(), _free_port()
    server = Server(f"http://127.0.0.1:{port}")
    command = [str(home / "bin" / "kc.sh"), "start-dev", "--db=dev-mem", "--http-host=127.0.0.1"]
    command += [f"--http-port={port}", f"--features={','.join(filter(None, (_FEATURES, features)))}"]
    environment = {
        **os.environ,
        "KC_BOOTSTRAP_ADMIN_USERNAME": ADMIN,
        "KC_BOOTSTRAP_ADMIN_PASSWORD": PASSWORD,
        "JAVA_OPTS_KC_HEAP": "-Xms128m -Xmx640m",
    }
    with (folder / "keycloak.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
        try:
            _wait(server, process, Path(log.name))
            yield server
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _installed() -> Path:
    cache = Path(os.environ.get("MF_CACHE") or Path.home() / ".cache" / "microfoundry") / "keycloak"
    home = cache / f"keycloak-{VERSION}"
    if not (home / ".ready").exists():
        for program in ("java", "mvn"):
            if shutil.which(program) is None:
                raise RuntimeError(f"tests of the keycloak provider need {program}; tools/test.sh installs it")
        shutil.rmtree(home, ignore_errors=True)
        cache.mkdir(parents=True, exist_ok=True)
        _say(f"fetching Keycloak {VERSION} (160 MB) with Maven")
        command = ["mvn", "-q", "-B", _PLUGIN, f"-Dartifact={_ARTIFACT}", f"-DoutputDirectory={cache}"]
        subprocess.run(command, check=True, timeout=900)
        subprocess.run(["unzip", "-q", f"keycloak-quarkus-dist-{VERSION}.zip"], cwd=cache, check=True, timeout=120)
        (cache / f"keycloak-quarkus-dist-{VERSION}.zip").unlink()
        _add_script(home)
        (home / ".ready").touch()
    return home


def _add_script(home: Path) -> None:
    """A policy that is a script can only be deployed with the server."""
    with zipfile.ZipFile(home / "providers" / "allow.jar", "w") as jar:
        jar.writestr("META-INF/keycloak-scripts.json", _SCRIPTS)
        jar.writestr("allow.js", "$evaluation.grant();")


def _wait(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    _say("waiting for Keycloak to start (20 to 90 s)")
    pool, deadline = urllib3.PoolManager(retries=False, timeout=2), time.monotonic() + 300
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"Keycloak ended while starting: {log.read_text(encoding='utf-8')[-2000:]}")
        try:
            if pool.request("GET", f"{server.url}/realms/master").status == 200:
                _say(f"Keycloak listens on {server.url}")
                return
        except urllib3.exceptions.HTTPError:
            pass  # it does not listen yet
        time.sleep(0.5)
    raise RuntimeError(f"Keycloak did not start within 300 s: {log.read_text(encoding='utf-8')[-2000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _say(words: str) -> None:
    print(f"\n[keycloak] {words}", file=sys.__stderr__, flush=True)
