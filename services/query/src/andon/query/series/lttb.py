"""Fewer samples that draw the same line: Largest-Triangle-Three-Buckets. Pure.

Sveinn Steinarsson, 'Downsampling Time Series for Visual Representation', University of Iceland, 2013.
"""

import numpy as np
import numpy.typing as npt

from andon.common.history.columns import Floats, Times


@np.errstate(over="ignore", invalid="ignore")
def choose(times: Times, values: Floats, points: int) -> npt.NDArray[np.intp]:
    """Which samples to draw, in order: all, or `points` (two or more), the first and the last among them.

    Of each bucket of samples the one that makes the largest triangle with the one chosen before and the mean of the
    bucket after.
    """
    if len(times) <= points:
        return np.arange(len(times))
    x, y = (times - times[0]).astype(np.float64), values
    inner = len(x) - 2
    edges = 1 + np.arange(points - 1) * inner // max(points - 2, 1)
    chosen = np.empty(points, np.intp)
    chosen[0], chosen[-1] = 0, len(x) - 1
    sizes = np.diff(np.append(edges, len(x)))
    mean_x, mean_y = (np.add.reduceat(one, edges) / sizes for one in (x, y))
    ends = edges.tolist()
    at = 0
    for bucket in range(points - 2):
        low, high = ends[bucket], ends[bucket + 1]
        dx, dy = x[at] - mean_x[bucket + 1], mean_y[bucket + 1] - y[at]
        areas = np.abs(dx * (y[low:high] - y[at]) + (x[low:high] - x[at]) * dy)
        at = chosen[bucket + 1] = low + int(areas.argmax())
    return chosen
