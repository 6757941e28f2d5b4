"""Do: provider calls, with their rules, in parallel."""
