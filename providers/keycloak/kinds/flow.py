"""Authentication flows: what happens at a login, step by step; steps are executions, or flows inside of flows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.values import Props
from providers.keycloak.api import Api, path
from providers.keycloak.body import Json, merge
from providers.keycloak.errors import KeycloakError, Refused
from providers.keycloak.kind import Found
from providers.keycloak.rest import Rest

_FLOWS = "realms/{realmId}/authentication/flows"


@dataclass(frozen=True, kw_only=True)
class Flow(Rest):
    """A flow at the top; it may start as a copy of another."""

    collection: str = _FLOWS

    def make(self, api: Api, props: Props) -> str:
        """POST, or copy and then say what is different."""
        if not props.get("copyFrom"):
            return super().make(api, props)
        copy = path("realms/{realmId}/authentication/flows/{copyFrom}/copy", props)
        identity = str(api.post(copy, {"newName": props["alias"]}))
        if "description" in props:
            current = self.document(api, identity, props) or {}
            self.put(api, identity, props, merge(current, {"description": props["description"]}))
        return identity

    def put(self, api: Api, identity: str, props: Props, body: Json) -> None:
        """Its steps have addresses of their own."""
        body.pop("authenticationExecutions", None)
        super().put(api, identity, props, body)


@dataclass(frozen=True, kw_only=True)
class Step(Rest):
    """A step of a flow; the flow's list of steps is changed one at a time, as Keycloak numbers them itself."""

    collection: str = "realms/{realmId}/authentication/flows/{parentFlowAlias}/executions"

    def remove(self, api: Api, identity: str, props: Props) -> None:
        """DELETE the step."""
        step = self.step(api, identity, props)
        if step is not None:
            with self.alone(api, props):
                api.delete(path("realms/{realmId}/authentication/executions/{id}", {**props, "id": step["id"]}))

    def step(self, api: Api, identity: str, props: Props) -> Json | None:
        """The step in the list of its flow."""
        raise NotImplementedError

    def required(self, api: Api, props: Props, step: Any) -> None:
        """How much it is required, and where it stands."""
        wanted = {**step, "requirement": props.get("requirement", "DISABLED")}
        if props.get("priority") is not None:
            wanted["priority"] = props["priority"]
        api.put(path(self.collection, props), wanted)

    def alone(self, api: Api, props: Props) -> Any:
        """Nobody else changes a flow of this realm."""
        return api.alone(f"flows of {props['realmId']}")

    def steps(self, api: Api, props: Props) -> list[Json]:
        """The steps of the flow, and of the flows in it."""
        return list(api.find(path(self.collection, props)) or [])


@dataclass(frozen=True, kw_only=True)
class Execution(Step):
    """A step that does something."""

    def make(self, api: Api, props: Props) -> str:
        """POST, then say how much it is required."""
        with self.alone(api, props):
            body = {"provider": props["authenticator"], **_priority(props)}
            identity = str(api.post(f"{path(self.collection, props)}/execution", body))
            self.required(api, props, self.step(api, identity, props))
        return identity

    def fetch(self, api: Api, identity: str, prior: Props) -> Found | None:
        """From the list of the flow."""
        step = self.step(api, identity, prior)
        if step is None:
            return None
        told: Found = {"authenticator": step["providerId"], "requirement": step["requirement"]}
        return {**prior, **told, "priority": _told_priority(step, prior)}

    def change(self, api: Api, identity: str, olds: Props, news: Props) -> None:
        """PUT into the list."""
        del olds
        with self.alone(api, news):
            self.required(api, news, self.step(api, identity, news))

    def step(self, api: Api, identity: str, props: Props) -> Json | None:
        """By its own id."""
        return next((one for one in self.steps(api, props) if one["id"] == identity), None)


