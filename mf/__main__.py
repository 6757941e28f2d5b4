"""`python -m mf` is `mf`."""

from mf.cli.main import main

main()
