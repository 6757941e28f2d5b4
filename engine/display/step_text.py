"""A step in full: `+ type: (create)`, its URN and provider, and what of its properties changes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from engine.deploy.decide.step import Op, Step
from engine.display import colour
from engine.display.detailed import translate
from engine.display.difference import between_maps
from engine.display.look import Look
from engine.display.printer import Printer
from engine.display.words import words
from engine.urn import name_of, split_provider_reference

_KEPT: Final = (Op.CREATE, Op.DELETE, Op.DELETE_REPLACED, Op.DISCARD, Op.DISCARD_REPLACED)
"""Steps whose URN is as new, or as gone, as the rest."""

_LEAVING: Final = (Op.DELETE, Op.REPLACE, Op.CREATE_REPLACEMENT, Op.DELETE_REPLACED)


def step_text(step: Step, look: Look, *, indent: int, refresh: bool = False) -> str:
    """The whole text of a step."""
    return _summary(step, look, indent) + (
        "" if step.op is Op.SAME else _details(step, look, indent + 1, refresh=refresh)
    )


def summary_text(step: Step, look: Look, *, indent: int) -> str:
    """Its first lines alone: what, id, URN, provider."""
    return _summary(step, look, indent)


def _summary(step: Step, look: Look, indent: int) -> str:
    resource, old = step.resource, step.old
    op = step.op.value + ("[retain]" if old is not None and old.retain_on_delete and step.op in _LEAVING else "")
    name = resource.urn if look.urns else resource.type
    lines = [f"{'    ' * indent}{words(step.op).prefix()}{name}: ({op}){_lock(step)}{colour.RESET}\n"]
    plain = words(step.op.value if step.op in _KEPT else "same").colour
    margin = "    " * (indent + 1)
    facts = [f"[id={old.id}]"] if old is not None and old.id else []
    facts += [] if look.urns else [f"[urn={resource.urn}]"]
    lines += [f"{plain}{margin}{fact}{colour.RESET}\n" for fact in facts]
    return "".join([*lines, _provider(step, margin, plain)])


def _lock(step: Step) -> str:
    before, after = step.old is not None and step.old.protect, step.new is not None and step.new.protect
    if before and step.new is not None and not after:
        return " 🔓"
    return " 🔒" if before or after else ""


def _provider(step: Step, margin: str, plain: str) -> str:
    old, new = step.old, step.new
    provider = step.resource.provider
    if old is not None and new is not None and old.provider != new.provider:
        update, gone, added = (words(op).colour for op in ("update", "delete", "create"))
        change = f"{gone}{old.provider}{update} => {added}{new.provider}{update}"
        return f"{update}{margin}[provider: {change}]{colour.RESET}\n"
    if not provider or name_of(split_provider_reference(provider)[0]) == "default":
        return ""
    return f"{plain}{margin}[provider={provider}]{colour.RESET}\n"


def _details(step: Step, look: Look, indent: int, *, refresh: bool) -> str:
    printer = Printer(
        parts=[],
        indent=indent,
        op=step.op.value,
        planning=look.preview,
        shorten=not look.full_output,
        secrets=look.secrets,
    )
    old, new = step.old, step.new
    if step.detailed and old is not None:
        found = translate(step, refresh=refresh)
        if found:
            printer.as_("same", prefix=True).differences(found)
        else:
            printer.as_("same", prefix=True).map(old.inputs)
    elif old is None and new is not None:
        printer.map(new.outputs or new.inputs)
    elif new is None and old is not None:
        printer.map(old.inputs)
    elif old is not None and new is not None:
        # What an update will put out is not known yet: until then it carries what the last one did.
        by_outputs = bool(new.outputs) and (refresh or step.op is not Op.UPDATE)
        if by_outputs:
            _changes(printer, old.outputs, new.outputs, ())
        else:
            _changes(printer, old.inputs, new.inputs, step.diffs)
    return printer.text()


def _changes(printer: Printer, old: Mapping[str, object], new: Mapping[str, object], only: Collection[str]) -> None:
    found = between_maps(old, new)
    if not found:
        printer.as_("same", prefix=True).map(new)
        return
    printer.as_("same", prefix=True).differences(found, only or None)
