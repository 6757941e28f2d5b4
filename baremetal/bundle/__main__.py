"""`python -m baremetal.bundle`: make the bundle's parts, or list them."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import time
from types import FrameType
from typing import TextIO

from baremetal.bundle import Bundle, Event, build, find, prune, push
from baremetal.bundle.parts import PARTS
from baremetal.bundle.registry_push import LOCAL_REGISTRY, await_registry
from baremetal.errors import BareMetalError


def main() -> int:
    """Run the command line; 0 done, 1 failed, 130 interrupted."""
    arguments = _parser().parse_args()
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return _COMMANDS[arguments.command](arguments)
    except BareMetalError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted; what is finished is kept, run the same command again to go on", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m baremetal.bundle", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    build_command = commands.add_parser("build", help="make parts (without names: those of a local platform)")
    build_command.add_argument("part", nargs="*", help="; ".join(f"{p.name}: {p.summary}" for p in PARTS.values()))
    push_command = commands.add_parser("push", help="put the images of parts into a registry, making them first")
    push_command.add_argument("part", nargs="+")
    push_command.add_argument("--registry", default=LOCAL_REGISTRY, help=f"default: {LOCAL_REGISTRY}")
    files_command = commands.add_parser("files", help="print where the files of parts lie, making them first")
    files_command.add_argument("part", nargs="+")
    prune_command = commands.add_parser("prune", help="remove what earlier versions of the recipes left in the cache")
    list_command = commands.add_parser("list", help="all parts, and which are there")
    for command in (build_command, push_command, prune_command, list_command):
        command.add_argument("--json", action="store_true", help="print the manifest as JSON; progress goes to stderr")
    return parser


def _build(arguments: argparse.Namespace) -> int:
    began = time.monotonic()
    stream = sys.stderr if arguments.json else sys.stdout
    bundle = build(arguments.part, lambda event: _say(line(event), stream))
    if arguments.json:
        print(json.dumps(bundle.to_json(), indent=1, sort_keys=True))
    else:
        print(_summary(bundle, time.monotonic() - began))
    return 0


def _push(arguments: argparse.Namespace) -> int:
    stream = sys.stderr if arguments.json else sys.stdout
    bundle = build(arguments.part, lambda event: _say(line(event), stream))
    await_registry(arguments.registry)
    pushed = [
        push(archive, reference, arguments.registry, progress=lambda message: _say(message, stream))
        for made in bundle.parts.values()
        for reference, archive in made.images.items()
    ]
    if arguments.json:
        print(json.dumps({image.reference: image.digest for image in pushed}, indent=1))
    else:
        print("\n".join(f"{image.pinned} {'pushed' if image.sent else 'was there'}" for image in pushed))
    return 0


def _files(arguments: argparse.Namespace) -> int:
    bundle = build(arguments.part, lambda event: _say(line(event), sys.stderr))
    for made in bundle.parts.values():
        for path in made.files.values():
            print(path)
    return 0


def _prune(arguments: argparse.Namespace) -> int:
    removed = [folder.name for folder in prune()]
    print(json.dumps(removed) if arguments.json else "\n".join([*removed, f"{len(removed)} removed"]))
    return 0


def _say(text: str, stream: TextIO) -> None:
    """One write a line: events come from several threads, and `print` would write the line's end apart."""
    stream.write(f"{text}\n")
    stream.flush()


def line(event: Event) -> str:
    """An event as one line: elapsed time, what, and what about it."""
    mark = {"made": "✓", "ready": "✓"}.get(event.state, "·")
    return f"[{event.seconds:7.1f}s] {mark} {event.name}: {event.message}"


def _summary(bundle: Bundle, seconds: float) -> str:
    folders = {str(made.folder.parent) for made in bundle.parts.values()}
    return f"{len(bundle.parts)} parts ready in {seconds:.1f} s, in {', '.join(sorted(folders))}"


def _list(arguments: argparse.Namespace) -> int:
    found = {name: find(name) for name in PARTS}
    if arguments.json:
        print(json.dumps({name: made.to_json() if made else None for name, made in found.items()}, indent=1))
        return 0
    for name, part in PARTS.items():
        made = found[name]
        print(f"{name:20} {part.version:8} {made.how if made else 'not made':24} {part.summary}")
    return 0


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


_COMMANDS = {"build": _build, "files": _files, "list": _list, "prune": _prune, "push": _push}


if __name__ == "__main__":
    sys.exit(main())
