"""Kubeconfigs: what is read from them, and what is said of bad ones."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.kube import config
from engine.kube.client import Kube
from engine.kube.errors import BadKubeconfig, Unreachable


def _config(user: dict[str, Any] | None = None, **cluster: Any) -> dict[str, Any]:
    return {
        "clusters": [{"name": "c", "cluster": {"server": "https://127.0.0.1:9", **cluster}}],
        "users": [{"name": "u", "user": user or {}}],
        "contexts": [
            {"name": "one", "context": {"cluster": "c", "user": "u", "namespace": "n"}},
            {"name": "two", "context": {"cluster": "c", "user": "u"}},
        ],
        "current-context": "one",
    }


def _load(document: dict[str, Any], context: str | None = None) -> config.Access:
    return config.load(content=json.dumps(document), context=context)


def test_the_current_context_counts_unless_another_is_named() -> None:
    assert (_load(_config()).context, _load(_config()).namespace) == ("one", "n")
    assert (_load(_config(), "two").context, _load(_config(), "two").namespace) == ("two", "default")


def test_a_kubeconfig_in_yaml_reads_as_the_same_in_json() -> None:
    assert config.load(content=yaml.safe_dump(_config())) == _load(_config())


def test_a_kubeconfig_in_json_is_read_without_loading_the_yaml_parser() -> None:
    program = (
        "import sys; from engine.kube import config; config.load(content=sys.argv[1]); print('yaml' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program, json.dumps(_config())], capture_output=True, check=True)
    assert done.stdout.strip() == b"False"


def test_files_are_relative_to_the_kubeconfig_and_may_be_given_inline(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_bytes(b"authority")
    document = _config({"client-key-data": base64.b64encode(b"key").decode()}, **{"certificate-authority": "ca.pem"})
    (tmp_path / "config").write_text(json.dumps(document))
    access = config.load(str(tmp_path / "config"))
    assert (access.ca, access.client_key) == (b"authority", b"key")


def test_of_several_files_the_first_that_names_something_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = _config(), _config()
    first["clusters"][0]["cluster"]["server"] = "https://first"
    del first["current-context"], first["contexts"]
    for name, document in (("a", first), ("b", second)):
        (tmp_path / name).write_text(json.dumps(document))
    monkeypatch.setenv("KUBECONFIG", f"{tmp_path}/a:{tmp_path}/b:{tmp_path}/missing")
    assert Kube.load().host == "https://first"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a: [", r"not valid YAML \(line"),
        ("just text", "names no clusters"),
        (json.dumps({**_config(), "current-context": "three"}), "no context 'three'; it has: one, two"),
        (json.dumps({**_config(), "current-context": ""}), "sets no current-context"),
        (json.dumps({**_config(), "users": []}), "no user 'u'; it has: none"),
        (json.dumps(_config(server="nowhere")), "cluster 'c' has no usable server address"),
        (json.dumps(_config({"client-key-data": "%%%"})), "client-key-data is not base64"),
        (json.dumps(_config({"client-key": "/nowhere/key"})), "client-key /nowhere/key cannot be read"),
    ],
)
def test_a_bad_kubeconfig_says_what_is_wrong_with_it(content: str, message: str) -> None:
    with pytest.raises(BadKubeconfig, match=message):
        config.load(content=content)


def test_a_missing_kubeconfig_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "none"))
    with pytest.raises(BadKubeconfig, match=r"no kubeconfig at .*/none \(named by \$KUBECONFIG\)"):
        Kube.load()


def test_credentials_are_never_shown() -> None:
    access = _load(_config({"token": "very-secret", "password": "very-secret", "username": "me"}))
    assert access.token == "very-secret" and "very-secret" not in repr(access)


def test_a_plugin_gives_the_token_and_is_named_when_it_fails(tmp_path: Path) -> None:
    plugin = tmp_path / "plugin"
    plugin.write_text(
        '#!/bin/sh\n[ "$1" = ok ] || { echo "no login" >&2; exit 4; }\necho \'{"status": {"token": "from-plugin"}}\'\n'
    )
    plugin.chmod(0o755)
    from engine.kube.credentials import Credentials

    def header(*args: str, command: str = str(plugin)) -> str:
        return Credentials(_load(_config({"exec": {"command": command, "args": list(args)}}))).header()

    assert header("ok") == "Bearer from-plugin"
    with pytest.raises(BadKubeconfig, match=r"plugin' failed \(4\): no login"):
        header("bad")
    with pytest.raises(BadKubeconfig, match="'no-such-plugin' is not installed"):
        header(command="no-such-plugin")


def test_loading_asks_no_server_and_an_absent_server_is_one_line() -> None:
    kube = Kube.load(content=json.dumps(_config()))
    with pytest.raises(
        Unreachable, match=r"^cannot reach the Kubernetes API at https://127\.0\.0\.1:9: connection ref"
    ):
        kube.get("v1", "Pod", "x")
