"""Clusters on machines: facts are read, a plan of steps is made from them, scripts carry it out."""
