"""Tools for tests: real servers on free ports, waiting for states, stories. Never used at run time."""
