"""`python -m andon.simulator`."""

from andon.simulator.app import main

main()
