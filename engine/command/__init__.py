"""The commands of the pulumi program that Automation API and people use, run in this process."""
