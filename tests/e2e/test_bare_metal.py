"""A cluster on a throw-away machine: interrupted, killed, brought back, and taken away without a trace."""

from __future__ import annotations

import pytest

from tests.support import throwaway

pytestmark = pytest.mark.e2e

LIFE = r"""
apply() { "$PYTHON" -m baremetal.apply "$@"; }
# cut WHERE SECONDS up|down: kill a run, and all that it started in the foreground, so long after it said WHERE.
cut() {
  setsid "$PYTHON" -m baremetal.apply "$3" >/srv/log 2>&1 &
  local run=$!
  until grep -q "$1" /srv/log; do sleep 0.1; kill -0 $run || return 0; done
  sleep "$2"
  kill -KILL -- -$run && echo "cut $3 at $1"
  wait $run || true
}
set -u
mkdir -p "$HOME"
"$PYTHON" -m baremetal.inventory save /srv/before.json
cut '^images' 1 up
cut 'kubeadm init$' 1 up
cut 'kubeadm init$' 4 up
apply up && echo "MADE"
apply up | grep -q 'control plane is there' && echo "UNCHANGED"

certificate=$(sha256sum /etc/kubernetes/pki/ca.crt)
kill -KILL $(cat /run/microfoundry/*.pid) $(cat /run/microfoundry/*.child)
for round in 1 2 3; do
  pids=$(cat $(find /sys/fs/cgroup/*/kubepods -name cgroup.procs) | sort -u)
  [ -z "$pids" ] || kill -KILL $pids
  sleep 0.3
done
apply up && [ "$certificate" = "$(sha256sum /etc/kubernetes/pki/ca.crt)" ] &&
  echo "REVIVED $(cat /var/lib/microfoundry/*.generation | xargs)"

cut '^control-plane' 0.5 down
cut '^containerd' 0.1 down
apply up && echo "MADE AGAIN"
apply down && echo "REMOVED"
apply down && echo "REMOVED TWICE"
"$PYTHON" -m baremetal.inventory diff /srv/before.json
"""


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the life of a cluster printed."""
    return throwaway.run(LIFE, tmp_path_factory.mktemp("machine"), timeout=560)


def test_cluster_that_was_killed_while_it_was_made_is_finished_by_the_next_run(life: str) -> None:
    assert "cut up at kubeadm init$" in life, life
    assert "an earlier run was interrupted; beginning afresh" in life
    assert "\nMADE\n" in life, life


def test_second_run_changes_nothing(life: str) -> None:
    assert "\nUNCHANGED\n" in life, life


def test_daemons_and_containers_that_died_are_brought_back_with_the_same_cluster(life: str) -> None:
    assert "\nREVIVED 2 2\n" in life, life


def test_removal_that_was_killed_is_finished_and_leaves_nothing(life: str) -> None:
    assert "cut down at ^control-plane" in life, life
    assert "\nREMOVED TWICE\n" in life
    assert life.endswith("the machine is as it was\n"), life
