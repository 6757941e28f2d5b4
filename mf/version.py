"""The version of MicroFoundry, in one place."""

VERSION = "0.1.0"
