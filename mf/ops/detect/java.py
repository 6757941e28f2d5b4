"""Java apps built by Maven: pom.xml and a jar that can be run."""

from __future__ import annotations

from mf.ops.detect.model import AS_ROOT, PORT, USER, DetectError, Language, Recipe, Tree, shell_command
from mf.ops.detect.procfile import web_command

BASE = "microfoundry/java:17"
START = "java -XX:MaxRAMPercentage=75 $JAVA_OPTS -jar /app/app.jar"
_OTHER_TOOLS = ("build.gradle", "build.gradle.kts", "build.sbt", "build.xml")
# Shaded and Spring Boot builds leave the thin jar beside the fat one; the largest is the one that runs.
_PICK_JAR = "ls -S target/*.jar | grep -v -e /original- -e '-sources.jar' -e '-javadoc.jar' -e '-tests.jar' | head -1"


def recipe(tree: Tree) -> Recipe | None:
    """Maven's own repository is kept between builds, so that only what changed is downloaded again."""
    if "pom.xml" not in tree.names:
        _refuse_other_tools(tree)
        return None
    command = web_command(tree) or START
    lines = [
        f"FROM {BASE} AS build",
        *AS_ROOT,
        "WORKDIR /src",
        "COPY . .",
        "RUN mvn -B -ntp -DskipTests package",
        f'RUN jar="$({_PICK_JAR})" && test -n "$jar" && mkdir /out && cp "$jar" /out/app.jar '
        "&& if [ -d target/lib ]; then cp -r target/lib /out/; fi",
        f"FROM {BASE}",
        "WORKDIR /app",
        f"COPY --from=build --chown={USER}:{USER} /out/ /app/",
        f"ENV HOME=/tmp PORT={PORT}",
        f"USER {USER}",
        shell_command(command),
    ]
    return Recipe(language="java", because="pom.xml", dockerfile="\n".join(lines) + "\n", command=command)


def _refuse_other_tools(tree: Tree) -> None:
    other = next((name for name in _OTHER_TOOLS if name in tree.names), "")
    if other:
        raise DetectError(f"{other}: only Maven builds of Java are known; add a pom.xml or a Dockerfile")


LANGUAGE = Language(name="java", looks_for="pom.xml", recipe=recipe)
