"""`mf push`: from a folder or an image to an app that answers."""
