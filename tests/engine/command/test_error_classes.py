"""Each error class of the Automation API is raised by what it is named after."""

from __future__ import annotations

import os
import subprocess
import sys

import pulumi
import pytest
from pulumi import automation as auto
from pulumi.automation import errors

from engine.backend.api import LockWish
from engine.backend.file import FileBackend
from engine.command import EmbeddedPulumi
from engine.deploy.api import StackId
from tests.engine.command.conftest import PASSPHRASE


@pytest.fixture
def options(tmp_path, salt):
    (tmp_path / "state").mkdir()
    environment = {
        "PULUMI_BACKEND_URL": f"file://{tmp_path / 'state'}",
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "PULUMI_HOME": str(tmp_path / "home"),
        "MF_ENCRYPTION_SALT": salt,
    }
    return lambda **more: auto.LocalWorkspaceOptions(pulumi_command=EmbeddedPulumi(), env_vars=environment, **more)


def _nothing() -> None:
    pass


def _inline(options, program) -> auto.Stack:
    return auto.create_stack("dev", project_name="shop", program=program, opts=options())


def _on_disk(options, folder, text: str) -> auto.Stack:
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (folder / "__main__.py").write_text(text)
    return auto.create_stack("dev", work_dir=str(folder), opts=options())


def _raised(call) -> errors.CommandError:
    with pytest.raises(errors.CommandError) as caught:
        call()
    return caught.value


def test_a_stack_that_is_not_there(options):
    error = _raised(lambda: auto.select_stack("qa", project_name="shop", program=_nothing, opts=options()))
    assert type(error) is errors.StackNotFoundError


def test_a_stack_that_is_there_already(options):
    _inline(options, _nothing)
    assert type(_raised(lambda: _inline(options, _nothing))) is errors.StackAlreadyExistsError


def test_a_stack_that_someone_else_updates(options, tmp_path):
    stack = _inline(options, _nothing)
    with FileBackend(f"file://{tmp_path / 'state'}").lock(StackId(project="shop", name="dev"), LockWish()):
        assert type(_raised(stack.up)) is errors.ConcurrentUpdateError


def test_an_inline_program_that_raises(options):
    def fails() -> None:
        raise ValueError("the cat sat on it")

    error = _raised(_inline(options, fails).up)
    assert type(error) is errors.InlineSourceRuntimeError
    assert "the cat sat on it" in str(error)


def test_a_program_on_disk_that_raises(options, tmp_path):
    stack = _on_disk(options, tmp_path / "p", "raise ValueError('the cat sat on it')\n")
    error = _raised(stack.up)
    assert type(error) is errors.RuntimeError
    assert "the cat sat on it" in str(error)
    assert "error: update failed" in str(error)


def test_a_program_that_does_not_compile(options, tmp_path):
    text = "import sys\nprint('main.go:3:1: syntax error: unexpected }', file=sys.stderr)\nsys.exit(1)\n"
    assert type(_raised(_on_disk(options, tmp_path / "p", text).up)) is errors.CompilationError


def test_anything_else_is_a_plain_command_error(options):
    stack = _inline(options, lambda: pulumi.export("a", 1))
    assert type(_raised(lambda: stack.up(expect_no_changes=True))) is errors.CommandError


@pytest.mark.parametrize(
    ("argv", "code", "words"),
    [
        (("up",), 2, "must be passed in to proceed when running in non-interactive mode"),
        (("stack", "select", "qa"), 6, "no stack named 'qa' found"),
        (("stack", "init", "dev"), 1, "already exists"),
        (("preview", "--expect-no-changes"), 7, "no changes were expected for preview but changes were proposed"),
        (("preview", "--nonsense"), 1, "unknown flag: --nonsense"),
        (("previw",), 1, 'unknown command "previw" for "pulumi"'),
        (("config", "get"), 1, "accepts 1 arg(s), received 0"),
        (("stack", "ls", "x"), 1, 'unknown command "x" for "pulumi stack ls"'),
        (("preview", "--color", "pink"), 1, "unsupported color option: 'pink'"),
    ],
)
def test_exit_codes_and_words_are_pulumis(dev, argv, code, words):
    (dev.directory / "__main__.py").write_text("import pulumi\npulumi.export('a', 1)\n")
    assert dev(*argv) == code, dev.complaint
    assert words in dev.complaint


def test_a_cancelled_update_says_so_and_leaves_no_lock(dev, tmp_path):
    (dev.directory / "__main__.py").write_text(
        "import os, signal, time\nos.kill(os.getppid(), signal.SIGINT)\ntime.sleep(30)\n"
    )
    code = """if True:
        import os, sys
        from engine.command.main import main
        argv = ['up', '--yes', '--skip-preview']
        sys.exit(main(argv, os.getcwd(), os.environ, print, lambda line: print(line, file=sys.stderr)))
    """
    environment = {**dev.environment, "PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=dev.directory, env=environment, capture_output=True, text=True, timeout=60
    )
    assert run.returncode == 1, run.stdout + run.stderr
    assert "error: update canceled" in run.stdout
    assert not list((tmp_path / "state" / ".pulumi" / "locks").rglob("*.json"))
