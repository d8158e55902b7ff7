"""All sites, a site, an area, a line: how it stands, when alarms came and from where, and what its machines do."""

from andon.registry.grafana.admission import BACK
from deploy.grafana import alarm_panels, links, panels, uids, variables
from deploy.grafana.board import Board
from deploy.grafana.influxql import LEVELS, SLUGS, UP_TO_A_WEEK, means, place, running, states
from deploy.grafana.sdk import bargauge, dashboard, statetimeline, table, timeseries
from deploy.grafana.targets import samples, tiered

UIDS = (uids.OVERVIEW, uids.SITE, uids.AREA, uids.LINE)
TITLES = ("All sites", "Site ${site}", "Area ${area}", "Line ${line}")


def all_of_them() -> list[Board]:
    """The four, from the company down."""
    return [_made(depth) for depth in range(len(UIDS))]


def _made(depth: int) -> Board:
    where, below = place(depth), LEVELS[depth]
    about = "How it stands, when alarms came and from where, and what its machines do."
    board = Board(UIDS[depth], TITLES[depth], about=about)
    chosen = variables.chain(depth)
    if depth == 3:
        board.variables(*chosen, variables.measurement(of=depth), variables.sensor())
    else:
        board.variables(*chosen)
    board.head(*_way_up(depth))
    board.annotations(alarm_panels.annotations(where))
    page = links.plant(depth).removeprefix("plant").removeprefix("/")
    board.row(4, (5, alarm_panels.now(where, page)), (5, alarm_panels.called(where)), (14, _running(where)))
    lead = [_down(depth, links.tag(below))]
    board.row(8, (16, alarm_panels.over_time(where)), (8, alarm_panels.where_from(where, below, lead)))
    if depth == 3:
        board.row(9, (24, _strips(where)))
        board.row(9, (24, _compared(where)))
    else:
        board.row(12, (24, _machines(where, depth)))
    board.row(9, (24, alarm_panels.listed(where)))
    return board


def _way_up(depth: int) -> list[dashboard.DashboardLink]:
    above = [
        links.header(f"{LEVELS[level - 1].capitalize()} ${{{LEVELS[level - 1]}}}", f"/grafana/d/{UIDS[level]}")
        for level in range(1, depth)
    ]
    own = f"{BACK}{links.plant(depth)}" if depth else BACK
    return [links.header("Open in Andon", own, away=True), *above]


def _down(depth: int, value: str) -> dashboard.DashboardLink:
    uid = UIDS[depth + 1] if depth + 1 < len(UIDS) else uids.MACHINE
    return links.down(f"Open the {LEVELS[depth]}", uid, depth, **{LEVELS[depth]: value})


def _running(where: str) -> bargauge.Panel:
    asked = samples(running(where), alias="$m")
    panel = panels.ranking("Machines that run now, by type", asked)
    return panel.description("Whose `state` said within the last quarter of an hour that they run.")


def _machines(where: str, depth: int) -> table.Panel:
    """The newest state of each machine, which leads to it."""
    levels = LEVELS[depth:]
    groups = ", ".join(f'"{level}"' for level in levels)
    newest = f'SELECT last("state") AS "state" FROM {SLUGS} WHERE {where} AND $timeFilter AND {UP_TO_A_WEEK}'
    own = {level: links.column(level) for level in levels}
    lead = [
        links.down("Open the machine", uids.MACHINE, depth, **own),
        links.to_andon(links.plant(depth, *own.values()), "Open in Andon"),
    ]
    panel = panels.rows("Machines", samples(f"{newest} GROUP BY {groups}", table=True), links=lead, newest=levels[0])
    return panel.sort_by([]).description("The newest state of each machine in the chosen range, up to a week.")


def _strips(where: str) -> statetimeline.Panel:
    asked = samples(states(SLUGS, where, "state", by="machine"), alias="$tag_machine")
    return panels.strips("States of the machines", asked, links=[_down(3, links.tag("machine"))])


def _compared(where: str) -> timeseries.Panel:
    """One sensor of all machines of a type beside each other."""
    mean = means("${measurement}", where, "${sensor}", by="machine")
    lead = [_down(3, links.tag("machine"))]
    panel = panels.lines(
        "${sensor} of all machines of type ${measurement}", tiered(mean, alias="$tag_machine"), links=lead
    )
    return panel.description("Choose type and sensor above.")
