"""What the documents say is there: every link leads somewhere, every setting is listed."""

import re
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

from andon.alerting.settings import AlertingSettings
from andon.cli.settings import UpSettings
from andon.common.settings import InfluxSettings, NatsSettings, ProxySettings
from andon.ingest.settings import IngestSettings
from andon.query.settings import QuerySettings
from andon.registry.settings import RegistrySettings

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\]\((?!https?://)([^)#]+)(?:#[^)]*)?\)")
STORY = re.compile(r"\[`(test_\w+)`\]\(([^)#]+)\)")
EVERY_SERVICE_HAS = {"host", "port"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    missing = [target for target in LINK.findall(page.read_text()) if not (page.parent / target).exists()]
    assert not missing


def test_every_story_a_page_names_is_told() -> None:
    told = [(page, name, target) for page in PAGES for name, target in STORY.findall(page.read_text())]
    assert len(told) > 30, "the pattern here, or the page on what happens to a reading, has changed"
    missing = [name for page, name, target in told if f"def {name}(" not in (page.parent / target).read_text()]
    assert not missing


@pytest.mark.parametrize(
    "settings",
    [
        UpSettings,
        NatsSettings,
        InfluxSettings,
        ProxySettings,
        IngestSettings,
        RegistrySettings,
        QuerySettings,
        AlertingSettings,
    ],
)
def test_every_setting_is_listed(settings: type[BaseSettings]) -> None:
    prefix = str(settings.model_config["env_prefix"])
    left_out = set() if settings is UpSettings else EVERY_SERVICE_HAS
    page = (ROOT / "docs/how-to/configure.md").read_text()
    missing = [
        name
        for field in settings.model_fields.keys() - left_out
        if f"`{(name := f'{prefix}{field}'.upper())}`" not in page
    ]
    assert not missing
