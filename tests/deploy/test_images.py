"""The recipe of the images makes what the chart and compose run, of one base, for a user without rights."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from deploy.docker import pin, references

from .manifests import CHART, of_kind

ROOT = Path(__file__).parents[2]
RECIPE = ROOT / "deploy/docker/Dockerfile"
BAKE = ROOT / "docker-bake.hcl"
OURS = {"andon", "andon-ingest", "andon-registry", "andon-query", "andon-alerting"}
Stage = list[tuple[str, str]]


def stages() -> dict[str, Stage]:
    """Stage -> its instructions with their arguments, lines that go on joined; "" is what stands before the first."""
    text = re.sub(r"\\\n\s*", " ", re.sub(r"(?m)^#.*\n", "", RECIPE.read_text()))
    found: dict[str, Stage] = {"": []}
    name = ""
    for line in filter(str.strip, text.splitlines()):
        word, _, rest = line.partition(" ")
        if word == "FROM":
            name = rest.rsplit(" AS ", 1)[1]
            found[name] = []
        found[name].append((word, rest))
    return found


def given(stage: Stage, word: str) -> list[str]:
    return [rest for one, rest in stage if one == word]


def test_there_is_one_base_and_it_is_named_once() -> None:
    found = stages()
    assert [word for word, _ in found.pop("")] == ["ARG"]
    assert len(references.BASE.findall(RECIPE.read_text())) == 1
    for name, stage in found.items():
        source = given(stage, "FROM")[0].removeprefix("--platform=$BUILDPLATFORM ").split(" ")[0]
        assert source == "${BASE}" or source in found, f"{name} is of {source}"
        for copied in given(stage, "COPY"):
            if copied.startswith("--from="):
                assert copied.removeprefix("--from=").split(" ")[0] in found


@pytest.mark.parametrize("name", ["service", "andon", "one"])
def test_an_image_runs_as_a_user_that_kubernetes_can_see_to_be_none_of_roots(name: str) -> None:
    stage = stages()[name]
    assert given(stage, "USER") == ["10001:10001"]
    after = [word for word, _ in stage][[word for word, _ in stage].index("USER") :]
    assert not {"RUN", "COPY"} & set(after)


def test_nothing_is_fetched_by_an_address_and_nothing_secret_is_baked_in() -> None:
    for stage in stages().values():
        assert not given(stage, "ADD")
        for rest in [*given(stage, "ENV"), *given(stage, "ARG"), *given(stage, "RUN")]:
            assert not re.search(r"https?://|password|secret|token|PIP_INDEX|NPM_CONFIG", rest, re.IGNORECASE), rest


def test_packages_are_those_of_the_lock_compiled_and_not_editable() -> None:
    stage = stages()["packages"]
    settings = " ".join(given(stage, "ENV"))
    for setting in ("UV_FROZEN=1", "UV_NO_EDITABLE=1", "UV_COMPILE_BYTECODE=1", "UV_NO_DEFAULT_GROUPS=1"):
        assert setting in settings
    sync = next(rest for rest in given(stage, "RUN") if "uv sync" in rest)
    assert "--package andon-common --extra otel" in sync


def test_all_that_the_recipe_copies_gets_past_dockerignore() -> None:
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    for stage in stages().values():
        for copied in given(stage, "COPY"):
            for source in copied.split(" ")[:-1] if not copied.startswith("--from=") else []:
                assert any(source == one or source.startswith(f"{one}/") for one in kept), source
                assert (ROOT / source).exists(), source


def test_every_image_of_ours_that_the_chart_runs_is_baked_for_both_architectures() -> None:
    text = BAKE.read_text()
    baked = set(re.findall(r'"(andon[\w-]*)"', text))
    images = {value["image"]["repository"] for value in _sections() if not value["image"]["tag"]}
    assert images == OURS
    assert images <= baked
    assert baked - images == {"andon-simulator", "andon-one"}
    assert 'platforms  = ["linux/amd64", "linux/arm64"]' in text
    assert '"type=sbom"' in text
    targets = set(re.findall(r'(?m)^  target +?= "(\w+)"', text))
    assert targets == {"service", "andon", "one"} <= set(stages())


def test_all_speak_of_one_version() -> None:
    version = tomllib.loads((ROOT / "cli/pyproject.toml").read_text())["project"]["version"]
    assert f'default = "{version}"' in BAKE.read_text()
    assert f"VERSION={version}" in given(stages()["runtime"], "ARG")
    assert yaml.safe_load((CHART / "Chart.yaml").read_text())["appVersion"] == version


def test_what_the_chart_starts_is_in_the_image_it_starts() -> None:
    started = set()
    for pod in of_kind("default", "Deployment", "StatefulSet"):
        for one in pod["spec"]["template"]["spec"]["containers"]:
            image = one["image"].split(":")[0]
            if image not in OURS:
                continue
            started.add(image)
            if one["command"][0] == "python":
                member = image.removeprefix("andon-")
                module = one["command"][2].split(".")[1:]
                assert module[0] == member, f"{one['command']} in {image}"
                assert (ROOT / "services" / member / "src/andon" / Path(*module) / "__main__.py").exists()
            else:
                assert one["command"][0] == image == "andon"
    assert started == OURS


def test_services_start_by_a_name_that_each_of_them_has() -> None:
    """The image starts `python -m andon.<service>`."""
    services = re.findall(r"andon-(\w+)", RECIPE.read_text().partition("\n\n")[0])
    assert {f"andon-{one}" for one in services} == OURS - {"andon"} | {"andon-simulator"}
    for service in services:
        member = ROOT / ("simulator" if service == "simulator" else f"services/{service}")
        assert (member / "src/andon" / service / "__main__.py").exists()


def test_no_image_is_named_without_a_version_and_each_of_others_can_be_pinned() -> None:
    for name, pattern in pin.PLACES.items():
        if pattern is not references.SERVICE:
            continue
        text = (ROOT / name).read_text()
        images = [one["image"] for one in yaml.safe_load(text)["services"].values() if "image" in one]
        assert all(":" in one and not one.endswith(":latest") for one in images)
        found = {f"{one['name']}:{one['tag']}" for one in pattern.finditer(text)}
        others = {one.split("@")[0] for one in images if not references.OURS.fullmatch(one.split(":")[0])}
        assert others
        assert others <= found, "stands in another way than `image: name:tag`"


def _sections() -> list[dict[str, dict[str, str]]]:
    values = yaml.safe_load((CHART / "values.yaml").read_text())
    return [one for one in values.values() if isinstance(one, dict) and "image" in one]
