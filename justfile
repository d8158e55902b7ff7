# Andon's tasks. `./justw` lists them; who has `just` and `uv` may use `just` directly.

export PATH := justfile_directory() / ".tools/bin:" + env("PATH")
export UV_PYTHON_DOWNLOADS := "never"
export UV_NO_CONFIG := "1"

andon := ".venv/bin/andon"
run := "uv run --no-sync"
# Stories wait more than they compute; who has a file's first story tells all of them, so that their servers start once.
pytest := run + " pytest -n 3 --dist loadscope --no-loadscope-reorder"

[private]
default:
    @just --list --unsorted

# Start Andon with a live demo factory; Ctrl-C stops it (--no-demo: without)
[positional-arguments]
up *options: prepare
    @exec {{ andon }} up "$@"

# Stop an Andon that runs from this folder
down:
    @{{ andon }} down

# What is wrong on this machine, and what to do about it
doctor: prepare
    @{{ andon }} doctor

# Lint, formatting, types, import contracts, web pages
check: (prepare "check")
    {{ run }} ruff check .
    {{ run }} ruff format --check .
    {{ run }} mypy
    {{ run }} lint-imports
    [ ! -e web/package.json ] || npm --prefix web run check

# All tests, or those of one member: ./justw test query
test member="": (prepare "test")
    #!/usr/bin/env bash
    set -euo pipefail
    export PYTHONDONTWRITEBYTECODE=  # hundreds of processes start: what is compiled is kept
    case "{{ member }}" in
        "") {{ pytest }} && { [ ! -e web/package.json ] || npm --prefix web run test; } ;;
        web) npm --prefix web run test ;;
        common) {{ pytest }} libs/common ;;
        ingest | registry | query | alerting) {{ pytest }} "services/{{ member }}" ;;
        *) {{ pytest }} "{{ member }}" ;;
    esac

# Throughput, latency, recovery and loss, as ratios to the limits of this machine
[positional-arguments]
bench *options: (prepare "test")
    @{{ run }} python -m bench "$@"

# Break a whole Andon in every way there is, under load, and look for what is lost (--minutes 60, --seed, --only, --names)
[positional-arguments]
soak *options: (prepare "test")
    @{{ run }} python -m soak "$@"

# Photograph every page, in both themes, on desktop, tablet and phone, into docs/screenshots/ (--only, --out, --quick)
[positional-arguments]
screenshots *options: (prepare "test")
    @{{ run }} python -m gallery "$@"

# Work on the web pages, with reloading (in a second terminal, beside `up`)
web: (prepare "check")
    npm --prefix web run dev

# Write what the services say of themselves to docs/reference/, and the pages' types of it
reference: (prepare "api")
    @{{ andon }} openapi docs/reference/openapi
    @{{ andon }} asyncapi docs/reference/asyncapi
    @{{ andon }} reference docs/reference
    @{{ run }} python -m bench.sizing
    @npm --prefix web run --silent api

alias openapi := reference

# Write docs/reference/metrics.md from the metrics
metrics:
    @{{ run }} python -m andon.common.metrics_page docs/reference/metrics.md

# Write Grafana's dashboards and provisioning to deploy/grafana/ (of your own machine types: --plant FILE --out FOLDER)
[positional-arguments]
grafana *options: (prepare "api")
    @{{ run }} python -m deploy.grafana "$@"

# Write the base of the kustomizations from the chart
k8s: (prepare "api")
    @{{ run }} python deploy/k8s/render.py

# Build the documentation site into .site/; a page or anchor that is missing fails it
docs: (prepare "docs")
    @NO_MKDOCS_2_WARNING=1 {{ run }} mkdocs build --strict --quiet
    @echo "  ✓ .site/index.html"

# Build one container image for this machine: ingest, registry, query, alerting, simulator, andon, or all of Andon in `one`
image service="one":
    #!/usr/bin/env bash
    set -euo pipefail
    version=$(sed -n 's/^version = "\(.*\)"$/\1/p' cli/pyproject.toml)
    case "{{ service }}" in
        one) what=(--target one --tag "andon-one:$version") ;;
        andon) what=(--target andon --tag "andon:$version") ;;
        *) what=(--target service --build-arg "SERVICE=andon-{{ service }}" --tag "andon-{{ service }}:$version") ;;
    esac
    if command -v docker > /dev/null; then
        builder=(docker build)
    elif command -v podman > /dev/null; then
        builder=(podman build --format docker)
    else
        echo "Neither docker nor podman is on PATH: install one of them." >&2
        exit 1
    fi
    "${builder[@]}" --file deploy/docker/Dockerfile --build-arg "VERSION=$version" "${what[@]}" .

# Build all images for amd64 and arm64, with what is in them, and push them: REGISTRY=registry.example.com/ just images
[positional-arguments]
images *options: (prepare "api")
    @[ -n "${REGISTRY:-}" ] || { echo "Name where they are pushed to: REGISTRY=registry.example.com/ ./justw images" >&2; exit 1; }
    @{{ run }} python -m deploy.docker.pin --check
    REVISION=$(git rev-parse HEAD) docker buildx bake --push "$@"

# Write down which images the tags of others name today, by their registries
pin-images: (prepare "api")
    @{{ run }} python -m deploy.docker.pin

# Bring what is missing on this machine: packages, InfluxDB, web pages
[private]
prepare flavour="up":
    @"$(uv python find --system --no-project '>=3.11')" deploy/setup/prepare.py "{{ flavour }}"
