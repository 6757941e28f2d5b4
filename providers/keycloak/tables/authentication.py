"""Authentication flows, their steps and settings, and what a realm uses them for."""

from __future__ import annotations

from collections.abc import Mapping

from providers.keycloak.field import table
from providers.keycloak.kind import Kind
from providers.keycloak.kinds.flow import Bindings, Execution, ExecutionConfig, Flow, Subflow

_REQUIREMENT = """
    requirement :REQUIRED|ALTERNATIVE|OPTIONAL|CONDITIONAL|DISABLED = "DISABLED"
    priority int
"""

KINDS: Mapping[str, Kind] = {
    "authentication/flow:Flow": Flow(
        fields=table(
            """
    realmId @- required new
    alias required
    providerId :basic-flow|client-flow = "basic-flow"
    description kept
    copyFrom @- new
"""
        ),
        imports=("realmId", "id"),
        constants={"topLevel": True, "builtIn": False},
    ),
    "authentication/subflow:Subflow": Subflow(
        fields=table(
            """
    realmId @- required new
    parentFlowAlias @- required new
    alias required
    providerId :basic-flow|form-flow|client-flow = "basic-flow"
    description
    authenticator @- new
"""
            + _REQUIREMENT
        ),
        imports=("realmId", "parentFlowAlias", "id"),
    ),
    "authentication/execution:Execution": Execution(
        fields=table(
            """
    realmId @- required new
    parentFlowAlias @- required new
    authenticator required new
"""
            + _REQUIREMENT
        ),
        imports=("realmId", "parentFlowAlias", "id"),
    ),
    "authentication/executionConfig:ExecutionConfig": ExecutionConfig(
        fields=table(
            """
    realmId @- required new
    executionId @- required new
    alias required new
    config map required
"""
        ),
        imports=("realmId", "executionId", "id"),
    ),
    "authentication/bindings:Bindings": Bindings(
        fields=table(
            """
    realmId @- required new
    browserFlow computed
    registrationFlow computed
    directGrantFlow computed
    resetCredentialsFlow computed
    clientAuthenticationFlow computed
    dockerAuthenticationFlow computed
    firstBrokerLoginFlow computed
"""
        ),
        imports=("realmId",),
    ),
}
