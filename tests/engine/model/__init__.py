"""Random programs, edits, failures and dead processes against a few rules that always hold."""
