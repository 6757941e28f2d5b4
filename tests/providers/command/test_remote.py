"""Remote commands and copies, against a real OpenSSH server."""

from __future__ import annotations

import socket
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from engine.values import UNKNOWN, Archive, Asset, Secret
from providers.command import CommandProvider
from providers.errors import BadInput, CommandFailed, CommandStopped, ConnectionFailed
from tests.providers.command.conftest import SshServer, is_alive
from tests.providers.conftest import Asked, RecordingHost


@pytest.fixture
def remote(host: RecordingHost, ssh_server: SshServer):
    """Asks for a remote type with the connection filled in, secret as the SDK sends it."""

    class Remote(Asked):
        def check(self, **inputs: Any) -> Any:
            return super().check(**{"connection": Secret(ssh_server.connection), **inputs})

    return lambda name: Remote(CommandProvider(host), f"command:remote:{name}")


def test_a_command_runs_there_and_its_lines_are_shown(remote, host: RecordingHost) -> None:
    made = remote("Command").create(create="echo here: $SSH_CONNECTION; echo bad >&2")
    assert made.outputs["stdout"].startswith("here: 127.0.0.1")
    assert made.outputs["stderr"] == "bad"
    assert ("bad", True) in host.lines


def test_environment_and_stdin_arrive_though_the_server_accepts_no_variables(remote) -> None:
    odd = 'it\'s "odd"\nand long $HOME `x`'
    made = remote("Command").create(create='printf "%s|" "$ODD"; cat', environment={"ODD": odd}, stdin="typed\nmore")
    assert made.outputs["stdout"] == f"{odd}|typed\nmore"


def test_secrets_are_in_no_command_line_and_in_no_log(remote, host: RecordingHost) -> None:
    made = remote("Command").create(
        create="tr '\\0' ' ' < /proc/$$/cmdline; echo; echo $TOKEN", environment={"TOKEN": Secret("s3cret-token")}
    )
    command_line, token = made.outputs["stdout"].value.splitlines()[0], made.outputs["stdout"].value.splitlines()[-1]
    assert ("s3cret" in command_line, token) == (False, "s3cret-token")
    assert ("[secret]", True) in host.lines


def test_a_secret_connection_alone_leaves_the_output_readable(remote) -> None:
    assert remote("Command").create(create="echo open").outputs["stdout"] == "open"


def test_update_sees_previous_output_and_delete_runs(remote, tmp_path: Path) -> None:
    asked = remote("Command")
    made = asked.create(create="echo first", delete=f"echo gone $PULUMI_COMMAND_STDOUT > {tmp_path}/gone")
    assert asked.update(made, create="", update="echo was $PULUMI_COMMAND_STDOUT")["stdout"] == "was first"
    asked.delete(made)
    assert (tmp_path / "gone").read_text() == "gone first\n"


def test_failure_tells_exit_code_host_and_last_words(remote) -> None:
    with pytest.raises(CommandFailed, match=r"exited with code 4 on \S+@127.0.0.1:\d+: no such thing"):
        remote("Command").create(create="echo no such thing >&2; exit 4")


@pytest.mark.parametrize(("trap", "seconds"), [("", 4), ("trap '' INT; ", 9)])
def test_cancel_ends_the_command_and_its_children(
    remote, host: RecordingHost, tmp_path: Path, trap: str, seconds: float
) -> None:
    threading.Timer(0.7, lambda: setattr(host, "stop", True)).start()
    started = time.monotonic()
    with pytest.raises(CommandStopped, match="cancelled"):
        remote("Command").create(create=f"{trap}sleep 61 & echo $! > {tmp_path}/child; wait; sleep 62")
    assert time.monotonic() - started < seconds
    time.sleep(0.2)
    assert not is_alive(int((tmp_path / "child").read_text()))


def test_preview_connects_to_nobody(host: RecordingHost) -> None:
    asked = Asked(CommandProvider(host), "command:remote:Command")
    outputs = asked.create(preview=True, connection={"host": UNKNOWN}, create="x").outputs
    assert outputs["stdout"] is UNKNOWN


def test_an_unreachable_host_is_named_with_the_number_of_tries(remote) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    connection = {"host": "127.0.0.1", "port": port, "user": "nobody", "password": "x", "dialErrorLimit": 2}
    with pytest.raises(ConnectionFailed, match=rf"nobody@127.0.0.1:{port} \(tried 2 times\)"):
        remote("Command").create(create="true", connection=connection)


