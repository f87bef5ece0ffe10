"""The judge: somebody's forward and backward passes against the definition of an operation."""
