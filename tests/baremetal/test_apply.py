"""The runner without Pulumi: steps in order, output as it comes, secrets never."""

from __future__ import annotations

import pytest

from baremetal import apply
from baremetal.errors import MachineUnfit, ScriptFailed
from baremetal.model import ClusterConfig, Step
from baremetal.transport import LocalTransport
from tests.baremetal.machines import facts, system

STEPS = (
    Step(name="first", summary="one", create="echo made $MF", delete="echo unmade", environment={"MF": "first"}),
    Step(name="kubeconfig", summary="two", create="echo hunter2", delete="true", needs=("first",)),
)


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apply, "plan", lambda config, facts: STEPS)
    monkeypatch.setattr(apply, "steps", lambda config, facts: STEPS)


@pytest.mark.usefixtures("steps")
def test_steps_are_made_in_order_and_removed_in_reverse(capsys: pytest.CaptureFixture[str]) -> None:
    apply.up(ClusterConfig(), LocalTransport())
    up = capsys.readouterr().out
    assert up.index("made first") < up.index("kubeconfig: two")
    apply.down(ClusterConfig(), LocalTransport())
    down = capsys.readouterr().out
    assert down.index("kubeconfig") < down.index("unmade")


@pytest.mark.usefixtures("steps")
def test_kubeconfig_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    apply.up(ClusterConfig(), LocalTransport())
    assert "hunter2" not in capsys.readouterr().out


def test_failing_step_stops_the_rest_and_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = (Step(name="first", summary="one", create="echo why; exit 4", delete="true"), STEPS[1])
    monkeypatch.setattr(apply, "plan", lambda config, facts: broken)
    with pytest.raises(ScriptFailed, match=r"step first failed on this machine \(exit 4\)\n  \| why"):
        apply.up(ClusterConfig(), LocalTransport())
    assert "kubeconfig" not in capsys.readouterr().out


def test_output_of_a_failing_secret_step_stays_out_of_the_error(monkeypatch: pytest.MonkeyPatch) -> None:
    leaky = Step(name="kubeconfig", summary="two", create="echo hunter2; exit 1", delete="true")
    monkeypatch.setattr(apply, "plan", lambda config, facts: (leaky,))
    with pytest.raises(ScriptFailed) as caught:
        apply.up(ClusterConfig(), LocalTransport())
    assert "hunter2" not in str(caught.value)


def test_unfit_machine_is_refused_before_the_first_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("baremetal.facts.reader.read", lambda transport: facts(system=system(architecture="riscv64")))
    with pytest.raises(MachineUnfit):
        apply.up(ClusterConfig(), LocalTransport())
