"""A platform's life on a throw-away machine: killed, finished, used, interrupted, taken away without a trace."""

from __future__ import annotations

import re

import pytest

from tests.support import throwaway

pytestmark = pytest.mark.e2e

LIFE = r"""
set -u
mkdir -p "$HOME"
unset KUBECONFIG
mf() { "$PYTHON" -m mf "$@"; }
# cut SIGNAL WHERE COMMAND...: run in a group of its own, and send the signal when it has said WHERE.
cut() {
  local signal=$1 where=$2; shift 2
  "$PYTHON" -c 'import os, signal, sys; os.setsid(); signal.signal(signal.SIGINT, signal.default_int_handler)
os.execv(sys.argv[1], sys.argv[1:])' "$PYTHON" -m mf "$@" >/srv/log 2>&1 &
  local run=$!
  until grep -q "$where" /srv/log; do sleep 0.1; kill -0 $run || { cat /srv/log; return 0; }; done
  kill -"$signal" -- -$run
  wait $run
  echo "CUT $1 by $signal: exit code $?"
}
echo "TAKEN: $("$PYTHON" - <<'END'
import socket
socket.create_server(("127.0.0.1", 80)).close()
END
)"
"$PYTHON" -m http.server --bind 127.0.0.1 80 >/dev/null 2>&1 &
squatter=$!
sleep 1
mf preview 2>&1 | grep 'port 80 is taken'
kill $squatter; wait $squatter 2>/dev/null

"$PYTHON" -m baremetal.inventory save /srv/before.json
cut KILL 'starting kubelet' up --yes
mf destroy --yes && echo "REMOVED HALF OF ONE"
"$PYTHON" -m baremetal.inventory diff /srv/before.json
cut KILL 'starting kubelet' up --yes
mf up --yes && echo MADE
mf up --yes | tail -n 12 && echo AGAIN
mf push hello --image microfoundry/busybox:1 --command 'echo hello >/tmp/index.html; httpd -f -p $PORT -h /tmp' &&
  curl --silent --max-time 10 http://hello.dev.apps.localhost/ && echo SERVED

cut KILL 'deleted .*gateway-server' destroy --yes
cut INT 'deleted .*' destroy --yes
mf destroy --yes && echo REMOVED
mf destroy --yes
"$PYTHON" -m baremetal.inventory diff /srv/before.json
"""

EXISTING = r"""
set -u
mkdir -p "$HOME"
mf() { "$PYTHON" -m mf "$@"; }
"$PYTHON" -m baremetal.apply up --part registry --part storage --part busybox --part gateway && echo CLUSTER
mv "$HOME/.config/microfoundry/kubeconfig" /srv/kubeconfig
kubeconfig=/srv/kubeconfig
mf pulumi stack init ours
mf pulumi config set microfoundry:kind local --stack ours
mf pulumi config set microfoundry:images bundle --stack ours
mf up --yes --stack ours --kubeconfig $kubeconfig && echo MADE
mf --kubeconfig $kubeconfig push hello --image microfoundry/busybox:1 \
  --command 'echo hello >/tmp/index.html; httpd -f -p $PORT -h /tmp' &&
  curl --silent --max-time 10 http://hello.dev.apps.localhost/ && echo SERVED
mf --kubeconfig $kubeconfig delete -f hello
mf destroy --yes --stack ours && echo REMOVED
MF_KUBECONFIG_CONTENT=$(cat $kubeconfig) "$PYTHON" -m engine.kube exists v1 Namespace - microfoundry-system || echo GONE
rm -f stacks/Pulumi.ours.yaml
"""


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the whole life printed."""
    return throwaway.run(LIFE, tmp_path_factory.mktemp("machine"), timeout=900)


def test_port_that_is_taken_is_said_together_with_the_one_that_is_used(life: str) -> None:
    assert "port 80 is taken on this machine; apps are served on port 8080" in life, life


def test_platform_that_was_killed_while_it_was_made_is_finished_by_the_next_run(life: str) -> None:
    assert "CUT up by KILL" in life, life
    assert "\nMADE\n" in life, life


def test_half_a_platform_can_be_taken_away_without_a_trace(life: str) -> None:
    assert "REMOVED HALF OF ONE\nthe machine is as it was\n" in life, life


def test_second_run_finds_nothing_to_do(life: str) -> None:
    again = life.split("\nMADE\n")[1].split("\nAGAIN\n")[0]
    assert re.search(r"nothing to do|0 changed|unchanged", again), again


def test_app_is_served_by_the_platform_that_was_finished(life: str) -> None:
    assert "hello\nSERVED\n" in life, life


def test_interrupt_ends_a_removal_in_order_and_says_so(life: str) -> None:
    assert "CUT destroy by INT: exit code 130" in life, life


def test_removal_that_was_killed_and_interrupted_is_finished_and_leaves_nothing(life: str) -> None:
    assert "\nREMOVED\n" in life, life
    assert "nothing to remove" in life, life
    assert life.endswith("the machine is as it was\n"), life


def test_platform_goes_onto_a_cluster_that_is_there_and_leaves_the_cluster_alone(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    life = throwaway.run(EXISTING, tmp_path_factory.mktemp("machine"), timeout=600)
    for mark in ("CLUSTER", "MADE", "hello\nSERVED", "REMOVED", "GONE"):
        assert f"{mark}\n" in life, f"{mark}: {life}"
