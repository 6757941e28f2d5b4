"""The App component registers what the app is made of, bindings included, and keeps secrets out of sight."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

from components import binding
from components.instance_spec import BindingSpec
from components.programs import app_program
from tests.components.conftest import is_secret, opened
from tests.components.test_app_spec import SPEC
from tests.components.test_vcap import INSTANCE

BOUND = BindingSpec.of(INSTANCE, app="web")
BINDING_SECRET = {
    "metadata": binding.metadata(BOUND),
    "data": {"uri": base64.b64encode(b"postgresql://u:p@h/d").decode()},
}


def test_an_app_without_bindings_is_a_deployment_a_service_and_its_routes(run) -> None:
    made = run(app_program(replace(SPEC, bindings=())))
    kinds = sorted(item.typ for item in made.resources if item.typ.startswith("kubernetes:"))
    assert kinds == [
        "kubernetes:apps/v1:Deployment",
        "kubernetes:core/v1:Service",
        "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute",
    ]


def test_every_child_belongs_to_the_component(run) -> None:
    made = run(app_program(SPEC), reads={"mf-default-dev/web-my-db-binding": BINDING_SECRET})
    parents = {name: parent for name, parent in made.parents.items() if name.startswith("kubernetes:")}
    assert parents and all("microfoundry:index:App::web" in parent for parent in parents.values())


def test_bindings_give_a_secret_with_what_their_secrets_hold(run) -> None:
    made = run(app_program(SPEC), reads={"mf-default-dev/web-my-db-binding": BINDING_SECRET})
    secret = made.one("core/v1:Secret")
    assert secret["metadata"]["name"] == "web-services"
    assert not is_secret(made.one("Deployment")["spec"]), "a digest that hides the whole Deployment helps nobody"
    told = {key: base64.b64decode(value).decode() for key, value in opened(secret["data"]).items()}
    assert told["DATABASE_URL"] == "postgresql://u:p@h/d"
    assert json.loads(told["VCAP_SERVICES"])["postgresql"][0]["credentials"] == {"uri": "postgresql://u:p@h/d"}


def test_other_credentials_roll_the_app(run) -> None:
    def template(uri: bytes) -> object:
        state = {**BINDING_SECRET, "data": {"uri": base64.b64encode(uri).decode()}}
        made = run(app_program(SPEC), reads={"mf-default-dev/web-my-db-binding": state})
        return made.one("Deployment")["spec"]["template"]["metadata"]["annotations"]

    assert template(b"postgresql://a") != template(b"postgresql://b")
    assert template(b"postgresql://a") == template(b"postgresql://a")


def test_route_objects_tell_their_address(run) -> None:
    route = run(app_program(replace(SPEC, bindings=()))).one("HTTPRoute")
    assert route["metadata"]["annotations"] == {"microfoundry.dev/route": "web.dev.apps.localhost/"}
    assert route["metadata"]["name"] == SPEC.routes[0].object_name("web")
