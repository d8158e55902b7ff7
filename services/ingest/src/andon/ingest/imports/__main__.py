"""`python -m andon.ingest.imports`: reads one file; `job.py` starts it."""

from andon.ingest.imports.reader import main

main()
