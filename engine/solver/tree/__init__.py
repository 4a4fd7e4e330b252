"""Public betting trees: the sizes that are considered, and the tree that they make of a spot."""
