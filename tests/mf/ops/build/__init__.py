"""From Dockerfiles to images."""
