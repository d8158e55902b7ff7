"""Pages: every page of the web, once. Axe, screenshots and bench go through this list; a new page is one line here.

Addresses are those of the demo in `demo.py`.
"""

from dataclasses import dataclass
from typing import Literal

from playwright.async_api import Page as Tab
from playwright.async_api import expect

from gallery.demo import LINE, OIL, PRESS

Theme = Literal["light", "dark", "contrast"]
THEMES: tuple[Theme, ...] = ("light", "dark", "contrast")


@dataclass(frozen=True)
class Page:
    """One page. `shows`: a selector of what is there once its data is; `open`: buttons pressed then, one after another.

    `later`: a selector of what comes after that, and is to be in the picture.
    `phone`: one of those that people have on their phones, and that are photographed there.
    """

    name: str
    address: str
    shows: str
    open: tuple[str, ...] = ()
    later: str = ""
    phone: bool = False
    signed_in: bool = True


SPARKLINE = "#main svg[viewBox='0 0 160 30'] path"
NEW_RULE = f"/rules?edit=new&name=Oil+warm&sensor={OIL}&above=70"
OIL_2 = OIL.replace("press-1", "press-2")

PAGES = (
    Page("login", "/login", 'role=button[name="Sign in"]', phone=True, signed_in=False),
    Page("overview", "/", SPARKLINE, phone=True),
    Page("site", "/plant/berlin", "#main a[href='/plant/berlin/pressing']", later=SPARKLINE),
    Page("line", f"/plant/{LINE}", f"#main a[href='/plant/{PRESS}']", later="role=img[name=/RUN/]", phone=True),
    Page("machine", f"/plant/{PRESS}", f"#main a[href='/plant/{OIL}']", later=SPARKLINE, phone=True),
    Page("sensor", f"/plant/{OIL}", "#main canvas", phone=True),
    Page("states", f"/plant/{PRESS}/state", "role=list[name='How long in each state']"),
    Page("trace", f"/plant/{OIL}", "#main canvas", open=("Trace…",)),
    Page("export", f"/plant/{OIL}", "#main canvas", open=("Export…",)),
    Page("alarms", "/alarms", "role=row[name=/Oil temperature/]", later="role=button[name=/Shelved ?1/]", phone=True),
    Page("acknowledge", "/alarms", "role=row[name=/Oil temperature/]", open=("Acknowledge Oil temperature",)),
    Page("shelved-alarms", "/alarms?tab=shelved", "role=row[name=/Coolant level/]"),
    Page("alarm-history", "/alarms?tab=all", "role=row[name=/Oil temperature/]"),
    Page("compare", f"/compare?sensor={OIL}&sensor={OIL_2}", "role=cell[name=/°C/]", phone=True),
    Page("enter", "/enter", "role=combobox[name=/Machine/]", phone=True),
    Page("enter-machine", f"/enter?machine={PRESS}", "role=textbox[name='Oil level']", phone=True),
    Page("labels", f"/labels?under={LINE}", "role=list[name='Labels to print']"),
    Page("tv", "/tv", "main section li"),
    Page("kpis", "/kpis", "#main table"),
    Page("rules", "/rules", "role=row[name=/Press oil hot/]"),
    Page("new-rule", NEW_RULE, "role=region[name='In plain words']", later="text=/would have raised/"),
    Page("on-call", "/oncall", "text=Maintenance rota"),
    Page("silences", "/oncall?tab=silences", "role=button[name=/silence/i]"),
    Page("channels", "/oncall?tab=channels", "text=maintenance@example.com"),
    Page("messages", "/oncall?tab=messages", "#main table"),
    Page("plant-model", "/model", "#main h1"),
    Page("place", f"/model?at={PRESS}", "role=region[name='Sensors']", phone=True),
    Page("edit-sensor", f"/model?at={PRESS}", "role=region[name='Sensors']", open=("Edit Oil temperature",)),
    Page("machine-types", "/types", "#main a[href='/types/press']"),
    Page("machine-type", "/types/press", "#main h1"),
    Page("devices", "/devices", "text=press shop gateway"),
    Page("new-device", "/devices", "text=press shop gateway", open=("Add device",)),
    Page("people", "/people", "role=row[name=/ada/]"),
    Page("dead-letters", "/deadletters", "role=row[name=/press-9/]"),
    Page("health", "/health", "#main table"),
    Page("palette", "/", "role=region[name=/Berlin/]", open=("Search",), phone=True),
    Page("tree", "/", "role=region[name=/Berlin/]", open=("Plant tree",)),
    Page("settings", "/settings", "#main h1", phone=True),
    Page("views", "/views", "text=Press shop, last shift"),
    Page("nowhere", "/no/such/page", "#main h1"),
)


_DRAWN = """() => document.fonts.ready
  .then(() => new Promise(requestAnimationFrame))
  .then(() => new Promise(requestAnimationFrame))
  .then(() => null)"""
_OPENED = "[role=dialog]:visible, [role=treegrid]:visible"


async def visit(tab: Tab, base: str, page: Page) -> None:
    """Go to a page, and wait until it shows what it has to show.

    Raises:
        AssertionError, TimeoutError: it does not.
    """
    await tab.goto(base + page.address)
    await tab.locator(page.shows).first.wait_for()
    for name in page.open:
        await tab.get_by_role("button", name=name).first.click()
        await tab.locator(_OPENED).first.wait_for()
    await expect(tab.get_by_text("Loading…")).to_have_count(0)
    await is_drawn(tab)


async def is_drawn(tab: Tab) -> None:
    """Wait until what has just changed on a page is drawn: after the frame that takes it up."""
    await tab.evaluate(_DRAWN)


async def dress(tab: Tab, theme: Theme) -> None:
    """Have the pages in a theme, by what the system asks for: so do those who have chosen none."""
    dark, strong = theme == "dark", theme == "contrast"
    await tab.emulate_media(
        color_scheme="dark" if dark else "light",
        contrast="more" if strong else "no-preference",
        reduced_motion="reduce",
    )
    await expect(tab.locator("html")).to_have_attribute("data-theme", theme)
