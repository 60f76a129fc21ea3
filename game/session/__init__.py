"""Floor 4: one person's game and the view models of its screens."""
