"""`mf-kube`: run a command in a container, as a plain program that other programs can start."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from engine.kube.client import Kube
from engine.kube.errors import KubeError

_FAILED = 125
"""Exit code when the command could not be run at all, as for other programs that run commands."""


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Entry point: the exit code is the command's own."""
    words = list(sys.argv[1:] if argv is None else argv)
    own, _, command = _split(words)
    args = _parser().parse_args(own)
    if not command:
        _parser().error("name the command to run after `--`")
    try:
        code = _exec(args, command)
    except KubeError as exc:
        print(f"mf-kube: {exc}", file=sys.stderr)
        code = _FAILED
    sys.exit(code)


def _split(words: list[str]) -> tuple[list[str], str, list[str]]:
    if "--" not in words:
        return words, "", []
    at = words.index("--")
    return words[:at], "--", words[at + 1 :]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mf-kube", description="Kubeconfig: $MF_KUBECONFIG_CONTENT (its text), else $KUBECONFIG."
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    run = verbs.add_parser("exec", help="run a command in a container", usage="mf-kube exec NAMESPACE POD -- COMMAND…")
    run.add_argument("namespace")
    run.add_argument("pod")
    run.add_argument("-c", "--container", default="")
    run.add_argument("--context", default=None)
    run.add_argument("--no-stdin", action="store_true", help="do not pass standard input on")
    return parser


def _exec(args: argparse.Namespace, command: Sequence[str]) -> int:
    kube = Kube.load(content=os.environ.get("MF_KUBECONFIG_CONTENT") or None, context=args.context)
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
