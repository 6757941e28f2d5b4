"""The services that people can ask for; data and forms, one file a service."""
