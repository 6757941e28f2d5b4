"""`python -m engine.kube`: the same as `mf-kube`."""

from engine.kube.command import main

main()
