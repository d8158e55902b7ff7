# Andon's images for every kind of machine, with what is in them: docs/how-to/build-images.md.

variable "REGISTRY" {
  # Where they are pushed to, with a slash at its end, like "registry.example.com/factory/".
  default = ""
}

variable "VERSION" {
  default = "0.1.0"
}

variable "REVISION" {
  # The commit they are built from.
  default = ""
}

group "default" {
  targets = ["service", "andon", "andon-one"]
}

target "_image" {
  context    = "."
  dockerfile = "deploy/docker/Dockerfile"
  platforms  = ["linux/amd64", "linux/arm64"]
  attest     = ["type=sbom", "type=provenance,mode=max"]
  args = {
    VERSION  = VERSION
    REVISION = REVISION
  }
}

target "service" {
  matrix = {
    service = ["andon-ingest", "andon-registry", "andon-query", "andon-alerting", "andon-simulator"]
  }
  name     = service
  inherits = ["_image"]
  target   = "service"
  args     = { SERVICE = service }
  tags     = ["${REGISTRY}${service}:${VERSION}"]
}

target "andon" {
  inherits = ["_image"]
  target   = "andon"
  tags     = ["${REGISTRY}andon:${VERSION}"]
}

target "andon-one" {
  inherits = ["_image"]
  target   = "one"
  tags     = ["${REGISTRY}andon-one:${VERSION}"]
}
