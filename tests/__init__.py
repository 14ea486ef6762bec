"""The tests, in the same tree as the package; ``tests/run`` runs them."""
