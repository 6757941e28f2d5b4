"""What people see of an update: a live tree, lines for pipes, rich differences, JSON."""