def test_a_wrong_key_is_refused_and_never_shown(remote, ssh_server: SshServer, tmp_path: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "other")], check=True)
    other = (tmp_path / "other").read_text()
    with pytest.raises(ConnectionFailed) as error:
        remote("Command").create(create="true", connection={**ssh_server.connection, "privateKey": other})
    assert other.splitlines()[1] not in str(error.value)
    with pytest.raises(BadInput, match=r"privateKey for .* can't be read"):
        remote("Command").create(create="true", connection={**ssh_server.connection, "privateKey": "nonsense"})


def test_host_key_is_verified_where_it_is_given(remote, ssh_server: SshServer, tmp_path: Path) -> None:
    right = {**ssh_server.connection, "hostKey": ssh_server.host_key}
    assert remote("Command").create(create="echo ok", connection=right).outputs["stdout"] == "ok"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "other")], check=True)
    wrong = {**ssh_server.connection, "hostKey": (tmp_path / "other.pub").read_text()}
    with pytest.raises(ConnectionFailed, match="another host key"):
        remote("Command").create(create="true", connection=wrong)


def test_a_proxy_leads_to_the_host(remote, ssh_server: SshServer) -> None:
    through = {**ssh_server.connection, "proxy": ssh_server.connection}
    assert remote("Command").create(create="echo ok", connection=through).outputs["stdout"] == "ok"


def test_a_connection_without_host_is_refused_at_once(remote) -> None:
    assert "host is required" in remote("Command").check(connection={"user": "x"}).failures[0].reason


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    source = tmp_path / "source"
    (source / "inner").mkdir(parents=True)
    (source / "top.txt").write_text("top")
    (source / "inner" / "run.sh").write_text("run")
    (source / "inner" / "run.sh").chmod(0o755)
    return source


def test_a_file_goes_to_the_path_or_into_the_folder(remote, tree: Path, tmp_path: Path) -> None:
    asset = Asset(path="source/top.txt")
    remote("CopyToRemote").create(source=asset, remotePath=f"{tmp_path}/new/deep/name.txt")
    (tmp_path / "folder").mkdir()
    remote("CopyToRemote").create(source=asset, remotePath=f"{tmp_path}/folder")
    assert (tmp_path / "new/deep/name.txt").read_text() == (tmp_path / "folder/top.txt").read_text() == "top"


def test_text_becomes_a_file(remote, tmp_path: Path) -> None:
    remote("CopyToRemote").create(source=Asset(text="words"), remotePath=f"{tmp_path}/words.txt")
    assert (tmp_path / "words.txt").read_text() == "words"


def test_a_folder_is_copied_itself_or_with_a_slash_its_contents(remote, tree: Path, tmp_path: Path) -> None:
    remote("CopyToRemote").create(source=Archive(path="source"), remotePath=f"{tmp_path}/a")
    remote("CopyToRemote").create(source=Archive(path="source/"), remotePath=f"{tmp_path}/b")
    assert (tmp_path / "a/source/inner/run.sh").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "b/top.txt").read_text() == "top"


def test_a_folder_cannot_replace_a_file(remote, tree: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("x")
    with pytest.raises(BadInput, match="is a file; a folder can't be copied there"):
        remote("CopyToRemote").create(source=Archive(path="source/"), remotePath=f"{tmp_path}/taken")


def test_copying_again_happens_when_what_or_where_changes(remote, tmp_path: Path) -> None:
    asked = remote("CopyToRemote")
    target = tmp_path / "t"
    first = Asset(text="one", hash="1")
    made = asked.create(source=first, remotePath=str(target))
    target.write_text("edited there")
    asked.update(made, source=first, remotePath=str(target))
    assert target.read_text() == "edited there"
    asked.update(made, source=Asset(text="two", hash="2"), remotePath=str(target))
    assert target.read_text() == "two"


def test_deleting_a_copy_leaves_the_file(remote, tmp_path: Path) -> None:
    asked = remote("CopyToRemote")
    asked.delete(asked.create(source=Asset(text="x"), remotePath=f"{tmp_path}/kept"))
    assert (tmp_path / "kept").exists()


def test_copy_file_takes_a_path(remote, tree: Path, tmp_path: Path) -> None:
    remote("CopyFile").create(localPath="source/top.txt", remotePath=f"{tmp_path}/copied.txt")
    assert (tmp_path / "copied.txt").read_text() == "top"
    with pytest.raises(BadInput, match=r"there is no .*/missing to copy"):
        remote("CopyFile").create(localPath="missing", remotePath=f"{tmp_path}/x")


def test_a_source_that_is_no_path_and_no_text_is_refused(remote) -> None:
    checked = remote("CopyToRemote").check(source=Archive(uri="https://x.example/a.zip"), remotePath="/x")
    assert "FileAsset, a StringAsset or a FileArchive" in checked.failures[0].reason
