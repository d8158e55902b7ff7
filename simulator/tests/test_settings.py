"""Where the broker is and who we are there: options first, then the environment, then the URL."""

from pathlib import Path

import pytest

from andon.common.errors import SetupError
from andon.simulator.settings import Broker, broker_of, find_broker


def test_the_url_may_say_it_all() -> None:
    assert broker_of("mqtt://me:p%40ss@plant.example:2883") == Broker("plant.example", 2883, "me", "p@ss")
    assert broker_of("mqtt://plant.example") == Broker("plant.example", 1883)


def test_a_password_comes_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("secret\n")
    assert broker_of("mqtt://host", "me", "", tmp_path / "password").password == "secret"


def test_the_environment_is_asked_for_what_no_option_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ANDON_SIMULATOR_BROKER", "mqtt://here:1")
    monkeypatch.setenv("ANDON_SIMULATOR_USERNAME", "me")
    monkeypatch.setenv("ANDON_SIMULATOR_PASSWORD", "secret")
    assert find_broker(None, None, None) == Broker("here", 1, "me", "secret")
    (tmp_path / "password").write_text("other")
    assert find_broker("mqtt://there:2", "you", tmp_path / "password") == Broker("there", 2, "you", "other")


@pytest.mark.parametrize("url", ["", "host:1883", "http://host", "mqtt://", "mqtt://host:port", "mqtt://[1"])
def test_what_is_no_address_is_refused_with_one_that_is(url: str) -> None:
    with pytest.raises(SetupError) as refused:
        broker_of(url)
    assert refused.value.hint == "Write mqtt://host:port."
