"""Tab: what a page costs those who look at it, measured in a tab of a real Chromium by the clock of that tab."""

from dataclasses import dataclass

from playwright.async_api import CDPSession, Page

_MEGABYTE = 2**20
_SHOWN = "shown => document.querySelector(shown) && performance.now()"
_CLICK = """async ([link, address]) => {
  const heading = () => document.querySelector("#main h1")?.textContent;
  const before = heading();
  const began = performance.now();
  document.querySelector(link).click();
  while (location.pathname !== address || !heading() || heading() === before) await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return performance.now() - began;
}"""
_FRAMES = """seconds => new Promise(done => {
  const frames = [], tasks = [];
  const watch = new PerformanceObserver(seen => tasks.push(...seen.getEntries().map(task => task.duration)));
  watch.observe({ type: "longtask" });
  let last = performance.now();
  const end = last + seconds * 1000;
  requestAnimationFrame(function step(now) {
    frames.push(now - last);
    last = now;
    if (now < end) requestAnimationFrame(step);
    else { watch.disconnect(); done([frames.slice(1), tasks]); }
  });
})"""


@dataclass(frozen=True)
class Frames:
    """Milliseconds between frames, and of tasks that kept the page from drawing for 50 ms and more."""

    between: list[float]
    long_tasks: list[float]

    @property
    def per_second(self) -> float:
        """Frames drawn in a second."""
        return len(self.between) / sum(self.between) * 1000


async def opened(tab: Page, address: str, shown: str) -> float:
    """Open an address; milliseconds from the navigation until the selector `shown` is there."""
    await tab.goto(address, wait_until="commit")
    handle = await tab.wait_for_function(_SHOWN, arg=shown, polling="raf")
    return float(await handle.json_value())


async def followed(tab: Page, address: str) -> float:
    """Point at a link as people do, and click; ms from the click until the page there has its heading, and is drawn."""
    link = f"a[href='{address}']"
    await tab.locator(link).first.hover()
    return float(await tab.evaluate(_CLICK, [link, address]))


async def frames(tab: Page, seconds: float) -> Frames:
    """How smoothly the tab draws."""
    return Frames(*await tab.evaluate(_FRAMES, seconds))


async def heap(session: CDPSession) -> float:
    """Megabytes of JavaScript objects that are in use, after a search for garbage."""
    await session.send("HeapProfiler.collectGarbage")
    metrics = (await session.send("Performance.getMetrics"))["metrics"]
    return float({metric["name"]: metric["value"] for metric in metrics}["JSHeapUsedSize"]) / _MEGABYTE
