# Andon's tasks. `./justw` lists them.

[private]
default:
    @just --list --unsorted

# Lint, formatting, types and import contracts
check:
    uv run ruff check .
    uv run ruff format --check .
    uv run mypy
    uv run lint-imports

# All tests, or those of one member: ./justw test query
test member="":
    uv run pytest -n 2 {{ if member == "" { "" } else if path_exists("services/" + member) == "true" { "services/" + member } else if member == "common" { "libs/common" } else { member } }}
