"""The provider itself: which call goes where."""

from __future__ import annotations

import threading
from typing import Any

import yaml

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
    render,
    settings,
)
from providers.kubernetes.context import Context
from providers.kubernetes.errors import KubernetesProviderError, RefusedType
from providers.plain import reveal

_DECODE = "kubernetes:yaml:decode"
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
            return render.create(context, request)
        work = preview.create if request.preview else apply.create
        return work(context, request)

    def read(self, request: ReadRequest) -> ReadReply:
        """Look an object up."""
        context = self._configured()
        return render.read(request) if context.settings.render_to else read.read(context, request)

    def update(self, request: UpdateRequest) -> UpdateReply:
        """Change an object and wait until it is ready."""
        context = self._configured()
        if context.settings.render_to:
            return render.update(context, request)
        work = preview.update if request.preview else apply.update
        return work(context, request)

    def delete(self, request: DeleteRequest) -> None:
        """Remove an object and wait until it is gone."""
        context = self._configured()
        work = render.delete if context.settings.render_to else delete.delete
        work(context, request)

    def invoke(self, request: InvokeRequest) -> InvokeReply:
        """YAML text to objects; charts and kustomizations are refused by name."""
        if request.token != _DECODE:
            raise RefusedType(f"the function {request.token} is not done by this provider")
        return InvokeReply(result={"result": _decoded(str(reveal(request.args).get("text") or ""))})

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


def _decoded(text: str) -> list[Any]:
    try:
        return [document for document in yaml.safe_load_all(text) if document]
    except yaml.YAMLError as exc:
        raise KubernetesProviderError(f"the text is not YAML: {exc}") from exc
