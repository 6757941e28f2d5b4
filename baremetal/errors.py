"""What can go wrong on a machine: one tree, so that a caller can catch all of it or one kind.

BareMetalError
├── BundleError              making or finding the parts of a cluster
│   ├── PartUnknown          a name that is no part
│   ├── PartMissing          a part that has not been made yet
│   ├── PartFailed           a part that could not be made, with the last lines of its log
│   ├── ToolMissing          a program that the machine lacks
│   ├── NoSpace              too little room on the disk, seen before starting
│   ├── NotRoot              a step that only root may do
│   ├── BundleBusy           another run holds the lock
│   ├── Stopped              the run was interrupted; what is finished is kept
│   ├── ChecksumMismatch     a download that is not what was promised
│   └── RegistryRefused      an image registry that said no
├── ScriptFailed             a script that ended badly on a machine, with its last lines
└── MachineUnfit             what stands against a cluster on a machine, all of it at once, seen before starting
"""


class BareMetalError(Exception):
    """Base of everything that `baremetal` raises."""


class BundleError(BareMetalError):
    """Base of everything that `baremetal.bundle` raises."""


class PartUnknown(BundleError):
    """A part was asked for that is not in the list."""

    def __init__(self, name: str, known: list[str]) -> None:
        self.name, self.known = name, known
        super().__init__(f"the bundle has no part {name!r}; choose from: {', '.join(known)}")


class PartMissing(BundleError):
    """A part is in the list, but was not made on this machine."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"part {name!r} has not been made; run: python -m baremetal.bundle build {name}")


class PartFailed(BundleError):
    """A part could not be made; the message ends with the last lines of what was running."""

    def __init__(self, name: str, cause: str, log: str = "") -> None:
        self.name, self.cause, self.log = name, cause, log
        tail = "\n".join(f"  | {line}" for line in log.splitlines()[-12:])
        super().__init__(f"part {name!r} could not be made: {cause}" + (f"\n{tail}" if tail else ""))


class ToolMissing(BundleError):
    """The machine lacks a program that a part is made with."""

    def __init__(self, tool: str, remedy: str) -> None:
        self.tool, self.remedy = tool, remedy
        super().__init__(f"{tool} is not installed on this machine; {remedy}")


class NoSpace(BundleError):
    """The disk has less room than the parts need; nothing was started."""

    def __init__(self, folder: str, free: int, needed: int) -> None:
        self.folder, self.free, self.needed = folder, free, needed
        super().__init__(
            f"{folder} has {free / 2**30:.1f} GiB free, the bundle needs {needed / 2**30:.1f} GiB; "
            "free some, or set MF_CACHE to a folder on a larger disk"
        )


class NotRoot(BundleError):
    """A step was to be done that only root may do."""

    def __init__(self, action: str) -> None:
        self.action = action
        super().__init__(f"only root can do this: {action}; run it again with sudo")


class BundleBusy(BundleError):
    """Another process is making the bundle in the same cache."""

    def __init__(self, lock: str, holder: str) -> None:
        self.lock, self.holder = lock, holder
        super().__init__(f"another run (process {holder}) is making the bundle; wait for it to end ({lock} is held)")


class Stopped(BundleError):
    """The run was interrupted while something was being made."""

    def __init__(self) -> None:
        super().__init__("interrupted; what was finished is kept, and the next run goes on from there")


class ChecksumMismatch(BundleError):
    """What was downloaded is not what its publisher says it should be."""

    def __init__(self, url: str, expected: str, actual: str) -> None:
        self.url, self.expected, self.actual = url, expected, actual
        super().__init__(f"{url} has sha256 {actual}, its publisher states {expected}; try again, or mistrust the way")


class RegistryRefused(BundleError):
    """An image registry answered with an error."""

    def __init__(self, registry: str, action: str, answer: str) -> None:
        self.registry, self.action, self.answer = registry, action, answer
        super().__init__(f"registry {registry} refused to {action}: {answer}")


class ScriptFailed(BareMetalError):
    """A script ended badly on a machine."""

    def __init__(self, host: str, action: str, code: int, output: str) -> None:
        self.host, self.action, self.code, self.output = host, action, code, output
        tail = "\n".join(f"  | {line}" for line in output.splitlines()[-12:])
        super().__init__(f"{action} failed on {host} (exit {code})" + (f"\n{tail}" if tail else ""))


class MachineUnfit(BareMetalError):
    """A machine can't hold a cluster as it is; nothing was changed."""

    def __init__(self, host: str, problems: tuple[str, ...]) -> None:
        self.host, self.problems = host, problems
        lines = "\n".join(f"  - {problem}" for problem in problems)
        super().__init__(f"no cluster can be made on {host} as it is:\n{lines}")
