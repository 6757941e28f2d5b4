"""Support for tests: real servers that tests can talk to."""
