"""A stack's settings: outside text, checked once, with one clear line per wrong key."""

from __future__ import annotations

import json
from typing import Any, TypeVar

import pulumi
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from stacks.errors import BadSettings


class Settings(BaseModel):
    """Base of every kind's settings; keys are camelCase in YAML."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel)


Model = TypeVar("Model", bound=Settings)


def read(model: type[Model], config: pulumi.Config) -> Model:
    """The stack's settings as `model`; raises BadSettings naming each wrong key and what would be right."""
    try:
        return model.model_validate(_own_values(config))
    except ValidationError as exc:
        raise BadSettings("\n".join(_line(model, error) for error in exc.errors())) from exc


def _own_values(config: pulumi.Config) -> dict[str, Any]:
    prefix = f"{config.name}:"
    raw = {
        key.removeprefix(prefix): text
        for key, text in pulumi.runtime.config.CONFIG.get().items()
        if key.startswith(prefix)
    }
    return {key: _parsed(text) for key, text in raw.items() if key != "kind"}


def _parsed(text: str) -> Any:
    """Objects and lists arrive as JSON text; anything else is taken as it is."""
    return json.loads(text) if text[:1] in ("{", "[") else text


def _line(model: type[Settings], error: Any) -> str:
    key = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        known = ", ".join(field.alias or name for name, field in model.model_fields.items())
        return f"microfoundry:{key} is not a setting; known are: {known}"
    return f"microfoundry:{key}: {error['msg']} (it is {error['input']!r})"