@dataclass(frozen=True, kw_only=True)
class Subflow(Step):
    """A step that is a flow; its id is the flow's."""

    def make(self, api: Api, props: Props) -> str:
        """POST, then say how much it is required."""
        body = {
            "alias": props["alias"],
            "type": props.get("providerId", "basic-flow"),
            "provider": props.get("authenticator", ""),
            "description": props.get("description", ""),
            **_priority(props),
        }
        with self.alone(api, props):
            identity = str(api.post(f"{path(self.collection, props)}/flow", body))
            self.required(api, props, self.step(api, identity, props))
        return identity

    def fetch(self, api: Api, identity: str, prior: Props) -> Found | None:
        """The flow, and the step that it is."""
        flow, step = api.find(f"{path(_FLOWS, prior)}/{identity}"), self.step(api, identity, prior)
        if flow is None or step is None:
            return None
        return {
            **prior,
            **{key: flow.get(key) or "" for key in ("alias", "providerId", "description")},
            "requirement": step["requirement"],
            "authenticator": prior.get("authenticator", ""),
            "priority": _told_priority(step, prior),
        }

    def change(self, api: Api, identity: str, olds: Props, news: Props) -> None:
        """PUT the flow, then the step."""
        where = f"{path(_FLOWS, news)}/{identity}"
        with self.alone(api, news):
            flow = api.get(where)
            flow.pop("authenticationExecutions", None)
            told = {key: news.get(key) or "" for key in ("alias", "providerId", "description")}
            api.put(where, {**flow, **told})
            self.required(api, news, self.step(api, identity, news))

    def step(self, api: Api, identity: str, props: Props) -> Json | None:
        """By the flow's id."""
        return next((one for one in self.steps(api, props) if one.get("flowId") == identity), None)


@dataclass(frozen=True, kw_only=True)
class ExecutionConfig(Rest):
    """The settings of a step."""

    collection: str = "realms/{realmId}/authentication/executions/{executionId}/config"
    item: str = "realms/{realmId}/authentication/config/{id}"


@dataclass(frozen=True, kw_only=True)
class Bindings(Rest):
    """Which flow a realm uses for what; without the resource they are those that a new realm has."""

    collection: str = "realms/{realmId}"
    item: str = "realms/{id}"

    def make(self, api: Api, props: Props) -> str:
        """Part of the realm's document."""
        identity = str(props["realmId"])
        self.change(api, identity, {}, props)
        return identity

    def change(self, api: Api, identity: str, olds: Props, news: Props) -> None:
        """Only the flows are sent, so that nothing else changes."""
        del olds
        known = {one["alias"] for one in api.get(path(_FLOWS, {"realmId": identity}))}
        wanted = self.body(news)
        for key, alias in wanted.items():
            if alias not in known:
                raise KeycloakError(f"realm '{identity}' has no flow '{alias}' for {key}")
        api.put(self.where(identity, news), {"realm": identity, **wanted})

    def remove(self, api: Api, identity: str, props: Props) -> None:
        """Back to what a new realm has."""
        try:
            api.put(self.where(identity, props), {"realm": identity, **_USUAL})
        except Refused as exc:
            if exc.status != 404:
                raise

    def locate(self, api: Api, props: Props) -> str:
        """The realm's name is the id."""
        return str(props["realmId"])


def _priority(props: Props) -> Json:
    return {"priority": props["priority"]} if props.get("priority") is not None else {}


def _told_priority(step: Json, prior: Props) -> int:
    """Where the step stands, if that was asked for; steps that come by import have no such wish yet."""
    asked = prior.get("priority") or "requirement" not in prior
    return int(step.get("priority") or 0) if asked else 0


_USUAL = {
    "browserFlow": "browser",
    "registrationFlow": "registration",
    "directGrantFlow": "direct grant",
    "resetCredentialsFlow": "reset credentials",
    "clientAuthenticationFlow": "clients",
    "dockerAuthenticationFlow": "docker auth",
    "firstBrokerLoginFlow": "first broker login",
}
