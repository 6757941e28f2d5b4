"""Events, user profile, client policies, required actions, texts and workflows of a realm."""

from __future__ import annotations

from collections.abc import Mapping

from providers.keycloak.field import table
from providers.keycloak.kind import Kind
from providers.keycloak.kinds.part import Listed, Localization, Part, RequiredAction, UserProfile, Workflow

_EVENTS = """
    realmId @- required new
    adminEventsDetailsEnabled bool
    adminEventsEnabled bool
    enabledEventTypes set computed
    eventsEnabled bool
    eventsExpiration int
    eventsListeners set computed
"""
_PROFILE = """
    realmId @- required new
    attributes objects
        name required
        displayName
        defaultValue
        multiValued @multivalued bool = false
        group
        enabledWhenScopes @selector/scopes set
        requiredForRoles @required/roles set
        requiredForScopes @required/scopes set
        permissions object
            views @view set required
            edits @edit set required
        validators objectset
            name required
            config map jsons
        annotations map jsons
    groups objectset
        name required
        displayHeader
        displayDescription
        annotations map jsons
    unmanagedAttributePolicy :DISABLED|ENABLED|ADMIN_VIEW|ADMIN_EDIT = "DISABLED"
"""
_PROFILES = """
    name required new
    realmId @- required new
    description
    executors objects
        name @executor required
        configuration map jsons
"""
_POLICIES = """
    name required new
    realmId @- required new
    description
    enabled bool = true
    conditions objects
        name @condition required
        configuration map jsons
    profiles set required new
"""
_ACTION = """
    realmId @- required new
    alias required new
    name computed
    enabled bool
    defaultAction bool
    priority int computed
    config map
"""
_WORKFLOW = """
    realm @- required new
    name required
    on required
    enabled bool = true
    conditions @if
    cancelInProgress @concurrency/cancel-in-progress
    restartInProgress @concurrency/restart-in-progress
    schedule object
        after
        batchSize @batch-size int
    states @- output objects
        errors list
    steps objects required
        uses required
        after
        priority
        config @with map
        scheduledAt int output
        status output
"""
_BLANK_EVENTS = {
    "adminEventsDetailsEnabled": False,
    "adminEventsEnabled": False,
    "eventsEnabled": False,
    "eventsExpiration": 0,
    "eventsListeners": ["jboss-logging"],
    "enabledEventTypes": [],
}
_BLANK_PROFILE = {"attributes": [{"name": "username"}, {"name": "email"}], "groups": []}

KINDS: Mapping[str, Kind] = {
    "index/realmEvents:RealmEvents": Part(
        fields=table(_EVENTS),
        imports=("realmId",),
        collection="realms/{realmId}/events/config",
        blank=_BLANK_EVENTS,
    ),
    "index/realmUserProfile:RealmUserProfile": UserProfile(
        fields=table(_PROFILE),
        imports=("realmId",),
        collection="realms/{realmId}/users/profile",
        blank=_BLANK_PROFILE,
    ),
    "index/realmClientPolicyProfile:RealmClientPolicyProfile": Listed(
        fields=table(_PROFILES),
        imports=("realmId", "name"),
        collection="realms/{realmId}/client-policies/profiles",
        key="profiles",
        identity="{realmId}/realm-client-policy-profiles/{name}",
    ),
    "index/realmClientPolicyProfilePolicy:RealmClientPolicyProfilePolicy": Listed(
        fields=table(_POLICIES),
        imports=("realmId", "name"),
        collection="realms/{realmId}/client-policies/policies",
        key="policies",
        identity="{realmId}/realm-client-policy-profile-policies/{name}",
    ),
    "index/requiredAction:RequiredAction": RequiredAction(fields=table(_ACTION), imports=("realmId", "alias")),
    "index/realmLocalization:RealmLocalization": Localization(
        fields=table("    realmId @- required new\n    locale @- required new\n    texts @- map\n"),
        imports=("realmId", "locale"),
    ),
    "index/workflow:Workflow": Workflow(fields=table(_WORKFLOW), imports=("realm", "id")),
}
