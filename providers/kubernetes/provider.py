"""The provider itself: which call goes where."""

from __future__ import annotations

import threading

from engine.component_api import CallReply, CallRequest, ConstructReply, ConstructRequest
from engine.kube.errors import Unreachable
from engine.provider_api import (
    CheckReply,
    CheckRequest,
    CreateReply,
    CreateRequest,
    DeleteRequest,
    DiffReply,
    DiffRequest,
    Host,
    Info,
    InvokeReply,
    InvokeRequest,
    ReadReply,
    ReadRequest,
    Severity,
    UpdateReply,
    UpdateRequest,
)
from engine.values import Props
from providers.kubernetes import (
    apply,
    check,
    check_config,
    delete,
    diff,
    diff_config,
    preview,
    read,
    settings,
)
from providers.kubernetes.context import Context
from providers.kubernetes.errors import KubernetesProviderError, RefusedType

_INFO = Info(name="kubernetes", version="4.34.2")


class KubernetesProvider:
    """Serves the `kubernetes` package; calls may come from several threads."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._stop = threading.Event()
        self._context: Context | None = None
        self._lock = threading.Lock()
        self._answers: bool | None = None

    @property
    def info(self) -> Info:
        """Takes secrets and previews."""
        return _INFO

    def check_config(self, request: CheckRequest) -> CheckReply:
        """Settings that this provider does not follow are refused by name."""
        return CheckReply(inputs=request.news, failures=check_config.failures(request, self._host.environment))

    def diff_config(self, request: DiffRequest) -> DiffReply:
        """Another cluster replaces everything in it."""
        return diff_config.diff_config(request, self._host.environment)

    def configure(self, inputs: Props) -> None:
        """Read the kubeconfig; the cluster is asked when it is first needed."""
        self._context = Context(settings.settings(inputs, self._host.environment), self._host, self._stop)

    def check(self, request: CheckRequest) -> CheckReply:
        """Inputs made complete; the old ones where the cluster is gone and that is to be passed over."""
        context = self._configured()
        if context.settings.skip_unreachable and not self._reachable():
            text = "Cluster is unreachable but skipUpdateUnreachable flag is set to true, skipping..."
            context.host.log(Severity.WARNING, text, urn=request.urn)
            return CheckReply(inputs=request.olds if request.olds is not None else request.news)
        return check.check(context.settings, request)

    def diff(self, request: DiffRequest) -> DiffReply:
        """What an update would change."""
        return diff.diff(self._configured().settings, request)

    def create(self, request: CreateRequest) -> CreateReply:
        """Make an object and wait until it is ready."""
        context = self._configured()
        if context.settings.render_to:
            from providers.kubernetes import render  # late: few write files, and a YAML writer is slow to load

            return render.create(context, request)
        work = preview.create if request.preview else apply.create
        return work(context, request)

    def read(self, request: ReadRequest) -> ReadReply:
        """Look an object up."""
        context = self._configured()
        if context.settings.render_to:
            return ReadReply(id=request.id, outputs=request.outputs, inputs=request.inputs)
        return read.read(context, request)

    def update(self, request: UpdateRequest) -> UpdateReply:
        """Change an object and wait until it is ready."""
        context = self._configured()
        if context.settings.render_to:
            from providers.kubernetes import render  # late, as above

            return render.update(context, request)
        work = preview.update if request.preview else apply.update
        return work(context, request)

    def delete(self, request: DeleteRequest) -> None:
        """Remove an object and wait until it is gone."""
        context = self._configured()
        if context.settings.render_to:
            from providers.kubernetes import render  # late, as above

            render.delete(context, request)
        else:
            delete.delete(context, request)

    def invoke(self, request: InvokeRequest) -> InvokeReply:
        """YAML text, charts and kustomizations to objects."""
        from providers.kubernetes import functions  # late: few programs use it, and it loads a YAML reader

        return functions.invoke(self._configured(), request)

    def construct(self, request: ConstructRequest) -> ConstructReply:
        """Build a component out of YAML, a kustomization or a chart."""
        from providers.kubernetes import components  # late, as above

        return components.construct(self._configured(), request, _INFO.version)

    def call(self, request: CallRequest) -> CallReply:
        """No resource of the package has methods."""
        raise RefusedType(f"no resource of this provider has the method '{request.token}'")

    def cancel(self) -> None:
        """Waits end within a moment."""
        self._stop.set()

    def close(self) -> None:
        """Let go of connections."""
        self._stop.set()
        if self._context is not None:
            self._context.kube.close()

    def _reachable(self) -> bool:
        """Whether the cluster answers; asked once."""
        with self._lock:
            if self._answers is None:
                try:
                    self._answers = bool(self._configured().kube.server_version())
                except Unreachable:
                    self._answers = False
            return self._answers

    def _configured(self) -> Context:
        if self._context is None:
            raise KubernetesProviderError("provider kubernetes is not configured yet")
        return self._context
