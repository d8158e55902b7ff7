"""Events of the stream EVENTS: they wake whom they concern; what is, stands elsewhere."""

from andon.alerting.alarm.events import Event
from andon.cli.asyncapi.spec import Channel, Example, Message, Way
from andon.cli.asyncapi.streams import stream
from andon.cli.asyncapi.told import ALARM, AlarmTold, DeviceTold, PlantChanged
from andon.common import subjects

EVENTS = stream(subjects.EVENTS, "7 days", "it refuses what is new")


CHANGED = Message(
    name="plant-changed",
    title="Plant changed",
    summary="The bucket `plant` was brought up to date.",
    of=PlantChanged,
    examples=(Example(name="one", summary="One machine was renamed", value=PlantChanged(changed=1, removed=0)),),
)
ALARM_TOLD = Message(
    name="alarm-told",
    title="Alarm",
    summary="An alarm as it stands after a transition.",
    of=AlarmTold,
    examples=(
        Example(
            name="raised", summary="It was raised", value=AlarmTold.model_validate(ALARM | {"told_by": "5f0c2a91"})
        ),
    ),
)
DEVICE_TOLD = Message(
    name="device-told",
    title="Device",
    summary="A device was created or revoked, is kept out for sending too much, or let in again.",
    of=DeviceTold,
    examples=(
        Example(
            name="created", summary="A new device", value=DeviceTold("d81c", "press shop gateway", "berlin/pressing")
        ),
        Example(
            name="quarantined",
            summary="Kept out for five seconds",
            value=DeviceTold("d81c", "press shop gateway", "berlin/pressing", "sends too much", 5, 1),
        ),
    ),
)

HAPPENINGS = (
    Channel(
        name="plant-event",
        address=subjects.event("plant", "changed"),
        title="The plant changed",
        summary="Wakes who wants to know; the bucket `plant` holds what is.",
        messages=(CHANGED,),
        ways=(Way(action="send", summary="The registry tells."),),
        tag="Events",
        extra=EVENTS,
    ),
    Channel(
        name="alarm-event",
        address=subjects.event("alarm", "{verb}"),
        title="Alarms",
        summary="Each transition of an alarm, as it is committed.",
        parameters={"verb": [str(verb) for verb in Event]},
        messages=(ALARM_TOLD,),
        ways=(
            Way(action="send", summary="The alerting that made the transition tells."),
            Way(action="receive", summary="Other alertings pass it on to their pages, and look whether to notify."),
        ),
        tag="Events",
        extra=EVENTS,
    ),
    Channel(
        name="device-event",
        address=subjects.event("device", "{verb}"),
        title="Devices",
        summary="What happens to credentials.",
        parameters={"verb": ["created", "revoked", "quarantined", "released"]},
        messages=(DEVICE_TOLD,),
        ways=(Way(action="send", summary="The registry tells."),),
        tag="Events",
        extra=EVENTS,
    ),
)
"""What happens."""
