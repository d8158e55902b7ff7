"""Width: what a page has no room for, so that it moves sideways under the thumb that scrolls it, or is cut off.

What scrolls sideways on purpose, as a wide table does in its frame, is no part of it; nor are the few pixels by which
the board moves to and fro against burning in.
"""

from playwright.async_api import Page as Tab

_TOO_WIDE = """() => {
  const frames = [document.documentElement, ...document.querySelectorAll("main, [role=dialog]")];
  const sway = frame => frame.querySelector(":scope > [style*=translate]") ? 8 : 1;
  return frames.filter(frame => frame.scrollWidth > frame.clientWidth + sway(frame)).flatMap(frame => {
    const edge = frame.getBoundingClientRect().left + frame.clientWidth + 1;
    const scrolls = e => e !== frame && getComputedStyle(e).overflowX !== "visible";
    const held = e => { for (e = e.parentElement; e && e !== frame; e = e.parentElement) if (scrolls(e)) return true; };
    const beyond = [...frame.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > edge && !held(e));
    const room = `${frame.scrollWidth} px in ${frame.clientWidth}: `;
    return (beyond.length ? beyond.slice(-4) : [frame]).map(e => room + e.outerHTML.slice(0, 160));
  });
}"""


async def too_wide(tab: Tab) -> list[str]:
    """The elements that stand out over the right edge of the page or of its dialog, a line each; none if all fits."""
    found: list[str] = await tab.evaluate(_TOO_WIDE)
    return found
