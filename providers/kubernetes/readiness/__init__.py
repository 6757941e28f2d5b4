"""When an object counts as ready: one rule per kind, judged whenever something changes in the cluster."""
