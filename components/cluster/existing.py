"""A cluster that somebody else made and keeps; only its kubeconfig is used."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pulumi
import yaml


@dataclass(frozen=True, kw_only=True)
class ExistingClusterArgs:
    """`context` names one of the kubeconfig's contexts; without it, its current one."""

    kubeconfig: Path
    context: str = ""


class ExistingCluster(pulumi.ComponentResource):
    """Nothing is made or removed here."""

    kubeconfig: pulumi.Output[str]

    def __init__(self, name: str, args: ExistingClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("microfoundry:cluster:ExistingCluster", name, {}, opts)
        self.kubeconfig = pulumi.Output.secret(kubeconfig_text(args))
        self.register_outputs({"kubeconfig": self.kubeconfig})


def kubeconfig_text(args: ExistingClusterArgs) -> str:
    """The kubeconfig with the wanted context as its current one. Raises pulumi.RunError naming the fault."""
    path = args.kubeconfig.expanduser()
    try:
        text = path.read_text(encoding="utf-8")
        document = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError) as exc:
        raise pulumi.RunError(f"kubeconfig {path} can't be read: {exc}; name one that is there") from exc
    except yaml.YAMLError as exc:
        # The parser's own message would quote the file, and with it perhaps a token.
        raise pulumi.RunError(f"kubeconfig {path} is not YAML; write it anew with your cluster's own tool") from exc
    contexts = _contexts(path, document)
    wanted = args.context or document.get("current-context", "")
    if wanted not in contexts:
        known = ", ".join(contexts) or "none"
        raise pulumi.RunError(f"kubeconfig {path} has no context {wanted!r}; it has: {known}")
    return text if not args.context else str(yaml.safe_dump({**document, "current-context": wanted}, sort_keys=False))


def _contexts(path: Path, document: object) -> list[str]:
    if not isinstance(document, dict) or document.get("kind") != "Config":
        raise pulumi.RunError(f"{path} is no kubeconfig (its kind is not Config)")
    return [str(context.get("name", "")) for context in document.get("contexts") or []]
