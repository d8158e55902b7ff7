"""`python -m andon.query`: the query service alone."""

from andon.common import service
from andon.common.settings import load
from andon.query.app import create_app
from andon.query.settings import QuerySettings

if __name__ == "__main__":
    settings = load(QuerySettings)
    service.run("query", create_app, host=settings.host, port=settings.port)
