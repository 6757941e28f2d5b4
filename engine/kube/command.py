"""`mf-kube`: what other programs need of a cluster, as plain commands: run in a container, apply, delete."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from typing import NoReturn

from engine.kube import documents
from engine.kube.client import Kube
from engine.kube.errors import KubeError

_FAILED = 125
"""Exit code when the command could not be run at all, as for other programs that run commands."""


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Entry point: the exit code of `exec` is the command's own."""
    words = list(sys.argv[1:] if argv is None else argv)
    own, command = _split(words)
    args = _parser().parse_args(own)
    if args.verb == "exec" and not command:
        _parser().error("name the command to run after `--`")
    try:
        kube = Kube.load(content=os.environ.get("MF_KUBECONFIG_CONTENT") or None, context=args.context)
        code = _run(kube, args, command)
    except KubeError as exc:
        print(f"mf-kube: {exc}", file=sys.stderr)
        code = _FAILED
    sys.exit(code)


def _split(words: list[str]) -> tuple[list[str], list[str]]:
    if "--" not in words:
        return words, []
    at = words.index("--")
    return words[:at], words[at + 1 :]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mf-kube", description="Kubeconfig: $MF_KUBECONFIG_CONTENT (its text), else $KUBECONFIG."
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    run = verbs.add_parser("exec", help="run a command in a container", usage="mf-kube exec NAMESPACE POD -- COMMAND…")
    run.add_argument("namespace")
    run.add_argument("pod")
    run.add_argument("-c", "--container", default="")
    run.add_argument("--no-stdin", action="store_true", help="do not pass standard input on")
    apply = verbs.add_parser("apply", help="apply the documents of YAML files")
    apply.add_argument("files", nargs="+")
    apply.set_defaults(act=lambda kube, args: documents.apply(kube, args.files))
    delete = verbs.add_parser("delete", help="delete the documents of YAML files; absent ones are passed over")
    delete.add_argument("files", nargs="+")
    delete.set_defaults(act=lambda kube, args: documents.delete(kube, args.files))
    pods = verbs.add_parser("delete-pods", help="delete the pods that a label selector names")
    pods.add_argument("namespace")
    pods.add_argument("selector")
    pods.set_defaults(act=lambda kube, args: documents.delete_pods(kube, args.namespace, args.selector))
    there = verbs.add_parser("exists", help="exit code 0 when the object is there, 1 when it is not")
    for word in ("api_version", "kind", "namespace", "name"):
        there.add_argument(word)
    for verb in (run, apply, delete, pods, there):
        verb.add_argument("--context", default=None)
    return parser


def _run(kube: Kube, args: argparse.Namespace, command: Sequence[str]) -> int:
    if args.verb == "exec":
        return _exec(kube, args, command)
    if args.verb == "exists":
        return 0 if kube.find(args.api_version, args.kind, args.name, namespace=args.namespace) else 1
    return _say(args.act(kube, args))


def _say(lines: Iterable[str]) -> int:
    for line in lines:
        print(line, flush=True)
    return 0


def _exec(kube: Kube, args: argparse.Namespace, command: Sequence[str]) -> int:
    stdin = None if args.no_stdin or sys.stdin is None or sys.stdin.isatty() else sys.stdin.buffer
    return kube.exec_stream(
        args.namespace,
        args.pod,
        command,
        container=args.container,
        stdin=stdin,
        stdout=sys.stdout.buffer,
        stderr=sys.stderr.buffer,
    )
