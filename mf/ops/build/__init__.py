"""From a source and its recipe to an image in the platform's registry."""
