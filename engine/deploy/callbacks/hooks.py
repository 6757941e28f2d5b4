"""Hooks: functions of the program that run around the steps of the resources that name them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from engine.deploy.control import Control
from engine.deploy.decide.step import Op, Step
from engine.deploy.do.done import Done
from engine.deploy.reporter import Reporter
from engine.errors import EngineError, ProgramError
from engine.provider_api import Severity
from engine.state.model import Resource
from engine.wire.callbacks import Callback, Dialer
from engine.wire.hook import Hook, Occasion, error_hook_request, hook_error, hook_request, wants_retry
from engine.wire.hook_binding import Moment
from engine.wire.monitor import MonitorClosed

_MOST_TRIES: Final = 100
_BEFORE: Final = {
    Op.CREATE: Moment.BEFORE_CREATE,
    Op.CREATE_REPLACEMENT: Moment.BEFORE_CREATE,
    Op.UPDATE: Moment.BEFORE_UPDATE,
    Op.DELETE: Moment.BEFORE_DELETE,
    Op.DELETE_REPLACED: Moment.BEFORE_DELETE,
}
_AFTER: Final = {
    Moment.BEFORE_CREATE: Moment.AFTER_CREATE,
    Moment.BEFORE_UPDATE: Moment.AFTER_UPDATE,
    Moment.BEFORE_DELETE: Moment.AFTER_DELETE,
}
_OPERATION: Final = {
    Moment.BEFORE_CREATE: "create",
    Moment.BEFORE_UPDATE: "update",
    Moment.BEFORE_DELETE: "delete",
}


class Hooks:
    """The hooks that the program has registered."""

    def __init__(self, dialer: Dialer, control: Control, reporter: Reporter, *, preview: bool) -> None:
        self._dialer = dialer
        self._control = control
        self._reporter = reporter
        self._preview = preview
        self._known: dict[str, Hook] = {}
        self._components: dict[str, Step] = {}

    def add(self, hook: Hook) -> None:
        """Resources may name this one from now on."""
        if not hook.name:
            raise EngineError("resource hook name cannot be empty")
        if hook.name in self._known:
            raise EngineError(f'resource hook already registered for name "{hook.name}"')
        self._known[hook.name] = hook

    async def before(self, step: Step) -> None:
        """Run what comes before a step; raises what stops it."""
        if not step.resource.hooks or step.op not in _BEFORE:
            return
        await self._run(_BEFORE[step.op], step)
        if not step.resource.custom and step.op not in (Op.DELETE, Op.DELETE_REPLACED):
            self._components[step.resource.urn] = step

    async def after(self, step: Step) -> None:
        """Run what comes after a step; the step is done, so that a failure here is only noted."""
        if not step.resource.hooks or step.op not in _BEFORE:
            return
        try:
            await self._run(_AFTER[_BEFORE[step.op]], step)
        except MonitorClosed:
            raise
        except EngineError as error:
            self._control.note_failure()
            self._reporter.error(error, urn=step.resource.urn)

    async def component_is_done(self, component: Resource) -> None:
        """A component told its outputs: what comes after its creation or its update runs now."""
        step = self._components.pop(component.urn, None)
        if step is not None:
            await self.after(Step(op=step.op, old=step.old, new=component))

    async def attempt(self, step: Step, work: Callable[[], Awaitable[Done]]) -> Done:
        """Do the step's work, again and again as long as an error hook asks for it."""
        errors: list[str] = []
        while True:
            done: Done | None = None
            try:
                done = await work()
                failure = done.error
            except MonitorClosed:
                raise
            except EngineError as error:
                failure = error
            if failure is None or not await self._wants_retry(step, [failure.message, *errors]):
                break
            errors.insert(0, failure.message)
        if failure is not None and len(errors) == _MOST_TRIES - 1:
            failure = EngineError("maximum number of error hook retries reached")
        if done is None:
            assert failure is not None
            raise failure
        return Done(state=done.state, error=failure)

    async def _wants_retry(self, step: Step, errors: list[str]) -> bool:
        names = step.resource.hooks.get(Moment.ON_ERROR, ())
        if not names or step.op not in _BEFORE:
            return False
        operation, urn = _OPERATION[_BEFORE[step.op]], step.resource.urn
        if len(errors) == _MOST_TRIES:
            self._warn(f"maximum number of error hook retries ({_MOST_TRIES}) reached", urn)
            return False
        replies = [await self._ask(name, step, operation, errors) for name in names]
        if any(replies):
            self._warn(f"retrying {operation} due to on-error hook request ({len(errors)}/{_MOST_TRIES})", urn)
        return any(replies)

    async def _ask(self, name: str, step: Step, operation: str, errors: list[str]) -> bool:
        hook = self._find(name, on_error=True)
        try:
            return wants_retry(await self._call(hook.function, error_hook_request(_occasion(step), operation, errors)))
        except ProgramError as error:
            raise ProgramError(f'error hooks execution failed: error hook "{name}" failed: {error.message}') from error

    async def _run(self, moment: Moment, step: Step) -> None:
        for name in step.resource.hooks.get(moment, ()):
            hook = self._find(name, on_error=False)
            if self._preview and not hook.on_dry_run:
                continue
            error = await self._error_of(hook, _occasion(step, done=moment in _AFTER.values()))
            if error and hook.ignore_errors:
                self._warn(f'{moment} hook "{name}" failed: {error}', step.resource.urn)
            elif error:
                raise ProgramError(
                    f'{"after" if moment in _AFTER.values() else "before"} hook "{name}" failed: {error}'
                )

    async def _error_of(self, hook: Hook, occasion: Occasion) -> str:
        try:
            return hook_error(await self._call(hook.function, hook_request(occasion)))
        except ProgramError as error:
            return error.message

    async def _call(self, function: Callback, request: bytes) -> bytes:
        return await self._control.wait(self._dialer.call(function, request))

    def _find(self, name: str, *, on_error: bool) -> Hook:
        hook = self._known.get(name)
        if hook is None or hook.on_error is not on_error:
            raise EngineError(f'{"error hook" if on_error else "hook"} "{name}" was not registered')
        return hook

    def _warn(self, message: str, urn: str) -> None:
        self._reporter.log(Severity.WARNING, message, urn=urn)


def _occasion(step: Step, *, done: bool = False) -> Occasion:
    if step.op in (Op.CREATE, Op.CREATE_REPLACEMENT):
        return Occasion(old=None, new=step.new, done=done)
    return Occasion(old=step.old, new=step.new, done=done)
