"""The images that apps are built on and services run from; apps run as user 1000 (`app`) in /app."""

from __future__ import annotations

from pathlib import Path

from baremetal.bundle.built import Built, ImageSpec
from baremetal.bundle.go_toolchain import WHEEL_VERSION
from baremetal.bundle.image import ImageConfig
from baremetal.bundle.model import Part
from baremetal.bundle.official import OfficialImages

_ENTRYPOINT = Path(__file__).parent / "files" / "postgresql-entrypoint.sh"
_APP_ENV = {"HOME": "/home/app", "LANG": "C.UTF-8", "PORT": "8080"}
_GO_PATH = "/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_GO_SERIES = ".".join(WHEEL_VERSION.split(".")[:2])
_POSTGRESQL_IMAGE = "microfoundry/postgresql:15"
_APPLETS = "sh cat chmod chown cp env find ls mkdir mv nc nslookup ping rm sed sleep stat tar test touch wget"
_BUSYBOX_IMAGE = "microfoundry/busybox:1"


def app_config(command: tuple[str, ...] = (), **env: str) -> ImageConfig:
    """How every base image for apps starts: as `app`, in its folder, with a home."""
    return ImageConfig(command=command, env={**_APP_ENV, **env}, user="1000:1000", workdir="/app")


def _language(name: str, version: str, summary: str, config: ImageConfig, *, demo: bool = False) -> Part:
    image = ImageSpec(
        reference=f"microfoundry/{name}:{version}", layers=("debian-root", f"{name}-layer"), config=config
    )
    return Part(name=name, version=version, summary=summary, demo=demo, sources=(Built(images=(image,)),))


BASE_IMAGES = (
    _language("python", "3.11", "base image with Python, pip and venv", app_config(("python3",)), demo=True),
    _language("node", "18", "base image with Node.js and npm", app_config(("node",), NODE_ENV="production")),
    _language("java", "17", "base image with a JDK and Maven", app_config(("java", "-version"))),
    Part(
        name="go",
        version=WHEEL_VERSION,
        summary="image that Go apps are compiled in; what comes out needs no base",
        sources=(
            Built(
                images=(
                    ImageSpec(
                        reference=f"microfoundry/go:{_GO_SERIES}",
                        layers=("debian-root",),
                        programs={"usr/local/go": "go-sdk"},
                        config=app_config(("go", "version"), PATH=_GO_PATH, CGO_ENABLED="0", GOTOOLCHAIN="local"),
                    ),
                )
            ),
        ),
    ),
    Part(
        name="static",
        version="1",
        summary="image that serves the files in /app",
        sources=(
            Built(
                images=(
                    ImageSpec(
                        reference="microfoundry/static:1",
                        programs={"usr/local/bin/static": "static-program"},
                        texts={"etc/passwd": "app:x:1000:1000:app:/home/app:/bin/false\n"},
                        folders={"tmp": 0, "app": 1000, "home/app": 1000},
                        config=app_config(("static",)),
                    ),
                )
            ),
        ),
    ),
    Part(
        name="postgresql",
        version="15",
        summary="image of the PostgreSQL server, running as user 999",
        demo=True,
        sources=(
            OfficialImages(images={_POSTGRESQL_IMAGE: "docker.io/library/postgres:15.15-bookworm"}),
            Built(
                images=(
                    ImageSpec(
                        reference=_POSTGRESQL_IMAGE,
                        layers=("debian-root", "postgresql-layer"),
                        texts={"usr/local/bin/docker-entrypoint.sh": _ENTRYPOINT.read_text(encoding="utf-8")},
                        config=ImageConfig(
                            entrypoint=("docker-entrypoint.sh",),
                            command=("postgres",),
                            env={
                                "PATH": "/usr/lib/postgresql/15/bin:/usr/local/bin:/usr/bin:/bin",
                                "PGDATA": "/var/lib/postgresql/data/pgdata",
                                "HOME": "/var/lib/postgresql",
                                "LANG": "C.UTF-8",
                            },
                            user="999:999",
                            workdir="/var/lib/postgresql",
                            ports=(5432,),
                        ),
                    ),
                )
            ),
        ),
    ),
    Part(
        name="busybox",
        version="1",
        summary="image with a shell and small programs, for set-up work in volumes",
        demo=True,
        sources=(
            OfficialImages(images={_BUSYBOX_IMAGE: "docker.io/library/busybox:1.37.0"}),
            Built(
                images=(
                    ImageSpec(
                        reference=_BUSYBOX_IMAGE,
                        programs={"bin/busybox": "busybox-program"},
                        folders={"tmp": 0},
                        links={f"bin/{name}": "busybox" for name in _APPLETS.split()},
                        config=ImageConfig(command=("sh",), env={"PATH": "/bin"}),
                    ),
                )
            ),
        ),
    ),
)
