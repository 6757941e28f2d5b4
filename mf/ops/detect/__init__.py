"""From an app's files to the Dockerfile that builds it: one language a file, pure functions."""
