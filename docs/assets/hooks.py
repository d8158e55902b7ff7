"""What `mkdocs.yml` cannot say: pages from the root of the repository, the decisions in order, links out of `docs/`.

The site has no repository to point at: a link to a source file becomes its name alone.
"""

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[2]
PROJECT = {"ARCHITECTURE.md": "architecture", "CONTRIBUTING.md": "contributing", "CHANGELOG.md": "changelog"}
FROM_ROOT = {name: f"project/{page}.md" for name, page in PROJECT.items()} | {"README.md": "index.md"}
"""Pages of the site that files of the root are."""
LINK = re.compile(r"(?<!!)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")
FENCED = re.compile(r"(^```.*?^```|^ {4}.*?$)", re.DOTALL | re.MULTILINE)


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """The decisions, in their order, into the navigation."""
    decisions = sorted((ROOT / "docs/explanations/decisions").glob("[0-9]*.md"))
    for entry in config.nav or []:
        if isinstance(entry, dict) and "Decisions" in entry:
            entry["Decisions"] += [f"explanations/decisions/{path.name}" for path in decisions]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """The pages that stand in the root of the repository."""
    for name, page in PROJECT.items():
        files.append(File.generated(config, f"project/{page}.md", content=(ROOT / name).read_text()))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Links as the site has them."""
    here = page.file.src_uri
    found = next((name for name, there in FROM_ROOT.items() if there == here and name != "README.md"), f"docs/{here}")
    return "".join(
        part if FENCED.fullmatch(part) else LINK.sub(lambda link: _link(link, found, here), part)
        for part in FENCED.split(markdown)
    )


def _link(link: re.Match[str], source: str, here: str) -> str:
    """One link of a file of the repository, on its page of the site."""
    text, target = link.groups()
    path, _, anchor = target.partition("#")
    if not path or "://" in path or path.startswith("mailto:"):
        return link[0]
    wanted = posixpath.normpath(posixpath.join(posixpath.dirname(source), path))
    there = wanted.removeprefix("docs/") if wanted.startswith("docs/") else FROM_ROOT.get(wanted)
    if there is None:
        return text
    if wanted == "README.md":
        there, anchor = _from_readme(anchor)
    if (ROOT / wanted).is_dir():
        there += "/README.md" if (ROOT / wanted / "README.md").exists() else "/index.md"
    way = posixpath.relpath(there, posixpath.dirname(here) or ".")
    return f"[{text}]({way}{'#' + anchor if anchor else ''})"


def _from_readme(anchor: str) -> tuple[str, str]:
    """Where the site has what a part of the README says."""
    return ("tutorials/first-alarm.md", "") if anchor == "five-minutes" else ("index.md", "")
