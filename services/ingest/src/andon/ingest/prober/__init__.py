"""The prober: how long a reading takes through Andon, measured all the time."""
