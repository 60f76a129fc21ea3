"""Floor 0: letters, shapes, chance and errors. Imports numpy and nothing else."""
