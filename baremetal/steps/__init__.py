"""Steps to a cluster: one thing done to the machine per file, as two scripts that may be run again at any time."""
