"""Reference pages in Markdown, made of what the code says of itself. Read `write.py` first."""
