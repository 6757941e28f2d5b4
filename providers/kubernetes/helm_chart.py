"""Charts rendered by the `helm` program; nothing of them is installed by helm itself."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.kube.errors import KubeError
from engine.provider_api import Severity
from engine.values import Asset
from engine.wire.content import asset_bytes
from providers.kubernetes import tool
from providers.kubernetes.context import Context
from providers.kubernetes.errors import RefusedType

_WHAT = "Helm charts"
_PROOFS = {"caFile": "ca-file", "certFile": "cert-file", "keyFile": "key-file"}


def render(context: Context, name: str, inputs: Mapping[str, Any]) -> str:
    """The YAML text of a `helm.sh/v4:Chart`, without hooks."""
    repository = inputs.get("repositoryOpts") or {}
    _refuse_password(repository)
    if inputs.get("postRenderer") or inputs.get("includeHooks"):
        raise RefusedType("charts with postRenderer or includeHooks are not done by this provider")
    options = {
        "--namespace": inputs.get("namespace"),
        "--version": inputs.get("version"),
        "--repo": repository.get("repo"),
        "--username": repository.get("username"),
        "--devel": inputs.get("devel"),
        "--dependency-update": inputs.get("dependencyUpdate"),
        "--verify": inputs.get("verify"),
        "--plain-http": inputs.get("plainHttp"),
        "--include-crds": not inputs.get("skipCrds"),
        "--no-hooks": True,
        "--skip-tests": True,
    }
    proofs = {
        "--keyring": inputs.get("keyring"),
        **{f"--{text}": repository.get(key) for key, text in _PROOFS.items()},
    }
    with tempfile.TemporaryDirectory(prefix="chart-") as folder:
        given = {option: value for option, value in proofs.items() if value is not None}
        options |= dict(zip(given, _assets(context, list(given.values()), Path(folder), "proof"), strict=True))
        files = list(_assets(context, inputs.get("valueYamlFiles") or (), Path(folder), "values"))
        files.append(_values(_opened(context, inputs.get("values") or {}), Path(folder)))
        command = [*_words(options), *_capabilities(context), *(f"--values={file}" for file in files)]
        return _template(context, [inputs.get("name") or name, inputs["chart"]], command)


def template(context: Context, options: Mapping[str, Any]) -> str:
    """The YAML text of a `helm/v3:Chart`, hooks included as the package does."""
    fetch = options.get("fetch_opts") or {}
    _refuse_password(fetch)
    words = {
        "--namespace": options.get("namespace") or "default",
        "--version": options.get("version") or fetch.get("version"),
        "--repo": fetch.get("repo"),
        "--username": fetch.get("username"),
        "--devel": fetch.get("devel"),
        "--verify": fetch.get("verify"),
        "--ca-file": fetch.get("ca_file"),
        "--cert-file": fetch.get("cert_file"),
        "--key-file": fetch.get("key_file"),
        "--keyring": fetch.get("keyring"),
        "--include-crds": not options.get("skip_crd_rendering"),
        "--skip-tests": not options.get("include_test_hook_resources"),
    }
    with tempfile.TemporaryDirectory(prefix="chart-") as folder:
        values = _values(options.get("values") or {}, Path(folder))
        asked = {"version": options.get("kube_version"), "kinds": options.get("api_versions")}
        command = [*_words(words), *_capabilities(context, **asked), f"--values={values}"]
        return _template(context, [options.get("release_name") or "", _reference(options, fetch)], command)


def _template(context: Context, subject: Sequence[str], words: Sequence[str]) -> str:
    helm = tool.found(context.host, ("helm",), _WHAT)
    return tool.output(context.host, [helm, "template", *words, "--", *subject], "helm template")


def _reference(options: Mapping[str, Any], fetch: Mapping[str, Any]) -> str:
    """A folder, or a chart's name with that of its repository."""
    chart, repository = str(options.get("chart") or ""), str(options.get("repo") or "")
    if options.get("path"):
        return str(Path(options["path"], chart))
    if not repository or fetch.get("repo") or chart.startswith(("oci://", f"{repository}/")):
        return chart
    return f"{repository}/{chart}"


def _words(options: Mapping[str, Any]) -> Iterator[str]:
    for option, value in options.items():
        if value is True:
            yield option
        elif value:
            yield f"{option}={value}"


def _capabilities(context: Context, version: Any = None, kinds: Any = None) -> Iterator[str]:
    """What charts may ask of the cluster: its version and its kinds."""
    try:
        yield f"--kube-version={version or context.kube.server_version()}"
        for name in kinds or _served(context):
            yield f"--api-versions={name}"
    except KubeError as exc:
        text = f"unable to determine cluster's API version: {exc.message}"
        context.host.log(Severity.WARNING, text)


def _served(context: Context) -> Iterator[str]:
    """Every version of every group, and every kind in it."""
    groups = context.kube.request("GET", "/apis").get("groups") or []
    versions = ["v1", *(one["groupVersion"] for group in groups for one in group.get("versions") or ())]
    for version in versions:
        yield version
        root = "/apis" if "/" in version else "/api"
        for one in context.kube.request("GET", f"{root}/{version}").get("resources") or []:
            if "/" not in one["name"]:
                yield f"{version}/{one['kind']}"


def _values(values: Mapping[str, Any], folder: Path) -> Path:
    """A file, as a command line would show what is secret."""
    path = folder / "values.json"
    path.touch(mode=0o600)
    path.write_text(json.dumps(values), encoding="utf-8")
    return path


def _assets(context: Context, assets: Sequence[Asset], folder: Path, name: str) -> Iterator[Path]:
    for number, asset in enumerate(assets):
        path = folder / f"{name}-{number}"
        path.touch(mode=0o600)
        path.write_bytes(asset_bytes(asset, Path(context.host.directory)))
        yield path


def _opened(context: Context, value: Any) -> Any:
    """Assets among the values stand for their texts."""
    if isinstance(value, Asset):
        return asset_bytes(value, Path(context.host.directory)).decode("utf-8", "replace")
    if isinstance(value, Mapping):
        return {key: _opened(context, item) for key, item in value.items()}
    return [_opened(context, item) for item in value] if isinstance(value, list) else value


def _refuse_password(options: Mapping[str, Any]) -> None:
    if options.get("password"):
        raise RefusedType(
            "a chart repository's password would be on helm's command line, for everybody to see",
            hint="log in beforehand with `helm registry login` or `helm repo add`, and leave the password out",
        )
