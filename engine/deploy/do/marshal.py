"""What a provider may see of values, and what must stay secret of those that it gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.provider_api import Info
from engine.values import UNKNOWN, OutputValue, Props, ResourceRef, Secret, Value
from engine.values_walk import any_value, has_secret, plain, without_outputs, without_references


def for_provider(props: Props, info: Info) -> Props:
    """The properties with only those kinds of values that the provider understands."""
    if not any_value(props, _is_special):
        return props
    seen: Any = props if info.accept_outputs else without_outputs(props)
    seen = seen if info.accept_secrets else plain(seen)
    seen = seen if info.accept_resources else without_references(seen)
    return dict(seen)


def with_secrets(outputs: Props, inputs: Props, additional: tuple[str, ...]) -> Props:
    """Outputs with everything wrapped that was secret going in, or that the program said is secret."""
    marked = {key: _annotated(value, inputs.get(key)) for key, value in outputs.items()}
    for key in additional:
        # An id can't be secret: it is part of how providers are called.
        if key in marked and key != "id" and not isinstance(marked[key], Secret):
            marked[key] = Secret(plain(marked[key]))
    return marked


def _annotated(output: Value, source: Value) -> Value:
    if source is None or isinstance(output, Secret) or not has_secret(source):
        return output
    if isinstance(source, Secret) or (isinstance(source, OutputValue) and source.secret):
        return Secret(plain(output))
    if isinstance(output, Mapping) and isinstance(source, Mapping):
        return {key: _annotated(item, source.get(key)) for key, item in output.items()}
    if isinstance(output, list) and isinstance(source, list) and len(output) == len(source):
        return [_annotated(item, other) for item, other in zip(output, source, strict=True)]
    # The shapes differ, so that nobody can tell which part came from the secret.
    return Secret(plain(output))


def _is_special(value: Value) -> bool:
    return isinstance(value, (Secret, OutputValue, ResourceRef)) or value is UNKNOWN
