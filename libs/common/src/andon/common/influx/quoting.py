"""How names and texts stand in InfluxQL: nothing of a user's is ever pasted into a statement otherwise."""


def quote_identifier(name: str) -> str:
    """A field, tag or measurement name for InfluxQL."""
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "") + '"'


def quote_tag(name: str) -> str:
    """A tag name for InfluxQL's WHERE, which without its kind would rather take a field of that name."""
    return f"{quote_identifier(name)}::tag"


def quote_string(text: str) -> str:
    """A string literal for InfluxQL."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "") + "'"
