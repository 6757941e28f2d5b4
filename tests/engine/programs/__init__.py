"""Programs on disk, written after what Pulumi's documentation says its features do."""
