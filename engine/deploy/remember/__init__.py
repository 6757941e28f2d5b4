"""Remember: the state as it is after every step, saved in an order that is valid at any time."""
