"""Puts every resource, and at the end the whole stack, before the policy packs of an update."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from engine.deploy import events
from engine.deploy.control import Control
from engine.deploy.decide.goal import Goal
from engine.deploy.do.marshal import with_secrets
from engine.deploy.reporter import Reporter
from engine.errors import EngineError
from engine.policy.model import Analyzer, Finding, Level, ProviderSubject, Subject, Surroundings
from engine.policy.packs import PackRequest, open_packs
from engine.provider_api import Host, Severity
from engine.state.model import Resource
from engine.urn import is_provider_type, name_of, split_provider_reference, type_of
from engine.values import Props


class PolicyViolation(EngineError):
    """A resource that mandatory policies do not allow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspector:
    """Judges for one update; in a preview violations are told, and everything goes on."""

    requests: Sequence[PackRequest]
    around: Surroundings
    host: Host
    control: Control
    reporter: Reporter
    find: Callable[[str], Resource | None]
    """The finished resource of a URN."""
    packs: list[Analyzer] = field(default_factory=list)
    _judged: set[str] = field(default_factory=set)

    def open(self) -> None:
        """Start the packs; blocks."""
        self.packs.extend(open_packs(self.requests, self.around, self.host))

    def inspect(self, goal: Goal, inputs: Props) -> Props:
        """The inputs as the policies want them; blocks. PolicyViolation where they can't have it that way."""
        if not self.packs:
            return inputs
        for pack in self.packs:
            inputs = self._remedied(pack, goal, inputs)
        # Inputs are checked again for a replacement; what is wrong with them was said before.
        if goal.urn not in self._judged:
            self._judged.add(goal.urn)
            self._judge(self._subject(goal, inputs))
        return inputs

    def conclude(self, resources: tuple[Resource, ...]) -> None:
        """Judge the stack as it is after a successful update (or would be)."""
        subjects = [self._member(one) for one in resources if not one.delete]
        for pack in self.packs:
            findings = pack.analyze_stack(subjects)
            for finding in findings:
                self._tell(pack, finding, finding.urn)
            if any(one.level is Level.MANDATORY for one in findings):
                self.control.note_failure()

    def cancel(self) -> None:
        """Ask running judgements to end soon."""
        for pack in self.packs:
            pack.cancel()

    def close(self) -> None:
        """Let the packs go."""
        for pack in self.packs:
            pack.close()

    def _judge(self, subject: Subject) -> None:
        broken = []
        for pack in self.packs:
            for finding in pack.analyze(subject):
                self._tell(pack, finding, finding.urn or subject.urn)
                if finding.level is Level.MANDATORY:
                    broken.append(finding.policy)
        if not broken:
            return
        if not self.around.preview:
            names = ", ".join(dict.fromkeys(broken))
            raise PolicyViolation(f"{subject.type} resource '{subject.name}' violates mandatory policies: {names}")
        self.control.note_failure()

    def _remedied(self, pack: Analyzer, goal: Goal, inputs: Props) -> Props:
        for remedy in pack.remediate(self._subject(goal, inputs)):
            if remedy.inputs is None:
                where = f"{remedy.policy} of policy pack {pack.info.name}"
                self.reporter.log(Severity.WARNING, f"{where} could not repair it: {remedy.reason}", urn=goal.urn)
                continue
            # Whatever a policy copies out of its arguments has lost the mark that it is secret.
            before, inputs = inputs, with_secrets({**remedy.inputs, **_internal(inputs)}, inputs, ())
            if goal.urn not in self._judged:
                self.reporter.say(events.remediation(pack.info, remedy, goal.urn, change=(before, inputs)))
        return inputs

    def _tell(self, pack: Analyzer, finding: Finding, urn: str) -> None:
        self.reporter.say(events.violation(pack.info, finding, urn))

    def _subject(self, goal: Goal, inputs: Props) -> Subject:
        return Subject(
            urn=goal.urn,
            type=goal.type,
            name=goal.name,
            properties=_visible(inputs),
            parent=goal.parent,
            provider=self._provider(goal.provider),
            protect=goal.protect,
            ignore_changes=goal.ignore_changes,
            delete_before_replace=goal.delete_before_replace,
            additional_secret_outputs=goal.additional_secret_outputs,
            aliases=tuple(alias.urn for alias in goal.aliases if alias.urn),
            timeouts=goal.timeouts,
        )

    def _member(self, resource: Resource) -> Subject:
        return Subject(
            urn=resource.urn,
            type=resource.type,
            name=name_of(resource.urn),
            properties=_visible(resource.outputs),
            parent=resource.parent,
            provider=self._provider(resource.provider),
            protect=resource.protect,
            ignore_changes=resource.ignore_changes,
            additional_secret_outputs=resource.additional_secret_outputs,
            aliases=resource.aliases,
            timeouts=resource.custom_timeouts,
            dependencies=resource.dependencies,
            property_dependencies=resource.property_dependencies,
        )

    def _provider(self, reference: str) -> ProviderSubject | None:
        urn = split_provider_reference(reference)[0] if reference else ""
        resource = self.find(urn) if urn else None
        if resource is None or not is_provider_type(resource.type):
            return None
        properties = _visible(resource.inputs)
        return ProviderSubject(urn=urn, type=type_of(urn), name=name_of(urn), properties=properties)


def _visible(props: Props) -> Props:
    """Without what is the engine's and providers' own bookkeeping."""
    return {key: value for key, value in props.items() if not key.startswith("__")}


def _internal(props: Props) -> Mapping[str, object]:
    return {key: value for key, value in props.items() if key.startswith("__")}
