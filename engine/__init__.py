"""An embedded Pulumi deployment engine: Pulumi's protocols, state format and commands, in this process."""
