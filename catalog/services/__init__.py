"""One module a service; its name is the service's name. The registry finds it."""
