"""The resource types of pulumi_random: each says what it needs and how its value comes about."""

from __future__ import annotations

import base64
import binascii
import random
import secrets
import time
import uuid
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.provider_api import (
    CheckFailure,
    CheckReply,
    CheckRequest,
    CreateReply,
    CreateRequest,
    ReadReply,
    ReadRequest,
)
from engine.values import UNKNOWN, Props
from providers.base import ResourceType
from providers.errors import BadInput
from providers.plain import is_unknown
from providers.random import text, words


class RandomType(ResourceType):
    """Drawn once and kept: any change of inputs draws anew in a new resource."""

    replaced_by = None
    drawn: tuple[str, ...] = ("result",)
    defaults: Mapping[str, Any] = {}

    def create(self, request: CreateRequest) -> CreateReply:
        """Draw the value; unknown in a preview, as it is drawn at the update only."""
        inputs = {**self.defaults, **request.inputs}
        if request.preview:
            return CreateReply(id="", outputs={**inputs, **dict.fromkeys(self.drawn, UNKNOWN)})
        identity, values = self.draw(inputs)
        return CreateReply(id=identity, outputs={**inputs, **values})

    def read(self, request: ReadRequest) -> ReadReply:
        """What is in state; on import, what the id tells."""
        if request.outputs:
            return super().read(request)
        try:
            identity, inputs, outputs = self.adopt(request.id)
        except (ValueError, binascii.Error) as exc:
            raise BadInput(f"{request.type} cannot be imported by that id: {exc}") from exc
        return ReadReply(id=identity, inputs=inputs, outputs={**self.defaults, **inputs, **outputs})

    @abstractmethod
    def draw(self, inputs: Mapping[str, Any]) -> tuple[str, Props]:
        """The id and the drawn outputs."""

    def adopt(self, identity: str) -> tuple[str, Props, Props]:
        """Id, inputs and outputs of an existing value; ValueError when the id does not tell them."""
        raise ValueError(f"'{identity[:4]}…' does not tell how it was drawn; declare it without import")


class RandomString(RandomType):
    """RandomString: the text itself is the id."""

    required = ("length",)
    defaults = text.DEFAULTS

    def create(self, request: CreateRequest) -> CreateReply:
        """`number` is the old name of `numeric`; outputs have both."""
        made = super().create(replace(request, inputs=text.renamed(request.inputs)))
        return replace(made, outputs={**made.outputs, "number": made.outputs["numeric"]})

    def check(self, request: CheckRequest) -> CheckReply:
        """The lengths must be possible."""
        reply = super().check(request)
        if reply.failures or is_unknown(dict(request.news)):
            return reply
        return CheckReply(inputs=reply.inputs, failures=text.failures(text.renamed(request.news)))

    def draw(self, inputs: Mapping[str, Any]) -> tuple[str, Props]:
        """A text under the rules."""
        result = text.draw(int(inputs["length"]), text.groups(inputs))
        return result, {"result": result}

    def adopt(self, identity: str) -> tuple[str, Props, Props]:
        """The id is the text."""
        return identity, {"length": len(identity)}, {"result": identity}


class RandomPassword(RandomString):
    """RandomPassword: as RandomString, but never shown; its id says nothing."""

    drawn = ("result", "bcryptHash")

    def draw(self, inputs: Mapping[str, Any]) -> tuple[str, Props]:
        """A text under the rules, and its bcrypt hash."""
        _, outputs = super().draw(inputs)
        return "none", {**outputs, "bcryptHash": _bcrypt(outputs["result"])}

    def adopt(self, identity: str) -> tuple[str, Props, Props]:
        """The password itself is given as the id, and is not kept as such."""
        _, inputs, outputs = super().adopt(identity)
        return "none", inputs, {**outputs, "bcryptHash": _bcrypt(identity)}


def _bcrypt(password: str) -> str:
    import bcrypt

    # bcrypt looks at 72 bytes only, and newer versions of the library refuse more instead of ignoring it.
    return bcrypt.hashpw(password.encode()[:72], bcrypt.gensalt(10)).decode()


class RandomId(RandomType):
    """RandomId: random bytes in several spellings."""

    required = ("byteLength",)
    drawn = ("b64Std", "b64Url", "dec", "hex")

    def draw(self, inputs: Mapping[str, Any]) -> tuple[str, Props]:
        """Random bytes."""
        return _spelled(secrets.token_bytes(int(inputs["byteLength"])), inputs.get("prefix") or "")

    def adopt(self, identity: str) -> tuple[str, Props, Props]:
        """`[prefix,]base64url`."""
        prefix, _, encoded = identity.rpartition(",")
        raw = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
        made, outputs = _spelled(raw, prefix)
        return made, {"byteLength": len(raw), **({"prefix": prefix} if prefix else {})}, outputs


