"""What a machine is like: one reader per topic, each a command and the parser of its output."""
