"""From files to Dockerfiles."""
