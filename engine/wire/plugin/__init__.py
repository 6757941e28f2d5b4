"""pulumirpc.ResourceProvider from both sides: a client that is a Provider, and a server of any Provider."""