def _spelled(raw: bytes, prefix: str) -> tuple[str, Props]:
    url = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    spellings = {
        "b64Std": base64.b64encode(raw).decode(),
        "b64Url": url,
        "hex": raw.hex(),
        "dec": str(int.from_bytes(raw, "big")),
    }
    return url, {key: prefix + value for key, value in spellings.items()}


class RandomBytes(RandomType):
    """RandomBytes: random bytes that stay secret."""

    required = ("length",)
    drawn = ("base64", "hex")

    def draw(self, inputs: Mapping[str, Any]) -> tuple[str, Props]:
        """Random bytes."""
        raw = secrets.token_bytes(int(inputs["length"]))
        return "none", {"base64": base64.b64encode(raw).decode(), "hex": raw.hex()}

    def adopt(self, identity: str) -> tuple[str, Props, Props]:
        """The bytes in base64, which are not kept as the id."""
        raw = base64.b64decode(identity, validate=True)
        return "none", {"length": len(raw)}, {"base64": identity, "hex": raw.hex()}


class RandomInteger(RandomType):
    """RandomInteger: a number between min and max, both included."""

    required = ("min", "max")

    def check(self, request: CheckRequest) -> CheckReply:
        """There must be a number between them."""
        reply = super().check(request)
        low, high = request.news.get("min"), request.news.get("max")
        if isinstance(low, int) and isinstance(high, int) and low > high:
            return CheckReply(inputs=reply.inputs, failures=[CheckFailure("min", f"min {low} is above max {high}")])
        return reply

    def draw(self, inputs: Mapping[str, Any]) -> tuple[str, Props]:
        """A number; the same one for the same seed."""
        result = _source(inputs).randint(int(inputs["min"]), int(inputs["max"]))
        return str(result), {"result": result}

    def adopt(self, identity: str) -> tuple[str, Props, Props]:
        """`result,min,max[,seed]`."""
        result, low, high, *seed = identity.split(",")
        inputs: Props = {"min": int(low), "max": int(high), **({"seed": seed[0]} if seed else {})}
        return result, inputs, {"result": int(result)}


class RandomShuffle(RandomType):
    """RandomShuffle: a list in random order, repeated or cut to `resultCount`."""

    required = ("inputs",)
    drawn = ("results",)

    def draw(self, inputs: Mapping[str, Any]) -> tuple[str, Props]:
        """Whole shuffles one after another until there are enough."""
        items, source = list(inputs["inputs"]), _source(inputs)
        count = len(items) if inputs.get("resultCount") is None else int(inputs["resultCount"])
        results: list[Any] = []
        while items and len(results) < count:
            results += source.sample(items, len(items))
        return "-", {"results": results[:count]}


class RandomPet(RandomType):
    """RandomPet: words that people can remember."""

    drawn = ()
    defaults: Mapping[str, Any] = {"length": 2, "separator": "-"}

    def draw(self, inputs: Mapping[str, Any]) -> tuple[str, Props]:
        """Adverbs, an adjective and a pet, as many words as asked for."""
        kinds = [words.ADVERBS] * (int(inputs["length"]) - 2) + [words.ADJECTIVES, words.PETS]
        chosen = [secrets.choice(kind) for kind in kinds[-int(inputs["length"]) :]]
        return str(inputs["separator"]).join([*filter(None, [inputs.get("prefix")]), *chosen]), {}


class RandomUuid(RandomType):
    """RandomUuid and RandomUuid4: 122 random bits."""

    def draw(self, inputs: Mapping[str, Any]) -> tuple[str, Props]:
        """A new UUID; there is nothing to choose, so inputs only decide when to draw again."""
        result = str(self.new())
        return result, {**inputs, "result": result}

    def new(self) -> uuid.UUID:
        """Of version 4."""
        return uuid.uuid4()

    def adopt(self, identity: str) -> tuple[str, Props, Props]:
        """The id is the UUID."""
        result = str(uuid.UUID(identity))
        return result, {}, {"result": result}


class RandomUuid7(RandomUuid):
    """RandomUuid7: sorts by the time of its making."""

    def new(self) -> uuid.UUID:
        """48 bits of milliseconds, then version, variant and 74 random bits."""
        bits = time.time_ns() // 1_000_000 << 80 | secrets.randbits(80)
        bits = bits & ~(0xF << 76) | 7 << 76
        bits = bits & ~(0b11 << 62) | 0b10 << 62
        return uuid.UUID(int=bits)


def _source(inputs: Mapping[str, Any]) -> random.Random:
    """The system's randomness, or a repeatable one where a seed is given."""
    return random.Random(inputs["seed"]) if inputs.get("seed") else secrets.SystemRandom()
