"""Who speaks for a machine: the devices with the narrowest part of the plant around it."""

from andon.common.devices import Device, Devices, decode_device, encode_device

GATEWAY = Device("d1", "gateway", "u1", "berlin")
PLC = Device("d2", "plc", "u2", "berlin/painting/line-1/robot-3")
TWIN = Device("d3", "another gateway", "u3", "berlin")
ANYWHERE = Device("d4", "anywhere", "u4", "")


def test_the_narrowest_scope_speaks_and_equals_speak_together() -> None:
    devices = Devices()
    for device in (GATEWAY, PLC, TWIN):
        devices.put(device)
    assert devices.speakers("berlin/painting/line-1/robot-3") == [PLC]
    assert devices.speakers("berlin/painting/line-1/robot-30") == [TWIN, GATEWAY]
    assert devices.speakers("berlin") == [TWIN, GATEWAY]
    assert devices.speakers("munich/painting") == []
    devices.put(ANYWHERE)
    assert devices.speakers("munich/painting") == [ANYWHERE]


def test_a_device_that_moves_or_goes_speaks_no_more() -> None:
    devices = Devices()
    devices.put(PLC)
    devices.put(Device("d2", "plc", "u2", "munich"))
    assert devices.speakers(PLC.scope) == []
    devices.remove("d2")
    devices.remove("d2")
    assert (list(devices), devices.speakers("munich")) == ([], [])


def test_it_travels_as_it_is() -> None:
    assert decode_device(encode_device(GATEWAY)) == GATEWAY
