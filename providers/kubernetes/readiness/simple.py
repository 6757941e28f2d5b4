"""Kinds whose readiness is one look at the object itself."""

from __future__ import annotations

from providers.kubernetes.readiness.feed import Object
from providers.kubernetes.readiness.verdict import READY, Alone, Verdict, View, condition, holds, waiting


class DefinitionRule(Alone):
    """A custom resource definition is ready when the server serves its kinds."""

    timeout = 60.0

    def judge(self, obj: Object, view: View) -> Verdict:
        """Established; refused names are the end."""
        del view
        if holds(obj, "Established"):
            return READY
        names = condition(obj, "NamesAccepted")
        if names.get("status") == "False":
            return Verdict(failed=True, message=f"its names are taken: {names.get('message', '')}")
        return waiting("the server does not serve its kinds yet")


class QuotaRule(Alone):
    """A resource quota is ready when it is counted."""

    timeout = 60.0

    def judge(self, obj: Object, view: View) -> Verdict:
        """The status repeats the limits."""
        del view
        wanted, known = obj["spec"].get("hard") or {}, (obj.get("status") or {}).get("hard") or {}
        return READY if wanted.keys() <= known.keys() else waiting("not counted yet")


class TokenSecretRule(Alone):
    """A service account's token is ready when it was written into the Secret."""

    timeout = 60.0

    def judge(self, obj: Object, view: View) -> Verdict:
        """The token is there."""
        del view
        return READY if (obj.get("data") or {}).get("token") else waiting("the token is not written yet")
