"""What must never end in a traceback or a write."""
